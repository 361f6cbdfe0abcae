// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/catalogue.h"
#include "core/data/split.h"
#include "core/session/trainingjob.h"
#include "tests/core/data/folder/foldersupport.h"
#include "tests/support/testsupport.h"

#include <algorithm>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

DataRequest requestFor(const std::filesystem::path& path, std::int64_t size = 8)
{
    DataRequest request{path.string(), {}, {}, {3, 32, 32}};
    request.pictures.size = size;
    request.pictures.testShare = 0.25;
    return request;
}

} // namespace

class TestOpenFolder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_home.reset(); }
    void opensAFolder();
    void opensAnArchive();
    void theModelSaysTheSize();
    void keepsTheCopyUntilAFileChanges();
    void leavesOutWhatCannotBeDecoded();
    void namesEveryFileThatCannotBeDecoded();
    void aClassThatCannotBeDecodedIsNone();
    void leavesOutAClassThatCannotBeDecoded();
    void saysThatThereIsNoTest();
    void saysThatNothingValidates();
    void preparesAJob();

private:
    std::unique_ptr<TemporaryFolder> m_folder;
    std::unique_ptr<ScopedVariable> m_home; ///< for the cache of decoded pictures
};

void TestOpenFolder::init()
{
    m_home.reset();
    m_folder = std::make_unique<TemporaryFolder>();
    m_home = std::make_unique<ScopedVariable>("HOME", (*m_folder / "home").string());
}

void TestOpenFolder::opensAFolder()
{
    writeTwoClasses(*m_folder / "set", 8);
    writeFile(*m_folder / "set/a/scan.czi", "x");
    const auto data = openData(requestFor(*m_folder / "set"));
    VERIFY_OK(data);
    const DataDescription& found = data->description;
    QCOMPARE(found.label, std::string("set"));
    QCOMPARE(found.summary, std::string("16 colour pictures in 2 classes, 8×8 crop"));
    QVERIFY((found.shape == Shape{3, 8, 8}));
    QVERIFY((found.classes == std::vector<std::string>{"a", "b"}));
    QCOMPARE(found.trainCount, std::int64_t{12});
    QCOMPARE(data->train->count(), std::int64_t{12});
    QCOMPARE(data->test->count(), std::int64_t{4});
    QCOMPARE(data->notices.size(), std::size_t{1});
    QCOMPARE(found.fingerprint.size(), std::size_t{64});
    // Class a has colours below 8, b those of 1000 + i in one byte: 232 and more.
    for (std::int64_t i = 0; i < 12; ++i) {
        const std::uint8_t last = data->train->samples()[static_cast<std::size_t>(i * 192 + 191)];
        QCOMPARE(data->train->labels()[static_cast<std::size_t>(i)], std::int64_t{last < 8 ? 0 : 1});
    }
}

void TestOpenFolder::opensAnArchive()
{
    std::vector<PackedEntry> entries;
    for (int i = 0; i < 8; ++i) {
        entries.push_back({"set/b/" + std::to_string(i) + ".png", pngOf(i + 1000), {}, {}});
        entries.push_back({"set/a/" + std::to_string(i) + ".png", pngOf(i), {}, {}});
    }
    writeFile(*m_folder / "set.zip", packed(entries, "zip"));
    writeTwoClasses(*m_folder / "set", 8);
    const auto archive = openData(requestFor(*m_folder / "set.zip"));
    VERIFY_OK(archive);
    const auto folder = openData(requestFor(*m_folder / "set"));
    VERIFY_OK(folder);
    QVERIFY(std::ranges::equal(archive->train->samples(), folder->train->samples()));
    QVERIFY(std::ranges::equal(archive->train->labels(), folder->train->labels()));
    QVERIFY(std::ranges::equal(archive->test->samples(), folder->test->samples()));
}

void TestOpenFolder::theModelSaysTheSize()
{
    writeTwoClasses(*m_folder / "set", 4);
    DataRequest request = requestFor(*m_folder / "set", 0);
    request.modelInput = {1, 20, 24};
    QVERIFY((openData(request)->description.shape == Shape{3, 20, 24}));
    request.pictures.colour = "grey";
    request.pictures.fit = "squash";
    const auto grey = openData(request);
    QVERIFY((grey->description.shape == Shape{1, 20, 24}));
    QCOMPARE(grey->fit, std::string("squash"));
}

