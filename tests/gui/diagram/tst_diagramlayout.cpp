// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/diagram/diagramlayout.h"
#include "tests/core/model/modelsupport.h"

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

const DiagramMeasures measures;

struct LaidOut
{
    explicit LaidOut(const LoweredModel& lowered, bool open = true)
        : model(lowered), tree(layerTree(model)), folded(open ? std::set<int>{} : foldedAtFirst(tree)),
          layout(layoutDiagram(model, tree, folded, measures))
    {}

    LoweredModel model;
    LayerTree tree;
    std::set<int> folded;
    DiagramLayout layout;

    const DiagramBox& box(const std::string& name) const
    {
        for (const DiagramBox& box : layout.boxes)
            if (tree[static_cast<std::size_t>(box.item)].name == name)
                return box;
        qFatal("no box called %s", name.c_str());
    }
};

bool isInside(const LayerTree& tree, int item, int group)
{
    while (item > 0 && item != group)
        item = tree[static_cast<std::size_t>(item)].parent;
    return item == group;
}

/// Two things on the page may touch only where one is a frame around the other.
bool boxesAreApart(const LaidOut& diagram)
{
    const auto& boxes = diagram.layout.boxes;
    for (std::size_t i = 0; i < boxes.size(); ++i)
        for (std::size_t k = i + 1; k < boxes.size(); ++k)
            if (boxes[i].rect.intersects(boxes[k].rect))
                return false;
    return true;
}

bool framesHoldTheirOwn(const LaidOut& diagram)
{
    for (const DiagramFrame& frame : diagram.layout.frames) {
        for (const DiagramBox& box : diagram.layout.boxes)
            if (isInside(diagram.tree, box.item, frame.item) ? !frame.rect.contains(box.rect)
                                                             : frame.rect.intersects(box.rect))
                return false;
        for (const DiagramFrame& other : diagram.layout.frames)
            if (other.item != frame.item && !isInside(diagram.tree, other.item, frame.item) &&
                !isInside(diagram.tree, frame.item, other.item) && frame.rect.intersects(other.rect))
                return false;
    }
    return true;
}

bool isDownward(const DiagramEdge& edge)
{
    for (std::size_t i = 1; i < edge.points.size(); ++i)
        if (edge.points[i].y() <= edge.points[i - 1].y())
            return false;
    return edge.points.size() >= 2;
}

/// Where a line runs straight down it passes no box; where it bends no box is at that height.
bool crossesABox(const LaidOut& diagram, const DiagramEdge& edge)
{
    for (std::size_t i = 1; i < edge.points.size(); ++i) {
        const QRectF span = QRectF(edge.points[i - 1], edge.points[i]).normalized();
        for (const DiagramBox& box : diagram.layout.boxes) {
            const QRectF inner = box.rect.adjusted(1, 1, -1, -1);
            if (span.left() < inner.right() && span.right() > inner.left() && span.top() < inner.bottom() &&
                span.bottom() > inner.top())
                return true;
        }
    }
    return false;
}

/// A line begins at the lower side of a box, or where another ends at the border of a frame.
bool beginsSomewhere(const LaidOut& diagram, const DiagramEdge& edge)
{
    const QPointF start = edge.points.front();
    for (const DiagramBox& box : diagram.layout.boxes)
        if (box.item == edge.from)
            return start == QPointF(box.rect.center().x(), box.rect.bottom());
    return std::any_of(diagram.layout.edges.begin(), diagram.layout.edges.end(),
                       [&](const DiagramEdge& other) { return other.points.back() == start; });
}

bool endsSomewhere(const LaidOut& diagram, const DiagramEdge& edge)
{
    const QPointF end = edge.points.back();
    for (const DiagramBox& box : diagram.layout.boxes)
        if (box.item == edge.to)
            return edge.arrow && end == QPointF(box.rect.center().x(), box.rect.top());
    return std::any_of(diagram.layout.edges.begin(), diagram.layout.edges.end(),
                       [&](const DiagramEdge& other) { return other.points.front() == end; });
}

/// How many arrows come to a box.
int arrowsTo(const LaidOut& diagram, int item)
{
    return static_cast<int>(
        std::count_if(diagram.layout.edges.begin(), diagram.layout.edges.end(),
                      [&](const DiagramEdge& edge) { return edge.to == item && edge.arrow; }));
}

void addModels()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("open");
    for (const ModelFile& file : modelCatalogue()) {
        const QString name = QString::fromStdString(file.name);
        QTest::newRow(qPrintable(name + ", unfolded")) << name << true;
        QTest::newRow(qPrintable(name + ", at first")) << name << false;
    }
}

const std::string branches = R"({"kind":"concat","branches":[
    {"kind":"conv2d","name":"a","filters":4,"kernel":1},
    {"kind":"sequential","name":"b","layers":[{"kind":"conv2d","filters":4,"kernel":1},
                                              {"kind":"conv2d","filters":8,"kernel":3,"padding":1}]},
    {"kind":"conv2d","name":"c","filters":2,"kernel":1}]},
    {"kind":"flatten"},{"kind":"linear","features":"classes"})";

} // namespace

class TestDiagramLayout : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyModelIsDrawn_data() { addModels(); }
    void everyModelIsDrawn();
    void everyLayerHasItsArrows();
    void trunkIsStraight();
    void armsStandBesideTheBody();
    void branchesStandSideBySide();
    void anyFoldingIsDrawn();
    void smallModelsAreUnfoldedAtFirst();
    void nothing();
};

