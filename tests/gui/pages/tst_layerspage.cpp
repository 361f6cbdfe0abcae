// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/catalogue.h"
#include "gui/app/theme.h"
#include "gui/diagram/diagrampicture.h"
#include "gui/diagram/diagramview.h"
#include "gui/itemmodels/layertablemodel.h"
#include "gui/itemmodels/layertreemodel.h"
#include "gui/pages/layerspage.h"
#include "gui/pages/layertableview.h"
#include "gui/pages/layertreeview.h"
#include "tests/gui/pages/pagefixture.h"

#include <QAbstractItemModelTester>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSvgRenderer>
#include <QTest>
#include <QXmlStreamReader>
#include <algorithm>
#include <cmath>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

LoweredModel modelNamed(const std::string& name)
{
    const auto file = findModel(name);
    return *lower(*file, file->input, file->classes);
}

/// The page over a bridge that has no engine yet.
struct ShownPage
{
    explicit ShownPage(const std::string& name) : page(*fixture.bridge)
    {
        page.resize(900, 700);
        page.show();
        if (!name.empty())
            page.showModel(modelNamed(name));
    }

    LayerTreeView& layers() { return *page.findChild<LayerTreeView*>("layerTree"); }
    DiagramView& diagram() { return *page.findChild<DiagramView*>("layerDiagram"); }
    QString note() { return page.findChild<QLabel*>("layersNote")->text(); }

    int item(const std::string& name)
    {
        const LayerTree& tree = diagram().diagram().tree();
        for (std::size_t i = 0; i < tree.size(); ++i)
            if (tree[i].name == name)
                return static_cast<int>(i);
        qFatal("no item called %s", name.c_str());
    }
    /// Where an item stands in the view of the diagram: near its upper left corner, which no other covers.
    QPoint place(int item)
    {
        const QRectF rect = diagram().diagram().rectOf(item);
        return diagram().mapFromScene(rect.topLeft() + QPointF(12, 10));
    }
    void click(int item)
    {
        diagram().ensureVisible(diagram().diagram().rectOf(item));
        QTest::mouseClick(diagram().viewport(), Qt::LeftButton, {}, place(item));
    }

    PageFixture fixture;
    LayersPage page;
};

/// Every word of an SVG document.
QString wordsOf(const QByteArray& svg)
{
    QXmlStreamReader reader(svg);
    QString words;
    while (!reader.atEnd()) {
        if (reader.readNext() == QXmlStreamReader::Characters)
            words += reader.text();
    }
    return reader.hasError() ? QString() : words;
}

} // namespace

class TestLayersPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { QSettings().clear(); }
    void anEmptyPageSaysWhatToDo();
    void theTreeIsAModel();
    void theTotalIsTheLastRow();
    void marksWhatIsFrozen();
    void aClickInTheDiagramSelectsInTheTree();
    void aRowOfTheTreeSelectsInTheDiagram();
    void groupsFoldAndUnfold();
    void titlesAreShort();
    void keysOfTheDiagram();
    void aHiddenPageLaysNothingOut();
    void theSameModelKeepsWhatOneLooksAt();
    void columnsGiveWay();
    void pictures_data();
    void pictures();
    void filesAreWritten();
};

void TestLayersPage::initTestCase()
{
    QCoreApplication::setOrganizationName("TorchDeskTest");
    QCoreApplication::setApplicationName("tst_layerspage");
    ThemeManager::instance().install(*qApp, Appearance::Light);
}

void TestLayersPage::anEmptyPageSaysWhatToDo()
{
    ShownPage shown("");
    auto* empty = shown.page.findChild<QLabel*>("noLayers");
    QVERIFY(empty->isVisible());
    QVERIFY(empty->text().contains("Choose a model and data"));
    QVERIFY(!shown.layers().isVisible());
    QVERIFY(!shown.page.findChild<QPushButton*>("saveDiagram")->isVisible());
    shown.page.showModel(modelNamed("lenet"));
    QVERIFY(!empty->isVisible());
    QVERIFY(shown.layers().isVisible() && shown.diagram().isVisible());
}

