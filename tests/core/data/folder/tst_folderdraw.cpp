// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/folder/folderdraw.h"
#include "core/data/folder/keeptogether.h"
#include "core/data/groupdraw.h"
#include "core/data/split.h"
#include "tests/support/testsupport.h"

#include <algorithm>
#include <map>
#include <set>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

/// \p counts pictures of each class, all different.
FolderScan scanWith(const std::vector<int>& counts, FolderPart part = FolderPart::None)
{
    FolderScan scan;
    std::uint32_t number = 0;
    for (std::size_t label = 0; label < counts.size(); ++label) {
        scan.classes.push_back(std::string(1, static_cast<char>('a' + label)));
        for (int i = 0; i < counts[label]; ++i) {
            ScannedPicture picture;
            picture.inside = std::to_string(i) + ".png";
            picture.label = static_cast<std::int32_t>(label);
            picture.part = part;
            picture.hash[0] = static_cast<std::byte>(++number);
            picture.hash[1] = static_cast<std::byte>(number >> 8);
            scan.pictures.push_back(picture);
        }
    }
    return scan;
}

DataSet dataOf(const DrawnFolder& drawn)
{
    DataSet data;
    const std::vector<std::int64_t> labels(drawn.labels.begin(), drawn.labels.begin() + drawn.trainCount);
    data.train = std::make_shared<ResidentStore>(std::vector<std::uint8_t>(labels.size()), labels);
    data.parts = std::make_shared<DataParts>(drawn.parts);
    return data;
}

std::map<std::int64_t, int> countsOf(const DrawnFolder& drawn, std::size_t from, std::size_t to)
{
    std::map<std::int64_t, int> counts;
    for (std::size_t i = from; i < to; ++i)
        ++counts[drawn.labels[i]];
    return counts;
}

} // namespace

class TestFolderDraw : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void drawsTheTestClassByClass();
    void takesTheFoldersOwnParts();
    void validationFollowsTheSeedAndTheTestDoesNot();
    void keepsTogetherWhatBelongsTogether();
    void copiesStayTogether();
    void limitsClasses();
    void leavesOutWhatCannotBeUsed();
    void groupsByNameAndFolder();
    void namesClassesThatCannotBeRead();
    void saysThatNothingBelongsTogether();
    void saysGroupsOnBothSides();
};

void TestFolderDraw::drawsTheTestClassByClass()
{
    const FolderScan scan = scanWith({100, 40});
    const auto drawn = drawFolder(scan, {});
    VERIFY_OK(drawn);
    QCOMPARE(drawn->trainCount, std::int64_t{126});
    QVERIFY((countsOf(*drawn, 126, 140) == std::map<std::int64_t, int>{{0, 10}, {1, 4}}));
    const std::set<std::size_t> all(drawn->order.begin(), drawn->order.end());
    QCOMPARE(all.size(), std::size_t{140});
    FolderOptions none;
    none.testShare = 0;
    QCOMPARE(drawFolder(scan, none)->trainCount, std::int64_t{140});
}

void TestFolderDraw::takesTheFoldersOwnParts()
{
    FolderScan scan = scanWith({5, 5}, FolderPart::Train);
    for (const FolderPart part : {FolderPart::Validation, FolderPart::Test}) {
        const FolderScan more = scanWith({2, 1}, part);
        scan.pictures.insert(scan.pictures.end(), more.pictures.begin(), more.pictures.end());
    }
    const auto drawn = drawFolder(scan, {});
    VERIFY_OK(drawn);
    QCOMPARE(drawn->trainCount, std::int64_t{13});
    QVERIFY((drawn->parts.validation == std::vector<std::int64_t>{10, 11, 12}));
    QVERIFY((countsOf(*drawn, 13, 16) == std::map<std::int64_t, int>{{0, 2}, {1, 1}}));
    TrainingPlan plan;
    const auto split = makeSplit(plan, dataOf(*drawn));
    VERIFY_OK(split);
    QVERIFY((split->validation == std::vector<std::int64_t>{10, 11, 12}));
    QCOMPARE(split->train.size(), std::size_t{10});
}

