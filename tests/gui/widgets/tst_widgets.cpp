// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/icons.h"
#include "gui/app/stylesheet.h"
#include "gui/app/theme.h"
#include "gui/widgets/drawcanvas.h"
#include "gui/widgets/figures.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/meterrow.h"
#include "gui/widgets/picturegrid.h"
#include "gui/widgets/probabilitybars.h"
#include "gui/widgets/progressline.h"
#include "gui/widgets/sentences.h"
#include "gui/widgets/sparkline.h"
#include "gui/widgets/verdictlabel.h"
#include "tests/support/testsupport.h"

#include <QApplication>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <array>

using namespace torchdesk;

class TestWidgets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { ThemeManager::instance().install(*qApp, Appearance::Light); }
    void appearanceComesFromFlagThenVariable();
    void themeChangesPaletteAndStyleSheet();
    void styleSheetHasNoHoles();
    void everyIconIsDrawnInTheThemesColour();
    void figuresKeepTheirPlace();
    void labelsElideAndTellTheRest();
    void messagesHaveAnOpening();
    void gridTurnsSamplesIntoPictures();
    void gridWalksWithKeys();
    void canvasDrawsWithTheMouse();
    void canvasDrawsWithKeys();
    void barsShowTheLikeliest();
    void metersSayTheirValue();
    void sparklineKeepsAMinute();
    void verdictTellsItsKind();
};

void TestWidgets::appearanceComesFromFlagThenVariable()
{
    test::ScopedVariable variable("TORCHDESK_THEME", "dark");
    QCOMPARE(initialAppearance(), Appearance::Dark);
    QCOMPARE(initialAppearance(QStringLiteral("light")), Appearance::Light);
    QCOMPARE(appearanceFromText(QStringLiteral("purple")), Appearance::Automatic);
    for (const auto appearance : {Appearance::Automatic, Appearance::Light, Appearance::Dark})
        QCOMPARE(appearanceFromText(appearanceText(appearance)), appearance);
}

void TestWidgets::themeChangesPaletteAndStyleSheet()
{
    auto& manager = ThemeManager::instance();
    QSignalSpy changed(&manager, &ThemeManager::themeChanged);
    manager.setAppearance(Appearance::Dark);
    QCOMPARE(changed.count(), 1);
    QVERIFY(theme().dark);
    QCOMPARE(QApplication::palette().color(QPalette::Window), Theme::darkTheme().window);
    QVERIFY(qApp->styleSheet().contains(Theme::darkTheme().accent.name()));
    manager.setAppearance(Appearance::Light);
    QVERIFY(!qApp->styleSheet().contains(Theme::darkTheme().accent.name()));
    manager.setAppearance(Appearance::Automatic); // the offscreen desktop is light
    QVERIFY(!theme().dark);
}

void TestWidgets::styleSheetHasNoHoles()
{
    for (const Theme* one : {&Theme::lightTheme(), &Theme::darkTheme()}) {
        const QString sheet = styleSheetOf(*one);
        QVERIFY(sheet.size() > 2000);
        const int body = int(sheet.indexOf(QLatin1String("*/"))); // the first comment speaks of @names
        QVERIFY(!sheet.mid(body).contains(QLatin1Char('@')));
        for (const QColor& colour : {one->window, one->text, one->accent, one->training, one->grid})
            QVERIFY(colour.isValid());
    }
}

void TestWidgets::everyIconIsDrawnInTheThemesColour()
{
    for (int i = 0; i < int(IconName::Application); ++i) {
        for (const auto appearance : {Appearance::Light, Appearance::Dark}) {
            ThemeManager::instance().setAppearance(appearance);
            const QImage image = themeIcon(IconName(i)).pixmap(32, 32).toImage();
            int drawn = 0;
            for (int y = 0; y < 32; ++y)
                for (int x = 0; x < 32; ++x)
                    drawn += image.pixelColor(x, y).alpha() > 250 &&
                             image.pixelColor(x, y).rgb() == theme().text.rgb();
            QVERIFY2(drawn > 8, qPrintable(QStringLiteral("icon %1").arg(i)));
        }
    }
    QVERIFY(!applicationIcon().pixmap(64, 64).isNull());
}