void TestLayersPage::theTreeIsAModel()
{
    LayerTreeModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setTree(layerTree(modelNamed("resnet20")));
    for (int i = 0; i < static_cast<int>(model.tree().size()); ++i) {
        QCOMPARE(model.itemOf(model.indexOf(i)), i);
        QCOMPARE(model.itemOf(model.indexOf(i).parent()),
                 std::max(model.tree()[static_cast<std::size_t>(i)].parent, 0) == 0
                     ? -1
                     : model.tree()[static_cast<std::size_t>(i)].parent);
    }
}

void TestLayersPage::theTotalIsTheLastRow()
{
    ShownPage shown("lenet");
    const QAbstractItemModel* model = shown.layers().model();
    const int last = model->rowCount() - 1;
    const auto text = [&](int row, int column) { return model->index(row, column).data().toString(); };
    QCOMPARE(text(last, LayerTreeModel::Layer), QString("Total"));
    QCOMPARE(text(last, LayerTreeModel::Parameters), QString("44,426"));
    QCOMPARE(text(last, LayerTreeModel::MultiplyAdds), QString("281,640"));
    QCOMPARE(text(last, LayerTreeModel::Share), QString("100.0 %"));
    QCOMPARE(text(1, LayerTreeModel::Kind), QString("conv2d 6, 5×5 + relu"));
    QCOMPARE(text(1, LayerTreeModel::Share), QString("30.7 %")); // 86,400 of 281,640
    // It stands for no box.
    shown.layers().setCurrentIndex(model->index(last, 0));
    QCOMPARE(shown.diagram().selected(), -1);
}

void TestLayersPage::marksWhatIsFrozen()
{
    ShownPage shown("lenet");
    auto& tree = shown.layers();
    QVERIFY(tree.isColumnHidden(LayerTreeModel::Weights));
    const LoweredModel lenet = modelNamed("lenet");
    const auto second = std::ranges::find(lenet.nodes, "conv2", &LoweredNode::name);
    const auto frozen = static_cast<int>(second - lenet.nodes.begin()); // all before it
    shown.page.showModel(lenet, frozen);
    QVERIFY(!tree.isColumnHidden(LayerTreeModel::Weights));
    const auto weights = [&](const std::string& name) {
        return static_cast<LayerTreeModel*>(tree.model())
            ->indexOf(shown.item(name), LayerTreeModel::Weights)
            .data()
            .toString();
    };
    QCOMPARE(weights("conv1"), QString("frozen"));
    QCOMPARE(weights("conv2"), QString("trained"));
    QCOMPARE(weights("pool1"), QString()); // there is nothing to freeze
    QCOMPARE(weights(""), QString("partly"));
    QVERIFY(modelSummary(lenet, frozen).startsWith("156 frozen + 44,270 trained parameters"));
    LayerTableView table;
    table.setModelShown(lenet, frozen);
    QCOMPARE(table.model()->index(0, LayerTableModel::Weights).data().toString(), QString("frozen"));
    QVERIFY(!table.isColumnHidden(LayerTableModel::Weights));
    shown.page.showModel(lenet);
    QVERIFY(tree.isColumnHidden(LayerTreeModel::Weights));
}

void TestLayersPage::aClickInTheDiagramSelectsInTheTree()
{
    ShownPage shown("resnet18");
    const int conv = shown.item("conv1");
    shown.click(conv);
    QCOMPARE(shown.layers().selected(), conv);
    const int block = shown.item("layer1.0"); // a folded group
    shown.click(block);
    QCOMPARE(shown.layers().selected(), block);
    const int frame = shown.item("layer1"); // an open one, at its title
    shown.click(frame);
    QCOMPARE(shown.layers().selected(), frame);
    QTest::mouseClick(shown.diagram().viewport(), Qt::LeftButton, {}, QPoint(2, 2));
    QCOMPARE(shown.layers().selected(), -1);
}