void TestFolderDraw::validationFollowsTheSeedAndTheTestDoesNot()
{
    const auto drawn = drawFolder(scanWith({100, 50}), {});
    VERIFY_OK(drawn);
    const DataSet data = dataOf(*drawn);
    TrainingPlan plan;
    plan.validationShare = 0.2;
    const auto one = makeSplit(plan, data);
    plan.seed = 2;
    const auto two = makeSplit(plan, data);
    VERIFY_OK(one);
    VERIFY_OK(two);
    QVERIFY(one->validation != two->validation);
    // A fifth of each class: of 90 and of 45.
    std::map<std::int64_t, int> counts;
    for (const std::int64_t index : one->validation)
        ++counts[data.train->labels()[static_cast<std::size_t>(index)]];
    QVERIFY((counts == std::map<std::int64_t, int>{{0, 18}, {1, 9}}));
    QCOMPARE(one->train.size() + one->validation.size(), std::size_t{135});
    plan.validationShare = 0;
    QVERIFY(makeSplit(plan, data)->validation.empty());
}

void TestFolderDraw::keepsTogetherWhatBelongsTogether()
{
    FolderScan scan = scanWith({60, 60});
    for (std::size_t i = 0; i < scan.pictures.size(); ++i) // 20 slides of 3 tiles in each class
        scan.pictures[i].inside = "slide" + std::to_string(i / 3 % 20) + "_" + std::to_string(i) + ".png";
    FolderOptions options;
    options.keepTogether = "name";
    options.testShare = 0.2;
    const auto drawn = drawFolder(scan, options);
    VERIFY_OK(drawn);
    QCOMPARE(drawn->trainCount, std::int64_t{96});
    const DataSet data = dataOf(*drawn);
    TrainingPlan plan;
    plan.validationShare = 0.25;
    const auto split = makeSplit(plan, data);
    VERIFY_OK(split);
    QCOMPARE(split->validation.size(), std::size_t{24});
    const auto slides = [&](const std::vector<std::int64_t>& positions) {
        std::set<std::string> names;
        for (const std::int64_t at : positions)
            names.insert(
                belongsTo(scan.pictures[drawn->order[static_cast<std::size_t>(at)]].inside, options));
        return names;
    };
    std::vector<std::int64_t> test;
    for (std::int64_t i = drawn->trainCount; i < std::ssize(drawn->order); ++i)
        test.push_back(i);
    // No slide is on two sides, though each has tiles in both classes.
    QCOMPARE(slides(split->train).size() + slides(split->validation).size() + slides(test).size(),
             std::size_t{20});
}

void TestFolderDraw::copiesStayTogether()
{
    FolderScan scan = scanWith({40, 40});
    for (std::size_t i = 0; i < 20; ++i)
        scan.pictures[2 * i].hash = scan.pictures[2 * i + 1].hash;
    FolderOptions options;
    options.testShare = 0.25;
    const auto drawn = drawFolder(scan, options);
    VERIFY_OK(drawn);
    std::set<PictureHash> train;
    for (std::int64_t i = 0; i < drawn->trainCount; ++i)
        train.insert(scan.pictures[drawn->order[static_cast<std::size_t>(i)]].hash);
    for (std::size_t i = static_cast<std::size_t>(drawn->trainCount); i < drawn->order.size(); ++i)
        QVERIFY(!train.contains(scan.pictures[drawn->order[i]].hash));
    QCOMPARE(std::ssize(drawn->order) - drawn->trainCount, std::int64_t{20});
}

void TestFolderDraw::limitsClasses()
{
    FolderOptions options;
    options.testShare = 0;
    options.leastPerClass = 5;
    options.mostPerClass = 10;
    const auto drawn = drawFolder(scanWith({4, 30, 8}), options);
    VERIFY_OK(drawn);
    QVERIFY((drawn->classes == std::vector<std::string>{"b", "c"}));
    QVERIFY((countsOf(*drawn, 0, 18) == std::map<std::int64_t, int>{{0, 10}, {1, 8}}));
    QCOMPARE(drawn->notices.size(), std::size_t{2});
    QCOMPARE(drawn->notices[0].message,
             std::string("Left out: 1 class with fewer than 5 pictures to train: a."));
    QVERIFY(drawFolder(scanWith({4, 30, 8}), options)->order == drawn->order);
    options.leastPerClass = 9;
    VERIFY_ERROR(
        drawFolder(scanWith({4, 30, 8}), options),
        "least_per_class: 1 of 3 classes has 9 or more pictures to train, wanted at least two. Choose");
}

void TestFolderDraw::leavesOutWhatCannotBeUsed()
{
    FolderOptions options;
    options.testShare = 0;
    auto drawn = drawFolder(scanWith({10, 10}), options);
    VERIFY_OK(drawn);
    drawn->parts.unusable = {0, 19};
    drawn->parts.unusableTest = {1};
    DataSet data = dataOf(*drawn);
    TrainingPlan plan;
    const auto split = makeSplit(plan, data);
    VERIFY_OK(split);
    QCOMPARE(split->train.size() + split->validation.size(), std::size_t{18});
    QVERIFY(std::ranges::find(split->train, 0) == split->train.end());
    data.test =
        std::make_shared<ResidentStore>(std::vector<std::uint8_t>(3), std::vector<std::int64_t>{0, 1, 0});
    QVERIFY((testSamples(data) == std::vector<std::int64_t>{0, 2}));
}

