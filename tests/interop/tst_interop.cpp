// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/formats/eventfile.h"
#include "core/formats/safetensors.h"
#include "core/run/checkpoint.h"
#include "tests/interop/interoppython.h"

#include <cmath>
#include <map>

using namespace torchdesk;
using namespace torchdesk::test;

namespace fs = std::filesystem;

namespace {

using Points = std::vector<std::pair<std::int64_t, float>>;

std::map<std::string, Points> readEvents(const fs::path& folder)
{
    std::map<std::string, Points> found;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (!isEventFileName(entry.path().filename().string()))
            continue;
        EventFileReader reader(entry.path());
        const auto points = reader.poll();
        if (!points)
            found[points.error().message];
        else
            for (const ScalarPoint& point : *points)
                found[point.tag].emplace_back(point.step, point.value);
    }
    return found;
}

std::map<std::string, Points> pointsOf(const Json& json)
{
    std::map<std::string, Points> points;
    for (const auto& [tag, list] : json.items()) {
        for (const Json& point : list)
            points[tag].emplace_back(point[0].get<std::int64_t>(), point[1].get<float>());
    }
    return points;
}

} // namespace

/// One short run with the real engine; then the programs that people use on its files.
class TestInterop : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void pastedScripts_data();
    void pastedScripts();
    void normalisedRunInPyTorch();
    void weightsInPyTorch();
    void ourEventsInTensorBoard();
    void tensorBoardsEventsInOurs();
    void safetensorsFileInOurs();

private:
    fs::path exported() const { return m_cli.folder() / "exported"; }

    CliRunner m_cli;
    fs::path m_run;
    std::int64_t m_steps = 0;
    std::map<std::string, std::string> m_scripts;
};

void TestInterop::initTestCase()
{
    m_cli.useRealEngine();
    const CliResult trained = m_cli.run(m_cli.training({"--epochs", "3", "--device", "cpu", "--json"}));
    QVERIFY2(trained.code == 0, trained.err.c_str());
    m_run = trained.lines().back()["run"].get<std::string>();
    m_steps = trained.lines().back()["last_step"].get<std::int64_t>();
    fs::create_directory(exported());
    for (const auto& [format, file] :
         {std::pair{"pytorch", "weights.pt"}, {"safetensors", "weights.safetensors"}}) {
        const CliResult done = m_cli.run({"export", path(m_run), "--format", format, "--out",
                                          path(exported() / file), "--weights", "last", "--json"});
        QVERIFY2(done.code == 0, done.err.c_str());
        m_scripts[format] = done.json()["script"].get<std::string>();
    }
}

void TestInterop::pastedScripts_data()
{
    QTest::addColumn<QString>("format");
    QTest::newRow("pytorch") << "pytorch";
    QTest::newRow("safetensors") << "safetensors";
}

void TestInterop::pastedScripts()
{
    QFETCH(QString, format);
    const CliResult result = runPython({"-"}, m_scripts[format.toStdString()]);
    QVERIFY2(result.code == 0, result.err.c_str());
    const auto colon = result.out.rfind(':');
    QVERIFY2(colon != std::string::npos, result.out.c_str());
    const auto difference = toReal(trimmed(result.out.substr(colon + 1)));
    QVERIFY2(difference && *difference <= 1e-5, result.out.c_str());
}