void TestLayersPage::aRowOfTheTreeSelectsInTheDiagram()
{
    ShownPage shown("resnet18");
    const auto* model = static_cast<LayerTreeModel*>(shown.layers().model());
    const int inner = shown.item("layer3.1.conv2");
    shown.layers().setCurrentIndex(model->indexOf(inner));
    QCOMPARE(shown.diagram().selected(), inner);
    QCOMPARE(shown.diagram().diagram().shown(inner), shown.item("layer3.1"));
    QVERIFY(shown.diagram().accessibleDescription().startsWith("layer3.1: residual"));
    shown.diagram().unfoldAll();
    QCOMPARE(shown.diagram().diagram().shown(inner), inner);
}

void TestLayersPage::groupsFoldAndUnfold()
{
    ShownPage shown("resnet18");
    const int block = shown.item("layer1.0");
    const auto boxes = [&] { return shown.diagram().diagram().layout().boxes.size(); };
    const std::size_t before = boxes();
    shown.diagram().ensureVisible(shown.diagram().diagram().rectOf(block));
    QTest::mouseDClick(shown.diagram().viewport(), Qt::LeftButton, {}, shown.place(block));
    QCOMPARE(boxes(), before + 4); // five layers in place of one box
    shown.diagram().toggle(block);
    QCOMPARE(boxes(), before);
    auto* fold = shown.page.findChild<QPushButton*>("foldDiagram");
    QTest::mouseClick(fold, Qt::LeftButton);
    QVERIFY(shown.diagram().isUnfolded());
    QCOMPARE(fold->text(), QString("Fold all"));
    QTest::mouseClick(fold, Qt::LeftButton);
    QCOMPARE(boxes(), std::size_t{10});
    shown.page.showModel(modelNamed("lenet"));
    QVERIFY(!fold->isVisible()); // nothing to fold
}

void TestLayersPage::titlesAreShort()
{
    const LoweredModel model = modelNamed("mobilenetv2");
    const Diagram diagram(model, layerTree(model));
    QStringList titles;
    for (int i = 1; i < static_cast<int>(diagram.tree().size()); ++i)
        titles += diagram.title(i);
    for (const char* wanted :
         {"input", "features", "features.0", "features.1.conv", "conv.0.0", "classifier.1"})
        QVERIFY2(titles.contains(QLatin1String(wanted)), wanted);
    QVERIFY(!titles.contains("0") && !titles.contains(QString()));
}

void TestLayersPage::keysOfTheDiagram()
{
    ShownPage shown("resnet18");
    DiagramView& view = shown.diagram();
    view.setFocus();
    QTest::keyClick(&view, Qt::Key_Down);
    QCOMPARE(shown.layers().selected(), shown.item("input"));
    for (int i = 0; i < 4; ++i)
        QTest::keyClick(&view, Qt::Key_Down);
    QCOMPARE(view.selected(), shown.item("layer1"));
    QTest::keyClick(&view, Qt::Key_Right);
    QCOMPARE(view.selected(), shown.item("layer1.0"));
    QTest::keyClick(&view, Qt::Key_Space);
    QVERIFY(!view.diagram().folded().contains(shown.item("layer1.0")));
    QTest::keyClick(&view, Qt::Key_Left);
    QVERIFY(view.diagram().folded().contains(shown.item("layer1.0")));
    QTest::keyClick(&view, Qt::Key_Left);
    QCOMPARE(view.selected(), shown.item("layer1"));
    const double zoom = view.transform().m11();
    QTest::keyClick(&view, Qt::Key_Plus, Qt::ControlModifier);
    QVERIFY(view.transform().m11() > zoom);
    QTest::keyClick(&view, Qt::Key_0, Qt::ControlModifier);
    const QRectF page = view.mapFromScene(view.sceneRect()).boundingRect();
    QVERIFY(QRectF(view.viewport()->rect()).adjusted(-2, -2, 2, 2).contains(page));
}

