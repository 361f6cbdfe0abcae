// SPDX-License-Identifier: GPL-3.0-or-later
// A folder of pictures in the window: what was found in it, and how its pictures will be seen.
#include "core/data/augment/augmenter.h"
#include "core/data/catalogue.h"
#include "gui/bridge/folderexamples.h"
#include "gui/itemmodels/classcountmodel.h"
#include "gui/widgets/picturegrid.h"
#include "tests/core/data/folder/foldersupport.h"
#include "tests/gui/support/windowundertest.h"

#include <QAbstractItemView>
#include <QClipboard>
#include <QGuiApplication>
#include <algorithm>

using namespace torchdesk;
using namespace torchdesk::test;

namespace fs = std::filesystem;

namespace {

/// Six pictures of a and four of b to train; one of a validates too, which it should not; one is broken.
void writeParts(const fs::path& folder)
{
    int number = 0;
    for (int i = 0; i < 6; ++i)
        writeFile(folder / "train/a" / (std::to_string(i) + ".png"), pngOf(++number, 20 + 2 * i, 10));
    for (int i = 0; i < 4; ++i)
        writeFile(folder / "train/b" / (std::to_string(i) + ".png"), pngOf(++number, 8, 40));
    writeFile(folder / "val/a/copy.png", pngOf(1, 20, 10));
    writeFile(folder / "val/b/own.png", pngOf(50, 8, 40));
    writeFile(folder / "test/b/own.png", pngOf(51, 8, 40));
    writeFile(folder / "train/a/broken.png", "no picture");
}

TrainingPlan planOf(const fs::path& folder)
{
    TrainingPlan plan;
    plan.data = folder.string();
    plan.pictures.size = 28;
    plan.epochs = 1;
    plan.batchSize = 4;
    return plan;
}

QString cell(const QAbstractItemView& table, int row, int column)
{
    return table.model()->index(row, column).data().toString();
}

} // namespace

class TestFolderData : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { prepareGui(); }
    void init() { failOnWarnings(); }
    void saysWhatIsInTheFolder();
    void hidesTheFolderOfAnotherPlan();
    void stopsReadingAndReadsAgain();
    void showsExamplesAsTheDataSetWillHoldThem_data();
    void showsExamplesAsTheDataSetWillHoldThem();
    void variesExamplesAsTrainingDoes();
    void changesTheExamplesWithTheField();
    void offersWeightsFirstForFewPictures();
    void offersAModelWithWeightsForFewPictures();
};

void TestFolderData::saysWhatIsInTheFolder()
{
    WindowUnderTest test;
    const TemporaryFolder folder;
    writeParts(folder.path());
    QVERIFY(!test.child<QWidget>("folderCard")->isVisible());
    test.enter(planOf(folder.path()));
    QVERIFY(test.child<QWidget>("folderCard")->isVisible());
    const auto& counts = *test.child<QAbstractItemView>("classCounts");
    QCOMPARE(counts.model()->rowCount(), 2);
    const QStringList wanted = {"a", "7", "6", "1", "0", "b", "6", "4", "1", "1"};
    for (int i = 0; i < wanted.size(); ++i)
        QCOMPARE(cell(counts, i / ClassCountModel::ColumnCount, i % ClassCountModel::ColumnCount), wanted[i]);
    // Areas are 200 (twice), 220 … 300 and six times 320: the seventh of thirteen is 30×10.
    const QStringList facts = {"20×10",    "30×10",   "8×40", "7 different", "10 (77 %)",
                               "2 (15 %)", "1 (8 %)", "1",    "1",           "1"};
    for (int i = 0; i < facts.size(); ++i)
        QCOMPARE(test.label(QStringLiteral("folderFact%1").arg(i).toLatin1().constData()), facts[i]);
    QVERIFY(test.label("folderWarnings").contains("in more than one of train, val and test"));
    const auto& files = *test.child<QAbstractItemView>("unreadableFiles");
    QVERIFY(!files.isVisible());
    test.click("leftOut");
    QVERIFY(files.isVisible());
    QCOMPARE(files.model()->rowCount(), 1);
    QCOMPARE(cell(files, 0, UnreadableModel::File), QStringLiteral("train/a/broken.png"));
    QVERIFY(!cell(files, 0, UnreadableModel::Reason).isEmpty());
}