void TestOpenFolder::keepsTheCopyUntilAFileChanges()
{
    writeTwoClasses(*m_folder / "set", 4);
    const DataRequest request = requestFor(*m_folder / "set");
    const auto first = openData(request);
    VERIFY_OK(first);
    QCOMPARE(openData(request)->train.get(), first->train.get());
    writeFile(*m_folder / "set/a/new.png", pngOf(77));
    const auto second = openData(request);
    VERIFY_OK(second);
    QCOMPARE(second->train->count() + second->test->count(), std::int64_t{9});
    QVERIFY(second->description.fingerprint != first->description.fingerprint);
}

void TestOpenFolder::leavesOutWhatCannotBeDecoded()
{
    writeTwoClasses(*m_folder / "set", 4);
    std::string damaged = pngOf(500, 40, 40); // its head is good
    damaged.resize(damaged.size() / 2);
    writeFile(*m_folder / "set/a/damaged.png", damaged);
    DataRequest request = requestFor(*m_folder / "set");
    request.pictures.testShare = 0;
    const auto data = openData(request);
    VERIFY_OK(data);
    QVERIFY(!data->test);
    QCOMPARE(data->train->count(), std::int64_t{9});
    QCOMPARE(data->parts->unusable.size(), std::size_t{1});
    QVERIFY(data->notices.back().message.find("damaged.png") != std::string::npos);
    TrainingPlan plan;
    const auto split = makeSplit(plan, *data);
    VERIFY_OK(split);
    QCOMPARE(split->train.size() + split->validation.size(), std::size_t{8});
    request.pictures.unreadable = "stop";
    VERIFY_ERROR(openData(request),
                 "set: 1 picture that cannot be decoded: a/damaged.png: it is a damaged PNG");
    VERIFY_ERROR(openData(request), "Mend or remove it, or set unreadable=leave_out.");
}

void TestOpenFolder::namesEveryFileThatCannotBeDecoded()
{
    writeTwoClasses(*m_folder / "set", 4);
    for (int i = 10; i < 15; ++i)
        writeFile(*m_folder / ("set/a/cut" + std::to_string(i) + ".png"), cutPng(i));
    for (int i = 10; i < 35; ++i)
        writeFile(*m_folder / ("set/b/empty" + std::to_string(i) + ".png"), "");
    DataRequest request = requestFor(*m_folder / "set");
    const auto data = openData(request);
    VERIFY_OK(data);
    const std::string& heads = data->notices.at(0).message;
    QVERIFY(heads.starts_with(
        "Left out: 25 pictures that cannot be read: b/empty10.png: it is empty; b/empty11"));
    QVERIFY(
        heads.ends_with("b/empty29.png: it is empty; and 5 more (torchdesk-cli data DIR --json lists all)."));
    const std::string& bodies = data->notices.back().message;
    QVERIFY(
        bodies.starts_with("Left out: 5 pictures that cannot be decoded: a/cut10.png: it is a damaged PNG"));
    for (int i = 10; i < 15; ++i)
        QVERIFY(bodies.find("a/cut" + std::to_string(i) + ".png: it is a damaged PNG") != std::string::npos);
    QVERIFY(bodies.find("…") == std::string::npos && bodies.find("Save the") == std::string::npos);
    request.pictures.unreadable = "stop";
    VERIFY_ERROR(openData(request), "set: 25 pictures that cannot be read: b/empty10.png: it is empty; ");
}

void TestOpenFolder::aClassThatCannotBeDecodedIsNone()
{
    for (int i = 0; i < 10; ++i) {
        writeFile(*m_folder / ("set/a/" + std::to_string(i) + ".png"), pngOf(i));
        writeFile(*m_folder / ("set/b/" + std::to_string(i) + ".png"), cutPng(i + 1000));
    }
    DataRequest request = requestFor(*m_folder / "set");
    VERIFY_ERROR(openData(request),
                 "set: 1 of 2 classes has pictures to train, wanted at least two: 'b' has none "
                 "to train and 10 that cannot be read (such as b/0.png: it is a damaged PNG");
    VERIFY_ERROR(openData(request), "Mend or replace these files.");
    for (int i = 20; i < 25; ++i)
        writeFile(*m_folder / ("set/b/" + std::to_string(i) + ".png"), pngOf(i + 1000));
    VERIFY_OK(openData(request));
    request.pictures.leastPerClass = 6;
    VERIFY_ERROR(openData(request), "least_per_class: 1 of 2 classes has 6 or more pictures to train");
    VERIFY_ERROR(openData(request), "'b' has 5 to train and 10 that cannot be read");
}

