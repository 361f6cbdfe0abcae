// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/layertree.h"

#include "core/base/text.h"
#include "tests/core/model/modelsupport.h"

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

/// The tree as lines: two spaces a level, label, what it is, output, parameters, multiply-adds.
std::string treeText(const LayerTree& tree, int index = 0, int depth = 0)
{
    const LayerItem& item = tree[static_cast<std::size_t>(index)];
    const std::string what = item.group() ? std::to_string(item.layers) + " layers" : item.summary;
    std::string text = std::string(static_cast<std::size_t>(depth) * 2, ' ') + item.label + " | " + what +
                       " | " + shapeText(item.output) + " | " + std::to_string(item.parameters) + " | " +
                       std::to_string(item.multiplyAdds) + "\n";
    for (const int child : item.children)
        text += treeText(tree, child, depth + 1);
    return text;
}

LayerTree treeOf(const std::string& name)
{
    return layerTree(*loweredByName(name));
}

const LayerItem& named(const LayerTree& tree, const std::string& name)
{
    const auto found =
        std::find_if(tree.begin(), tree.end(), [&](const LayerItem& item) { return item.name == name; });
    if (found == tree.end())
        qFatal("no item called %s", name.c_str());
    return *found;
}

} // namespace

class TestLayerTree : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void flatModels();
    void groupsByDottedNames();
    void aGroupOfOneIsItsChild();
    void anOutputThatSomebodyElseTakesIsNotJoined();
    void sumsEqualTheTotals_data();
    void sumsEqualTheTotals();
    void nodesAreFound();
    void nothing();
};

void TestLayerTree::flatModels()
{
    QCOMPARE(treeText(treeOf("lenet")),
             std::string(" | 7 layers | 10 | 44426 | 281640\n"
                         "  input |  | 1×28×28 | 0 | 0\n"
                         "  conv1 | conv2d 6, 5×5 + relu | 6×24×24 | 156 | 86400\n"
                         "  pool1 | max-pool 2 | 6×12×12 | 0 | 0\n"
                         "  conv2 | conv2d 16, 5×5 + relu | 16×8×8 | 2416 | 153600\n"
                         "  pool2 | max-pool 2, flatten | 256 | 0 | 0\n"
                         "  fc1 | linear 120 + relu + dropout .5 | 120 | 30840 | 30720\n"
                         "  fc2 | linear 84 + relu + dropout .5 | 84 | 10164 | 10080\n"
                         "  fc3 | linear 10 | 10 | 850 | 840\n"));
}

// torchvision's resnet18: layer1 has 147,968 parameters, its first block half of them.
void TestLayerTree::groupsByDottedNames()
{
    const LayerTree tree = treeOf("resnet18");
    const LayerItem& layer = named(tree, "layer1");
    QCOMPARE(layer.parameters, std::int64_t{147'968});
    QCOMPARE(layer.children.size(), std::size_t{2});
    QVERIFY(!layer.sum);
    const LayerItem& block = named(tree, "layer1.0");
    QCOMPARE(block.parameters, std::int64_t{73'984});
    QCOMPARE(block.label, std::string("0"));
    QCOMPARE(block.layers, 5);
    QVERIFY(block.sum);
    QCOMPARE(block.output, (Shape{64, 56, 56}));
    QCOMPARE(tree[static_cast<std::size_t>(block.parent)].name, std::string("layer1"));
    QCOMPARE(named(tree, "layer2.0.downsample").layers, 2);
    // The activation behind the sum belongs to its row.
    const LayerItem& last = tree[static_cast<std::size_t>(block.children.back())];
    QCOMPARE(last.kind, std::string("add"));
    QVERIFY(last.summary.ends_with(" + relu"));
}

void TestLayerTree::aGroupOfOneIsItsChild()
{
    const LayerTree tree = treeOf("mobilenetv2");
    const LayerItem& second = named(tree, "features.1.conv");
    QCOMPARE(second.label, std::string("1.conv"));
    QCOMPARE(tree[static_cast<std::size_t>(second.parent)].name, std::string("features"));
    for (const LayerItem& item : tree)
        QVERIFY(item.parent < 0 || item.children.size() != 1);
}

void TestLayerTree::anOutputThatSomebodyElseTakesIsNotJoined()
{
    const auto model = loweredOf(modelText(
        R"({"kind":"flatten"},{"kind":"linear","features":8,"name":"a"},
           {"kind":"residual","body":{"kind":"sequential","layers":[{"kind":"relu"}]}},
           {"kind":"linear","features":"classes"})"));
    VERIFY_OK(model);
    const LayerTree tree = layerTree(*model);
    QCOMPARE(named(tree, "a").summary, std::string("linear 8"));
    QCOMPARE(named(tree, "relu1").summary, std::string("relu"));
}

void TestLayerTree::sumsEqualTheTotals_data()
{
    QTest::addColumn<QString>("name");
    for (const ModelFile& file : modelCatalogue())
        QTest::newRow(file.name.c_str()) << QString::fromStdString(file.name);
}

void TestLayerTree::sumsEqualTheTotals()
{
    QFETCH(QString, name);
    const auto model = loweredByName(name.toStdString());
    VERIFY_OK(model);
    const LayerTree tree = layerTree(*model);
    QCOMPARE(tree[0].parameters, model->parameterCount());
    QCOMPARE(tree[0].multiplyAdds, model->multiplyAdds());
    QCOMPARE(tree[0].output, model->nodes.back().output);
    int next = 0; // each node is held once, in order
    for (const LayerItem& item : tree) {
        if (item.group())
            continue;
        QCOMPARE(item.first, next);
        next = item.last + 1;
    }
    QCOMPARE(next, static_cast<int>(model->nodes.size()));
    for (std::size_t i = 1; i < tree.size(); ++i)
        QVERIFY(tree[i].parent < static_cast<int>(i));
}

void TestLayerTree::nodesAreFound()
{
    const LayerTree tree = treeOf("lenet");
    QCOMPARE(itemOfNode(tree, 0), 1);
    QCOMPARE(itemOfNode(tree, 2), 2); // the relu behind conv1
    QCOMPARE(itemOfNode(tree, 99), -1);
    QCOMPARE(shareOf(1, 4), 0.25);
    QCOMPARE(shareOf(1, 0), 0.0);
}

void TestLayerTree::nothing()
{
    QVERIFY(layerTree({}).empty());
}

QTEST_APPLESS_MAIN(TestLayerTree)
#include "tst_layertree.moc"

#include <algorithm>
