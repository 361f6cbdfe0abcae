// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/sha256.h"
#include "core/run/checkpoint.h"
#include "tests/core/run/runsamples.h"
#include "tests/support/testsupport.h"

using namespace torchdesk;
using namespace torchdesk::test;
namespace fs = std::filesystem;

class TestCheckpoint : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesItsFiles();
    void manifestHoldsSizesAndHashes();
    void readsTheWeightsBack();
    void keepsASecondOneOfTheSameEpoch();
    void listsByStepAndLeavesOutWhatDoesNotCount();
    void refusesWhatDiffersFromTheManifest();
    void leavesNothingOnAFullDisk();
    void removesAllButTheBestAndTheLast();
};

void TestCheckpoint::writesItsFiles()
{
    const TemporaryFolder run;
    const auto folder = writeCheckpoint(run.path(), *snapshotOf(7, 70, true));
    VERIFY_OK(folder);
    QCOMPARE(folder->string(), (run / "checkpoints/epoch-0007").string());
    std::size_t entries = 0;
    for (const auto& entry : fs::directory_iterator(*folder))
        entries += entry.is_regular_file();
    QCOMPARE(entries, std::size_t{4});
    const auto checkpoints = listCheckpoints(run.path());
    QCOMPARE(checkpoints.size(), std::size_t{1});
    QCOMPARE(checkpoints[0].folder.string(), folder->string());
    QCOMPARE(checkpoints[0].epoch, std::int64_t{7});
    QCOMPARE(checkpoints[0].step, std::int64_t{70});
    QVERIFY(checkpoints[0].best);
    const auto state = parseJson(readText(*folder / "state.json").value(), "state.json");
    QCOMPARE(state->at("state").at("step").get<int>(), 70);
}

void TestCheckpoint::manifestHoldsSizesAndHashes()
{
    const TemporaryFolder run;
    const auto folder = writeCheckpoint(run.path(), *snapshotOf(1, 10, false));
    VERIFY_OK(folder);
    const auto manifest = parseJson(readText(*folder / "MANIFEST").value(), "MANIFEST");
    VERIFY_OK(manifest);
    for (const char* name : {"model.safetensors", "optimizer.safetensors", "state.json"}) {
        const Json& entry = manifest->at("files").at(name);
        QCOMPARE(entry.at("bytes").get<std::uint64_t>(), std::uint64_t{fs::file_size(*folder / name)});
        QCOMPARE(entry.at("sha256").get<std::string>(), sha256OfFile(*folder / name).value());
    }
    QCOMPARE(manifest->at("files").size(), std::size_t{3});
}

void TestCheckpoint::readsTheWeightsBack()
{
    const TemporaryFolder run;
    const auto snapshot = snapshotOf(1, 10, false);
    const auto weights = readWeights(writeCheckpoint(run.path(), *snapshot).value());
    VERIFY_OK(weights);
    QCOMPARE(weights->size(), std::size_t{2});
    for (const NamedTensor& wanted : snapshot->weights)
        QVERIFY(std::find(weights->begin(), weights->end(), wanted) != weights->end());
}

void TestCheckpoint::keepsASecondOneOfTheSameEpoch()
{
    const TemporaryFolder run;
    const auto name = [&](std::int64_t step) {
        return writeCheckpoint(run.path(), *snapshotOf(7, step, false)).value().filename().string();
    };
    QCOMPARE(name(70), std::string("epoch-0007"));
    QCOMPARE(name(75), std::string("epoch-0007-step-75"));
    QCOMPARE(name(75), std::string("epoch-0007-step-75-2"));
    const auto checkpoints = listCheckpoints(run.path());
    QCOMPARE(checkpoints.size(), std::size_t{3});
    QCOMPARE(checkpoints.back().folder.filename().string(), std::string("epoch-0007-step-75-2"));
}