void TestWidgets::figuresKeepTheirPlace()
{
    FigureLabel label;
    label.setText(QStringLiteral("0.1234"));
    const int wide = label.sizeHint().width();
    label.setText(QStringLiteral("0.1"));
    QCOMPARE(label.sizeHint().width(), wide);
    QCOMPARE(figuresWidth(label.font(), QStringLiteral("111")),
             figuresWidth(label.font(), QStringLiteral("888")));
    label.resetWidth();
    QVERIFY(label.sizeHint().width() < wide);
}

void TestWidgets::labelsElideAndTellTheRest()
{
    ElidedLabel label;
    label.setText(QStringLiteral("a rather long name of a run that does not fit"));
    label.resize(80, 20);
    label.show();
    QVERIFY(label.text().endsWith(QChar(0x2026)));
    QCOMPARE(label.toolTip(), label.fullText());
    label.resize(800, 20);
    QCOMPARE(label.text(), label.fullText());
    QVERIFY(label.toolTip().isEmpty());
}

void TestWidgets::gridTurnsSamplesIntoPictures()
{
    const std::array<std::uint8_t, 12> planes{1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24};
    const QImage colours = imageOfSample(planes, 3, 2, 2);
    QCOMPARE(colours.pixelColor(1, 0), QColor(2, 12, 22));
    QCOMPARE(colours.pixelColor(0, 1), QColor(3, 13, 23));
    const QImage grey = imageOfSample(std::span(planes).first(6), 1, 2, 3);
    QCOMPARE(grey.pixelColor(2, 1), QColor(12, 12, 12));
    QVERIFY(imageOfSample(planes, 3, 2, 3).isNull());
    QVERIFY(imageOfSample(planes, 2, 2, 3).isNull());
    QVERIFY(imageOfSample(planes, 1, 0, 3).isNull());
}

void TestWidgets::gridWalksWithKeys()
{
    PictureGrid grid;
    std::vector<GridPicture> pictures;
    for (int i = 0; i < 40; ++i)
        pictures.push_back({QImage(28, 28, QImage::Format_Grayscale8), QString::number(i % 10), i * 100, {}});
    grid.setPictures(pictures);
    grid.resize(664, grid.heightForWidth(664));
    grid.show();
    QCOMPARE(grid.columns(), 10);
    QCOMPARE(grid.heightForWidth(664), 4 * 65);
    QVERIFY(grid.heightForWidth(300) > 4 * 65);
    QSignalSpy activated(&grid, &PictureGrid::activated);
    QTest::keyClick(&grid, Qt::Key_Right);
    QTest::keyClick(&grid, Qt::Key_Down);
    QCOMPARE(grid.current(), 11);
    QCOMPARE(grid.accessibleDescription(), QStringLiteral("1 · picture 1,101"));
    QTest::keyClick(&grid, Qt::Key_Return);
    QCOMPARE(activated.value(0).value(0).toInt(), 11);
    QTest::mouseClick(&grid, Qt::LeftButton, {}, grid.cellRect(25).center());
    QCOMPARE(activated.value(1).value(0).toInt(), 25);
    grid.setPictures({});
    QTest::keyClick(&grid, Qt::Key_Right);
    QCOMPARE(grid.current(), -1);
}

void TestWidgets::canvasDrawsWithTheMouse()
{
    DrawCanvas canvas;
    canvas.resize(140, 140); // half the size of the picture
    canvas.show();
    QSignalSpy changed(&canvas, &DrawCanvas::changed);
    QVERIFY(canvas.isEmpty());
    QTest::mousePress(&canvas, Qt::LeftButton, {}, QPoint(20, 70));
    QTest::mouseMove(&canvas, QPoint(120, 70));
    QTest::mouseRelease(&canvas, Qt::LeftButton, {}, QPoint(120, 70));
    QVERIFY(!canvas.isEmpty());
    QVERIFY(changed.count() >= 2);
    const Picture picture = canvas.picture();
    QCOMPARE(picture.width, 280);
    QCOMPARE(picture.pixels.size(), std::size_t(280 * 280));
    QCOMPARE(int(picture.pixels[140 * 280 + 140]), 255); // the middle of the stroke
    QCOMPARE(int(picture.pixels[10 * 280 + 10]), 0);
    canvas.clear();
    QVERIFY(canvas.isEmpty());
    const auto cleared = canvas.picture().pixels;
    QVERIFY(std::all_of(cleared.begin(), cleared.end(), [](auto value) { return value == 0; }));
}