void TestFolderData::hidesTheFolderOfAnotherPlan()
{
    WindowUnderTest test;
    const TemporaryFolder folder;
    writeParts(folder.path());
    test.enter(planOf(folder.path()));
    QTRY_VERIFY(test.child<PictureGrid>("dataPictures")->count() == 10);
    test.enter(test.plan());
    QVERIFY(!test.child<QWidget>("folderCard")->isVisible());
    QTRY_COMPARE(test.child<PictureGrid>("dataPictures")->count(), 40);
}

void TestFolderData::stopsReadingAndReadsAgain()
{
    WindowUnderTest test;
    test.enter();
    const TemporaryFolder folder;
    writeParts(folder.path());
    test.bridge().setPlan(planOf(folder.path()));
    QVERIFY(!test.child<QWidget>("readingRow")->isVisible());
    Q_EMIT test.bridge().dataProgress(0.25, QStringLiteral("looking at picture 64"));
    QVERIFY(test.child<QWidget>("readingRow")->isVisible());
    test.click("stopReading");
    QVERIFY(!test.child<QWidget>("readingRow")->isVisible());
    QVERIFY(test.bridge().verdict().stopped);
    QCOMPARE(test.verdict(), QStringLiteral("Reading the data was stopped."));
    QVERIFY(!test.button("train")->isEnabled());
    test.click("tryEngineAgain");
    QTRY_VERIFY(test.bridge().canTrain());
    QVERIFY(!test.button("tryEngineAgain")->isVisible());
}

void TestFolderData::showsExamplesAsTheDataSetWillHoldThem_data()
{
    QTest::addColumn<QString>("fit");
    QTest::addColumn<bool>("archive");
    for (const char* fit : {"crop", "squash", "fill"}) {
        QTest::addRow("%s, folder", fit) << fit << false;
        QTest::addRow("%s, archive", fit) << fit << true;
    }
}

void TestFolderData::showsExamplesAsTheDataSetWillHoldThem()
{
    QFETCH(QString, fit);
    QFETCH(bool, archive);
    const TemporaryFolder folder;
    fs::path place = folder / "set";
    writeParts(place);
    if (archive) {
        std::vector<PackedEntry> entries;
        for (const auto& entry : fs::recursive_directory_iterator(place))
            if (entry.is_regular_file())
                entries.push_back({entry.path().lexically_relative(folder.path()).string(),
                                   *readText(entry.path()),
                                   {},
                                   {}});
        place = folder / "set.zip";
        writeFile(place, packed(entries, "zip"));
    }
    TrainingPlan plan = planOf(place);
    plan.pictures.fit = fit.toStdString();
    const auto scan = picturesAt(plan.data);
    VERIFY_OK(scan);
    FolderExampleReader reader;
    const FolderExamplesWish wish{*scan, plan.pictures, {3, 224, 224}, std::nullopt, 16, 8};
    const auto examples = reader.read(wish, {});
    VERIFY_OK(examples);
    const auto data = openData(requestOf(plan, wish.modelInput));
    VERIFY_OK(data);
    QCOMPARE(examples->examples.size(), std::size_t{10}); // all that train
    const std::size_t bytes = 3 * 28 * 28;
    for (std::size_t i = 0; i < examples->examples.size(); ++i) {
        const FolderExamples::Example& example = examples->examples[i];
        const auto label = data->train->labels()[static_cast<std::size_t>(example.sample)];
        QCOMPARE(example.label, data->description.classes[static_cast<std::size_t>(label)]);
        QVERIFY(std::ranges::equal(
            std::span(examples->samples).subspan(i * bytes, bytes),
            data->train->samples().subspan(static_cast<std::size_t>(example.sample) * bytes, bytes)));
    }
}

void TestFolderData::variesExamplesAsTrainingDoes()
{
    const TemporaryFolder folder;
    writeParts(folder.path());
    const TrainingPlan plan = planOf(folder.path());
    const auto data = openData(requestOf(plan, {3, 28, 28}));
    VERIFY_OK(data);
    Augmentation augmentation;
    augmentation.rotate = 30;
    augmentation.noise = 0.2;
    const Preprocessing preprocessing = preprocessingFor(*data);
    const std::vector<std::int64_t> places = {7, 2};
    std::vector<std::uint8_t> alone;
    const std::size_t bytes = 3 * 28 * 28;
    for (const std::int64_t place : places) {
        const auto sample = data->train->samples().subspan(static_cast<std::size_t>(place) * bytes, bytes);
        alone.insert(alone.end(), sample.begin(), sample.end());
    }
    QVERIFY(augmentedBytesPlaced(augmentation, preprocessing, 3, 2, alone, places) ==
            augmentedBytes(augmentation, preprocessing, 3, 2, data->train->samples(), places));
    QVERIFY(augmentedBytesPlaced(augmentation, preprocessing, 3, 2, alone, places) != alone);
}