void TestCheckpoint::listsByStepAndLeavesOutWhatDoesNotCount()
{
    const TemporaryFolder run;
    QVERIFY(listCheckpoints(run.path()).empty());
    VERIFY_OK(writeCheckpoint(run.path(), *snapshotOf(10, 100, false)));
    VERIFY_OK(writeCheckpoint(run.path(), *snapshotOf(9, 90, false)));
    const auto noManifest = writeCheckpoint(run.path(), *snapshotOf(11, 110, false)).value();
    fs::remove(noManifest / "MANIFEST");
    const auto badState = writeCheckpoint(run.path(), *snapshotOf(12, 120, false)).value();
    writeFile(badState / "state.json", "{\"format\":");
    writeFile(run / "checkpoints/.epoch-0013.tmp/model.safetensors", "half");
    writeFile(run / "checkpoints/notes", "no checkpoint");
    const auto checkpoints = listCheckpoints(run.path());
    QCOMPARE(checkpoints.size(), std::size_t{2});
    QCOMPARE(checkpoints[0].step, std::int64_t{90});
    QCOMPARE(checkpoints[1].step, std::int64_t{100});
}

void TestCheckpoint::refusesWhatDiffersFromTheManifest()
{
    const TemporaryFolder run;
    const auto folder = writeCheckpoint(run.path(), *snapshotOf(1, 10, false)).value();
    const auto file = folder / "model.safetensors";
    const std::string good = readText(file).value();
    const auto bytes = [](std::size_t size) { return std::to_string(size); };
    writeFile(file, good.substr(0, 1000));
    VERIFY_ERROR(readWeights(folder),
                 file.string() + " is damaged: found 1000 bytes, the MANIFEST wants " + bytes(good.size()));
    std::string flipped = good;
    flipped[good.size() / 2] ^= 1;
    writeFile(file, flipped);
    VERIFY_ERROR(readWeights(folder),
                 "model.safetensors is damaged: found the SHA-256 " + sha256OfFile(file).value());
    writeFile(file, good);
    VERIFY_OK(readWeights(folder));
    fs::remove(file);
    VERIFY_ERROR(readWeights(folder), "model.safetensors is damaged: found no such file");
    writeFile(folder / "MANIFEST", R"({"format":1,"files":{}})");
    VERIFY_ERROR(readWeights(folder), "MANIFEST does not list model.safetensors");
    writeFile(folder / "MANIFEST", R"({"format":1,"files":{"model.safetensors":{"bytes":-1,"sha256":""}}})");
    VERIFY_ERROR(readWeights(folder),
                 "MANIFEST: files.model.safetensors.bytes: found -1, wanted a whole number");
    writeFile(folder / "MANIFEST", R"({"format":2,"files":{}})");
    VERIFY_ERROR(readWeights(folder), "MANIFEST: format: found 2");
    writeFile(folder / "MANIFEST", "{");
    VERIFY_ERROR(readWeights(folder), "MANIFEST cannot be used");
}

void TestCheckpoint::leavesNothingOnAFullDisk()
{
    const TemporaryFolder run;
    VERIFY_OK(writeCheckpoint(run.path(), *snapshotOf(1, 10, true)));
    const auto refused = [&] {
        const FullDisk full(4096);
        return writeCheckpoint(run.path(), *snapshotOf(2, 20, true));
    }();
    VERIFY_ERROR(refused, "model.safetensors: File too large. Free some space");
    QVERIFY(refused.error().kind == ErrorKind::DiskFull);
    QCOMPARE(std::distance(fs::directory_iterator(run / "checkpoints"), fs::directory_iterator()),
             std::ptrdiff_t{1});
    VERIFY_OK(readWeights(run / "checkpoints/epoch-0001"));
}

void TestCheckpoint::removesAllButTheBestAndTheLast()
{
    const TemporaryFolder run;
    for (const auto& [epoch, best] : {std::pair{1, true}, {2, true}, {3, false}, {4, false}})
        VERIFY_OK(writeCheckpoint(run.path(), *snapshotOf(epoch, epoch * 10, best)));
    writeFile(run / "checkpoints/.epoch-0009.tmp/model.safetensors", "half");
    removeOldCheckpoints(run.path());
    const auto checkpoints = listCheckpoints(run.path());
    QCOMPARE(checkpoints.size(), std::size_t{2});
    QCOMPARE(checkpoints[0].epoch, std::int64_t{2});
    QCOMPARE(checkpoints[1].epoch, std::int64_t{4});
    QCOMPARE(std::distance(fs::directory_iterator(run / "checkpoints"), fs::directory_iterator()),
             std::ptrdiff_t{2});
}

QTEST_APPLESS_MAIN(TestCheckpoint)
#include "tst_checkpoint.moc"