void TestWidgets::canvasDrawsWithKeys()
{
    DrawCanvas canvas;
    canvas.resize(280, 280);
    canvas.show();
    QTest::keyClick(&canvas, Qt::Key_Right);
    QVERIFY(canvas.isEmpty()); // the pen is up
    QTest::keyClick(&canvas, Qt::Key_Space);
    QVERIFY(canvas.penIsDown());
    for (int i = 0; i < 4; ++i)
        QTest::keyClick(&canvas, Qt::Key_Down);
    const Picture picture = canvas.picture();
    QCOMPARE(int(picture.pixels[160 * 280 + 152]), 255);
    for (int i = 0; i < 100; ++i)
        QTest::keyClick(&canvas, Qt::Key_Down);
    QCOMPARE(canvas.pen().y(), 280.0);
    QTest::keyClick(&canvas, Qt::Key_Delete);
    QVERIFY(canvas.isEmpty());
}

void TestWidgets::barsShowTheLikeliest()
{
    ProbabilityBars bars;
    bars.setClasses({QStringLiteral("cat"), QStringLiteral("dog")});
    QCOMPARE(bars.best(), -1);
    bars.setProbabilities({0.25f, 0.75f});
    QCOMPARE(bars.best(), 1);
    QCOMPARE(bars.accessibleDescription(), QStringLiteral("dog, 75.0 %"));
    bars.setProbabilities({1.0f}); // of another network: passed over
    QCOMPARE(bars.best(), 1);
    QVERIFY(!bars.grab().isNull());
    bars.setProbabilities({});
    QCOMPARE(bars.best(), -1);
}

void TestWidgets::metersSayTheirValue()
{
    MeterRow row(QStringLiteral("Memory"));
    row.setValue(QStringLiteral("2.1 / 23.6 GB"), 0.5);
    QCOMPARE(row.accessibleName(), QStringLiteral("Memory: 2.1 / 23.6 GB"));
    row.resize(200, 30);
    const QImage image = row.grab().toImage();
    const double scale = image.devicePixelRatio();
    QCOMPARE(image.pixelColor(int(50 * scale), int(26 * scale)), theme().training);
    QCOMPARE(image.pixelColor(int(150 * scale), int(26 * scale)), theme().track);
    ProgressLine line;
    line.setShare(std::numeric_limits<double>::quiet_NaN());
    QCOMPARE(line.share(), 0.0);
    line.setShare(7);
    QCOMPARE(line.share(), 1.0);
}

void TestWidgets::sparklineKeepsAMinute()
{
    Sparkline line;
    for (int i = 0; i < 500; ++i)
        line.append(i % 7 ? std::optional(i / 500.0) : std::nullopt);
    QCOMPARE(line.count(), 120);
    QCOMPARE(*line.latest(), 499 / 500.0);
    QVERIFY(!line.grab().isNull());
}

void TestWidgets::verdictTellsItsKind()
{
    VerdictLabel label;
    label.setVerdict(VerdictLabel::Kind::Error, QStringLiteral("MNIST was not found."));
    QCOMPARE(label.kind(), VerdictLabel::Kind::Error);
    QCOMPARE(label.text(), QStringLiteral("MNIST was not found."));
    QCOMPARE(label.accessibleName(), label.text());
}

void TestWidgets::messagesHaveAnOpening()
{
    const auto opening = [](const char* message, int most = 30) {
        return openingOf(QString::fromUtf8(message), most).value_or(QStringLiteral("(whole)"));
    };
    QCOMPARE(opening("MNIST was not found."), QString("(whole)"));
    QCOMPARE(opening("MNIST was not found: four files are wanted."), QString("MNIST was not found"));
    QCOMPARE(opening("a.json: body.layers[2]: rate 1.5 is too high. Lower it."),
             QString("Rate 1.5 is too high"));
    QCOMPARE(opening("a.json has no body. Write one that is made of layers."), QString("a.json has no body"));
    QCOMPARE(opening("One long sentence that has no part within so many characters."), QString("(whole)"));
    QCOMPARE(opening("/my models/a.json: body: rate is too high."), QString("Rate is too high"));
    QCOMPARE(opening("MNIST: found pictures of another shape"), QString("MNIST"));
    QCOMPARE(opening("a.json: b: c: d: e: f: g: h: i: j: k:"), QString("(whole)"));
    QCOMPARE(opening("a.json: b: c: d: e: f: g: h: i: j: k: "), QString("(whole)"));
    QCOMPARE(opening(": nothing stands before this colon"), QString("(whole)"));
}

QTEST_MAIN(TestWidgets)
#include "tst_widgets.moc"