void TestLayersPage::aHiddenPageLaysNothingOut()
{
    PageFixture fixture;
    LayersPage page(*fixture.bridge);
    auto* view = page.findChild<DiagramView*>("layerDiagram");
    QSignalSpy laidOut(view, &DiagramView::laidOut);
    page.showModel(modelNamed("resnet50"));
    QCOMPARE(laidOut.count(), 0);
    QVERIFY(view->diagram().isEmpty());
    QCOMPARE(page.findChild<LayerTreeView*>("layerTree")->model()->rowCount(), 0);
    page.show();
    QCOMPARE(laidOut.count(), 1);
}

void TestLayersPage::theSameModelKeepsWhatOneLooksAt()
{
    ShownPage shown("resnet18");
    shown.diagram().unfoldAll();
    shown.click(shown.item("conv1"));
    shown.page.showModel(modelNamed("resnet18"));
    QVERIFY(shown.diagram().isUnfolded());
    QCOMPARE(shown.layers().selected(), shown.item("conv1"));
    shown.page.showModel(modelNamed("lenet"));
    QCOMPARE(shown.diagram().selected(), -1);
}

void TestLayersPage::columnsGiveWay()
{
    LayerTreeView view;
    view.resize(1000, 400);
    view.setTree(layerTree(modelNamed("lenet")), {});
    view.show();
    QVERIFY(!view.isColumnHidden(LayerTreeModel::Output) && !view.isColumnHidden(LayerTreeModel::Share));
    view.resize(300, 400);
    QVERIFY(view.isColumnHidden(LayerTreeModel::Output));
    QVERIFY(!view.isColumnHidden(LayerTreeModel::Parameters));
    view.resize(1000, 400);
    QVERIFY(!view.isColumnHidden(LayerTreeModel::Output));
}

void TestLayersPage::pictures_data()
{
    QTest::addColumn<QString>("name");
    for (const ModelFile& file : modelCatalogue())
        QTest::newRow(file.name.c_str()) << QString::fromStdString(file.name);
}

// Unfolded, the document holds the name and the output of every layer; it can be read and has the page's
// size.
void TestLayersPage::pictures()
{
    QFETCH(QString, name);
    const LoweredModel model = modelNamed(name.toStdString());
    Diagram diagram(model, layerTree(model));
    diagram.setFolded({});
    const QSizeF size = diagram.layout().size;
    const QByteArray svg = diagramSvg(diagram);
    QSvgRenderer renderer(svg);
    QVERIFY(renderer.isValid());
    QCOMPARE(renderer.viewBoxF().size(), size);
    const QString words = wordsOf(svg);
    for (const DiagramBox& box : diagram.layout().boxes) {
        if (diagram.title(box.item).size() < 12) // a longer one may be cut
            QVERIFY2(words.contains(diagram.title(box.item)), qPrintable(diagram.title(box.item)));
    }
    QVERIFY(words.contains(QString::number(model.classes)));
    const QImage image = diagramImage(diagram);
    const double scale = std::min(2.0, 16'000 / size.height());
    QCOMPARE(image.height(), static_cast<int>(std::ceil(size.height() * scale)));
    QCOMPARE(image.pixelColor(0, 0), QColor(Qt::white));
}

void TestLayersPage::filesAreWritten()
{
    ThemeManager::instance().install(*qApp, Appearance::Dark);
    ShownPage shown("lenet");
    const QString png = QString::fromStdString((shown.fixture.folder / "lenet.png").string());
    shown.page.exportTo(png);
    QTRY_COMPARE(shown.note(), "Written: " + png);
    const QImage image(png);
    QCOMPARE(image.size(), (shown.diagram().diagram().layout().size * 2).toSize());
    QCOMPARE(image.pixelColor(1, 1), QColor(Qt::white)); // light, whatever the window is
    const QString svg = QString::fromStdString((shown.fixture.folder / "lenet.svg").string());
    shown.page.exportTo(svg);
    QTRY_COMPARE(shown.note(), "Written: " + svg);
    QVERIFY(QSvgRenderer(svg).isValid());
    shown.page.exportTo(QStringLiteral("/nowhere/lenet.svg"));
    QTRY_VERIFY(shown.note().startsWith("/nowhere/lenet.svg could not be written"));
}

QTEST_MAIN(TestLayersPage)
#include "tst_layerspage.moc"