void TestDiagramLayout::everyModelIsDrawn()
{
    QFETCH(QString, name);
    QFETCH(bool, open);
    const LaidOut diagram(*loweredByName(name.toStdString()), open);
    std::size_t shown = 0;
    for (const DiagramBox& box : diagram.layout.boxes) {
        const LayerItem& item = diagram.tree[static_cast<std::size_t>(box.item)];
        shown += static_cast<std::size_t>(item.last - item.first) + 1;
        QVERIFY(QRectF(QPointF(0, 0), diagram.layout.size).contains(box.rect));
        QCOMPARE(box.folded, item.group());
        if (box.item != 1)
            QVERIFY(arrowsTo(diagram, box.item) > 0);
    }
    QCOMPARE(shown, diagram.model.nodes.size());
    QVERIFY(boxesAreApart(diagram));
    QVERIFY(framesHoldTheirOwn(diagram));
    for (const DiagramEdge& edge : diagram.layout.edges) {
        QVERIFY(isDownward(edge));
        QVERIFY(!crossesABox(diagram, edge));
        QVERIFY(beginsSomewhere(diagram, edge));
        QVERIFY(endsSomewhere(diagram, edge));
    }
}

// Unfolded, each layer shows one arrow for each layer that it takes its input from.
void TestDiagramLayout::everyLayerHasItsArrows()
{
    const LaidOut diagram(*loweredByName("resnet50"));
    for (const DiagramBox& box : diagram.layout.boxes) {
        const LayerItem& item = diagram.tree[static_cast<std::size_t>(box.item)];
        const auto& node = diagram.model.nodes[static_cast<std::size_t>(item.first)];
        QCOMPARE(arrowsTo(diagram, box.item), static_cast<int>(node.inputs.size()));
    }
}

void TestDiagramLayout::trunkIsStraight()
{
    const LaidOut diagram(*loweredByName("resnet18"));
    const double x = diagram.box("input").rect.center().x();
    for (const char* name : {"conv1", "layer1.0.conv1", "layer1.1.bn2", "layer4.1.conv2", "fc"})
        QCOMPARE(diagram.box(name).rect.center().x(), x);
}

void TestDiagramLayout::armsStandBesideTheBody()
{
    const LaidOut diagram(*loweredByName("resnet18"));
    const QRectF body = diagram.box("layer2.0.conv1").rect;
    const QRectF arm = diagram.box("layer2.0.downsample.0").rect;
    QVERIFY(arm.left() > body.right());
    QVERIFY(arm.top() < diagram.box("layer2.0.bn2").rect.top());
}

void TestDiagramLayout::branchesStandSideBySide()
{
    const auto model = loweredOf(modelText(branches));
    VERIFY_OK(model);
    const LaidOut diagram(*model);
    QCOMPARE(diagram.box("a").rect.top(), diagram.box("c").rect.top());
    QVERIFY(diagram.box("b.0").rect.left() > diagram.box("a").rect.right());
    QVERIFY(diagram.box("c").rect.left() > diagram.box("b.0").rect.right());
    QVERIFY(boxesAreApart(diagram) && framesHoldTheirOwn(diagram));
    QCOMPARE(arrowsTo(diagram, diagram.box("concat1").item), 3);
}

// Each group of a ResNet folded on its own, and each alone unfolded with those around it.
void TestDiagramLayout::anyFoldingIsDrawn()
{
    const auto model = loweredByName("resnet34");
    const LayerTree tree = layerTree(*model);
    LaidOut diagram(*model);
    for (const int group : allGroups(tree)) {
        diagram.folded = {group};
        diagram.layout = layoutDiagram(diagram.model, tree, diagram.folded, measures);
        QVERIFY(boxesAreApart(diagram) && framesHoldTheirOwn(diagram));
        diagram.folded = allGroups(tree);
        for (int open = group; open > 0; open = tree[static_cast<std::size_t>(open)].parent)
            diagram.folded.erase(open);
        diagram.layout = layoutDiagram(diagram.model, tree, diagram.folded, measures);
        QVERIFY(boxesAreApart(diagram) && framesHoldTheirOwn(diagram));
        for (const DiagramEdge& edge : diagram.layout.edges)
            QVERIFY(isDownward(edge) && beginsSomewhere(diagram, edge) && endsSomewhere(diagram, edge));
    }
}

void TestDiagramLayout::smallModelsAreUnfoldedAtFirst()
{
    QVERIFY(foldedAtFirst(layerTree(*loweredByName("alexnet"))).empty());
    const LaidOut large(*loweredByName("resnet50"), false);
    QCOMPARE(large.layout.boxes.size(), std::size_t{10}); // input, stem of 3, four stages, head of 2
    QVERIFY(large.layout.frames.empty());
    // One folded "features" would say nothing: its blocks are shown.
    QVERIFY(LaidOut(*loweredByName("mobilenetv2"), false).layout.boxes.size() > 15);
}

void TestDiagramLayout::nothing()
{
    QVERIFY(layoutDiagram({}, {}, {}, measures).boxes.empty());
    QVERIFY(foldedAtFirst({}).empty());
}

QTEST_APPLESS_MAIN(TestDiagramLayout)
#include "tst_diagramlayout.moc"

#include <algorithm>