void TestFolderDraw::groupsByNameAndFolder()
{
    FolderOptions options;
    QCOMPARE(belongsTo("s/1_2.png", options), std::string());
    options.keepTogether = "folder";
    QCOMPARE(belongsTo("s/t/1_2.png", options), std::string("s/t"));
    QCOMPARE(belongsTo("1_2.png", options), std::string());
    options.keepTogether = "name";
    QCOMPARE(belongsTo("s/1_2.png", options), std::string("1"));
    options.keepTogetherMark = "--";
    QCOMPARE(belongsTo("p7--x.png", options), std::string("p7"));
    QCOMPARE(belongsTo("p7_x.png", options), std::string());
}

void TestFolderDraw::namesClassesThatCannotBeRead()
{
    FolderScan scan = scanWith({10, 0, 2});
    for (int i = 0; i < 5; ++i)
        scan.unreadable.push_back({"b/" + std::to_string(i) + ".png", "it is empty", 1, FolderPart::None});
    const auto drawn = drawFolder(scan, {});
    VERIFY_OK(drawn);
    QCOMPARE(drawn->notices.at(0).message,
             std::string("Left out: 1 class without pictures to train: b (5 cannot be read)."));
    scan.classes.pop_back();
    scan.pictures.resize(10);
    VERIFY_ERROR(drawFolder(scan, {}),
                 "1 of 2 classes has pictures to train, wanted at least two: 'b' has none "
                 "to train and 5 that cannot be read (such as b/0.png: it is empty). Mend "
                 "or replace these files.");
    QVERIFY(drawFolder(scan, {}).error().message.find("least_per_class") == std::string::npos);
    FolderScan more = scanWith({10, 2});
    more.unreadable = scan.unreadable;
    FolderOptions options;
    options.leastPerClass = 4;
    VERIFY_ERROR(drawFolder(more, options), "'b' has 2 to train and 5 that cannot be read");
    VERIFY_ERROR(drawFolder(more, options), "Choose a smaller number, or mend or replace these files.");
}

void TestFolderDraw::saysThatNothingBelongsTogether()
{
    const FolderScan scan = scanWith({20, 20});
    FolderOptions options;
    QVERIFY(togetherNotices(scan, options).empty());
    options.keepTogether = "name";
    options.keepTogetherMark = "@";
    const auto drawn = drawFolder(scan, options);
    VERIFY_OK(drawn);
    QVERIFY(drawn->notices.at(0).warning);
    QVERIFY(drawn->notices.at(0).message.starts_with("keep_together=name: no file name holds '@'"));
    options.keepTogether = "folder";
    QVERIFY(togetherNotices(scan, options)
                .at(0)
                .message.starts_with("keep_together=folder: no class folder has sub-folders, so each picture "
                                     "is a group of its own."));
}

void TestFolderDraw::saysGroupsOnBothSides()
{
    FolderScan scan = scanWith({4, 4}, FolderPart::Train);
    for (std::size_t i = 0; i < scan.pictures.size(); ++i) {
        ScannedPicture& picture = scan.pictures[i];
        picture.inside = "s" + std::to_string(i / 2) + "/p" + std::to_string(i / 2) + "_1.png";
        picture.part = i == 1 ? FolderPart::Validation : FolderPart::Train;
        picture.path = (i == 1 ? "val/a/" : "train/a/") + picture.inside;
    }
    FolderOptions options;
    QVERIFY(togetherNotices(scan, options).empty()); // nobody asked
    options.keepTogether = "folder";
    QVERIFY((
        togetherNotices(scan, options) ==
        std::vector<DataNotice>{
            {"keep_together=folder: 1 group has pictures in more than one of train, val and test, such as "
             "'s0' (train/a/s0/p0_1.png, val/a/s0/p0_1.png): figures of such a split are too good. Move each "
             "group into one of them.",
             true}}));
    options.keepTogether = "name";
    QVERIFY(togetherNotices(scan, options).at(0).message.find("'p0'") != std::string::npos);
    scan.pictures[1].part = FolderPart::Train;
    QVERIFY(togetherNotices(scan, options).empty());
}

QTEST_APPLESS_MAIN(TestFolderDraw)
#include "tst_folderdraw.moc"
