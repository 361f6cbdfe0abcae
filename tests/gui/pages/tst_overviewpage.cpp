// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/augment/augmenter.h"
#include "gui/pages/samplepictures.h"
#include "gui/widgets/picturegrid.h"
#include "tests/gui/support/windowundertest.h"

#include <QPixmap>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

/// The pictures as they are painted, without what is around them.
std::vector<QImage> paintedBy(PictureGrid& grid)
{
    const QImage all = grid.grab().toImage().convertToFormat(QImage::Format_RGB32);
    std::vector<QImage> cells;
    for (int i = 0; i < grid.count(); ++i)
        cells.push_back(all.copy(grid.cellRect(i)));
    return cells;
}

std::vector<QImage> painted(WindowUnderTest& test)
{
    return paintedBy(*test.child<PictureGrid>("dataPictures"));
}

/// What the grid should paint for this plan in this epoch.
std::vector<QImage> expected(WindowUnderTest& test, const TrainingPlan& plan, std::uint64_t epoch)
{
    const DataSet& data = test.bridge().data();
    const auto pictures = firstOfEachClass(data, 40, 10);
    std::vector<std::int64_t> indices;
    for (const GridPicture& picture : pictures)
        indices.push_back(picture.number);
    const auto bytes = augmentedBytes(plan.augmentation, preprocessingFor(data.description), plan.seed, epoch,
                                      data.train->samples(), indices);
    auto* grid = test.child<PictureGrid>("dataPictures");
    PictureGrid other;
    other.setMaximumColumns(10);
    other.setPictures(withPixels(pictures, bytes, data.description.shape));
    other.setPictureSize(grid->cellRect(0).width());
    other.resize(grid->size());
    return paintedBy(other);
}

} // namespace

class TestOverviewPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { prepareGui(); }
    void init() { failOnWarnings(); }
    void showsPicturesAsTheNetworkSeesThem();
    void showsPlainPicturesWithoutAugmentation();
};

void TestOverviewPage::showsPicturesAsTheNetworkSeesThem()
{
    WindowUnderTest test;
    test.enter();
    QVERIFY(!test.button("anotherDraw")->isVisible());
    TrainingPlan plan = test.plan();
    plan.augmentation.rotate = 40;
    plan.augmentation.noise = 0.1;
    plan.augmentation.mixup = 0.3;
    test.enter(plan);
    QTRY_VERIFY(test.button("anotherDraw")->isVisible());
    QCOMPARE(test.label("asTheNetwork"), QStringLiteral("As the network sees them in epoch 1"));
    QTRY_VERIFY(painted(test) == expected(test, plan, 1));
    test.click("anotherDraw");
    QCOMPARE(test.label("asTheNetwork"), QStringLiteral("As the network sees them in epoch 2"));
    QTRY_VERIFY(painted(test) == expected(test, plan, 2));
    QVERIFY(expected(test, plan, 1) != expected(test, plan, 2));
    plan.seed = 2;
    test.enter(plan);
    QTRY_VERIFY(painted(test) == expected(test, plan, 2));
}

void TestOverviewPage::showsPlainPicturesWithoutAugmentation()
{
    WindowUnderTest test;
    test.enter();
    // Painted anew at the size that the grid has now: it settles later on a busy machine.
    const auto plain = [&test] { return expected(test, test.plan(), 1); };
    TrainingPlan plan = test.plan();
    plan.augmentation.flip = "both";
    test.enter(plan);
    QTRY_VERIFY(painted(test) != plain());
    test.enter(test.plan());
    QTRY_VERIFY(!test.button("anotherDraw")->isVisible());
    QTRY_VERIFY(painted(test) == plain());
    // Smoothed labels change no picture.
    plan = test.plan();
    plan.augmentation.labelSmoothing = 0.1;
    test.enter(plan);
    QVERIFY(!test.button("anotherDraw")->isVisible());
}

QTEST_MAIN(TestOverviewPage)
#include "tst_overviewpage.moc"