// Mean and deviation reach the script, and the run's evaluation agrees with its training.
void TestInterop::normalisedRunInPyTorch()
{
    const CliResult trained = m_cli.run(m_cli.training(
        {"--epochs", "2", "--device", "cpu", "--json", "--set", "normalise=measured", "--set", "shift=0.1",
         "--set", "rotate=10", "--set", "cutmix=0.5", "--set", "label_smoothing=0.1"}));
    QVERIFY2(trained.code == 0, trained.err.c_str());
    const Json finished = trained.lines().back();
    const fs::path run = finished["run"].get<std::string>();
    const CliResult evaluation = m_cli.run({"evaluate", path(run), "--weights", "last", "--json"});
    QVERIFY2(evaluation.code == 0, evaluation.err.c_str());
    QVERIFY(std::abs(evaluation.json()["test_loss"].get<double>() -
                     finished["last_test_loss"].get<double>()) < 1e-5);
    const CliResult done = m_cli.run({"export", path(run), "--format", "pytorch", "--out",
                                      path(exported() / "normalised.pt"), "--weights", "last", "--json"});
    QVERIFY2(done.code == 0, done.err.c_str());
    const auto script = done.json()["script"].get<std::string>();
    QVERIFY(script.find("x = x - mean") != std::string::npos);
    const CliResult result = runPython({"-"}, script);
    QVERIFY2(result.code == 0, result.err.c_str());
    const auto difference = toReal(trimmed(result.out.substr(result.out.rfind(':') + 1)));
    QVERIFY2(difference && *difference <= 1e-5, result.out.c_str());
}

void TestInterop::weightsInPyTorch()
{
    const CliResult evaluation = m_cli.run({"evaluate", path(m_run), "--weights", "last", "--json"});
    QVERIFY2(evaluation.code == 0, evaluation.err.c_str());
    const auto checkpoints = listCheckpoints(m_run);
    QVERIFY(!checkpoints.empty());
    const CliResult result = runScript(
        "check_weights.py", {path(exported()), path(checkpoints.back().folder / "model.safetensors"),
                             path(m_cli.data()), QString::fromStdString(trimmed(evaluation.out))});
    QVERIFY2(result.code == 0, result.err.c_str());
}

void TestInterop::ourEventsInTensorBoard()
{
    const fs::path train = m_run / "train";
    const fs::path validation = m_run / "validation";
    const CliResult result = runScript("read_events.py", {path(train), path(validation)});
    QVERIFY2(result.code == 0, result.err.c_str());
    const Json found = lastLine(result);
    for (const char* tag : {"loss", "accuracy", "learning_rate"})
        QCOMPARE(static_cast<std::int64_t>(found[train.string()][tag].size()), m_steps);
    for (const char* tag : {"loss", "accuracy"}) {
        QCOMPARE(found[validation.string()][tag].size(), std::size_t{3});
        QVERIFY(found[validation.string()][tag][2][0] == m_steps);
    }
    QVERIFY(pointsOf(found[train.string()]) == readEvents(train));
}

void TestInterop::tensorBoardsEventsInOurs()
{
    const auto folder = m_cli.folder() / "written";
    const CliResult result = runScript("write_events.py", {path(folder)});
    QVERIFY2(result.code == 0, result.err.c_str());
    QVERIFY(readEvents(folder) == pointsOf(lastLine(result)));
}

void TestInterop::safetensorsFileInOurs()
{
    const auto file = m_cli.folder() / "theirs.safetensors";
    const CliResult result = runScript("write_safetensors.py", {path(file)});
    QVERIFY2(result.code == 0, result.err.c_str());
    const Json written = lastLine(result);
    const auto read = readSafetensorsFile(file);
    VERIFY_OK(read);
    QCOMPARE(read->tensors.size(), written.size());
    QCOMPARE(read->metadata.at("made"), std::string("by the safetensors package"));
    for (const NamedTensor& tensor : read->tensors) {
        QVERIFY2(written.contains(tensor.name), tensor.name.c_str());
        QVERIFY(written[tensor.name]["shape"] == Json(tensor.shape));
        QCOMPARE(
            QByteArray(reinterpret_cast<const char*>(tensor.bytes->data()), qsizetype(tensor.bytes->size()))
                .toHex(),
            QByteArray::fromStdString(written[tensor.name]["bytes"].get<std::string>()));
    }
    // Read and written again, the package's own file comes out: its rules are ours.
    const auto theirs = readBytes(file);
    VERIFY_OK(theirs);
    QVERIFY(writeSafetensors(read->tensors, read->metadata) == *theirs);
}

int main(int argc, char** argv)
{
    TestInterop test;
    return runInterop(argc, argv, test);
}

#include "tst_interop.moc"