void TestOpenFolder::leavesOutAClassThatCannotBeDecoded()
{
    writeTwoClasses(*m_folder / "set", 4);
    for (int i = 0; i < 4; ++i) {
        writeFile(*m_folder / ("set/aa/" + std::to_string(i) + ".png"), cutPng(i + 2000));
        writeFile(*m_folder / ("set/b/more" + std::to_string(i) + ".png"), pngOf(i + 3000));
    }
    const auto data = openData(requestFor(*m_folder / "set"));
    VERIFY_OK(data);
    QVERIFY((data->description.classes == std::vector<std::string>{"a", "b"}));
    QCOMPARE(data->notices.back().message,
             std::string("Left out: 1 class without pictures to train: aa (4 cannot be read)."));
    const auto split = makeSplit(TrainingPlan{}, *data);
    VERIFY_OK(split);
    std::vector<std::int64_t> used = split->train;
    used.insert(used.end(), split->validation.begin(), split->validation.end());
    std::vector<std::int64_t> counts(2);
    for (const std::int64_t sample : used)
        ++counts.at(static_cast<std::size_t>(data->train->labels()[static_cast<std::size_t>(sample)]));
    QVERIFY((counts == std::vector<std::int64_t>{3, 6})); // a quarter of each is for the test
    QCOMPARE(testSamples(*data).size(), std::size_t{3});
}

void TestOpenFolder::saysThatThereIsNoTest()
{
    writeTwoClasses(*m_folder / "set/train", 4);
    writeFile(*m_folder / "set/test/a/1.png", cutPng(50));
    const auto data = openData(requestFor(*m_folder / "set"));
    VERIFY_OK(data);
    QVERIFY(testSamples(*data).empty());
    QCOMPARE(data->notices.back().message, std::string("No test picture can be used, so there is no test."));
}

void TestOpenFolder::saysThatNothingValidates()
{
    for (int i = 0; i < 4; ++i) { // one group, in both classes
        writeFile(*m_folder / ("set/a/slide_" + std::to_string(i) + ".png"), pngOf(i));
        writeFile(*m_folder / ("set/b/slide_" + std::to_string(i) + ".png"), pngOf(i + 1000));
    }
    TrainingPlan plan;
    plan.model = "smallcnn";
    plan.data = (*m_folder / "set").string();
    plan.pictures.keepTogether = "name";
    plan.pictures.testShare = 0.1;
    plan.validationShare = 0.1;
    const auto job = prepareJob(plan);
    VERIFY_OK(job);
    const auto says = [&job](const std::string& text) {
        return std::ranges::any_of(job->data.notices, [&](const DataNotice& notice) {
            return notice.warning && notice.message.starts_with(text);
        });
    };
    QVERIFY(says("test_share: 0.1 of so few pictures or groups is none, so there is no test."));
    QVERIFY(says("validation_share: 0.1 of so few pictures or groups is none, so there is no validation."));
    plan.validationShare = 0;
    QVERIFY(!noValidationNotice(plan, job->data, job->split)); // nobody asked
}

void TestOpenFolder::preparesAJob()
{
    writeTwoClasses(*m_folder / "set/train", 6);
    writeTwoClasses(*m_folder / "set/val", 2);
    TrainingPlan plan;
    plan.model = "smallcnn";
    plan.data = (*m_folder / "set").string();
    const auto job = prepareJob(plan);
    VERIFY_OK(job);
    QVERIFY((job->preprocessing.shape == Shape{3, 32, 32}));
    QCOMPARE(job->preprocessing.picture, std::string("crop"));
    QCOMPARE(job->split.validation.size(), std::size_t{4});
    // Both parts show the same pictures: that must not stay unsaid.
    QVERIFY(std::ranges::any_of(job->data.notices, [](const DataNotice& notice) {
        return notice.warning && notice.message.find("more than one of train") != std::string::npos;
    }));
}

QTEST_APPLESS_MAIN(TestOpenFolder)
#include "tst_openfolder.moc"
