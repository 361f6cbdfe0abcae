// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/folder/folderdraw.h"
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
    VERIFY_ERROR(drawFolder(scanWith({4, 30, 8}), options), "least_per_class: 1 of 3 classes have 9 or more");
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

QTEST_APPLESS_MAIN(TestFolderDraw)
#include "tst_folderdraw.moc"