void TestFolderData::changesTheExamplesWithTheField()
{
    WindowUnderTest test;
    const TemporaryFolder folder;
    writeParts(folder.path());
    TrainingPlan plan = planOf(folder.path());
    test.enter(plan);
    QTRY_COMPARE(test.label("asTheNetwork"),
                 QStringLiteral("As the network sees them: 28×28, cropped to the middle"));
    auto* grid = test.child<PictureGrid>("dataPictures");
    const QImage cropped = grid->grab().toImage();
    auto* fit = test.child<QComboBox>("picture_fit");
    fit->setCurrentIndex(2);
    QTRY_COMPARE(test.label("asTheNetwork"),
                 QStringLiteral("As the network sees them: 28×28, the rest filled with grey"));
    QVERIFY(grid->grab().toImage() != cropped);
}

void TestFolderData::offersWeightsFirstForFewPictures()
{
    WindowUnderTest test;
    const TemporaryFolder folder;
    writeParts(folder.path());
    TrainingPlan plan = planOf(folder.path());
    plan.model = "resnet18";
    plan.pictures.size = 32;
    test.enter(plan);
    auto* group = test.child<QWidget>("startGroup");
    QVERIFY(group->isVisible()); // although More settings is closed
    QVERIFY(test.label("startHint").contains(QLatin1String("training from nothing stays near guessing")));
    QVERIFY(test.label("startCommand").contains(QLatin1String("from torchvision.models import resnet18")));
    const int below = group->mapTo(&test.window(), QPoint()).y();
    QVERIFY(below > test.child<QWidget>("field_epochs")->mapTo(&test.window(), QPoint()).y());
    QVERIFY(below < test.child<QWidget>("moreSettings")->mapTo(&test.window(), QPoint()).y());
    test.click("copyStartCommand");
    QCOMPARE(QGuiApplication::clipboard()->text(), test.label("startCommand"));
    test.enter(test.plan()); // no pictures in files
    QVERIFY(!group->isVisible());
    test.click("moreSettings");
    QVERIFY(group->isVisible());
    QVERIFY(!test.child<QWidget>("startHint")->isVisible());
}

void TestFolderData::offersAModelWithWeightsForFewPictures()
{
    WindowUnderTest test;
    const TemporaryFolder folder;
    writeParts(folder.path());
    TrainingPlan plan = planOf(folder.path()); // LeNet: torchvision has no weights for it
    plan.pictures.keepTogether = "folder";
    plan.validationShare = 0.2;
    test.enter(plan);
    QVERIFY(test.child<QWidget>("startGroup")->isVisible());
    QVERIFY(test.label("startHint")
                .contains(QLatin1String("training from nothing stays near guessing. A "
                                        "ResNet-18 that begins with published weights")));
    QVERIFY(!test.child<QWidget>("startCommand")->isVisible());
    test.click("startPreset");
    QCOMPARE(test.bridge().plan().model, std::string("resnet18"));
    QCOMPARE(test.bridge().plan().normalise, std::string("imagenet"));
    QCOMPARE(test.bridge().plan().data, plan.data);
    QCOMPARE(test.bridge().plan().pictures, plan.pictures);
    QCOMPARE(test.bridge().plan().validationShare, 0.2);
    QVERIFY(test.child<QComboBox>("preset")->currentText().contains(QLatin1String("ResNet-18")));
    QTRY_VERIFY(
        test.label("startCommand").contains(QLatin1String("from torchvision.models import resnet18")));
    QVERIFY(!test.child<QWidget>("startPreset")->isVisible());
    // Again, where the preset is still the one that is shown.
    test.enter(plan);
    test.click("startPreset");
    QCOMPARE(test.bridge().plan().model, std::string("resnet18"));
}

QTEST_MAIN(TestFolderData)
#include "tst_folderdata.moc"
