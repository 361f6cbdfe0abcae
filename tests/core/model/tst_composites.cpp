// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/scope.h"
#include "tests/core/model/modelsupport.h"

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

std::vector<std::string> namesOf(const LoweredModel& model)
{
    std::vector<std::string> names;
    for (const LoweredNode& node : model.nodes)
        names.push_back(node.name);
    return names;
}

/// A model file with blocks; its body is a sequence of these layers and an end that fits 10 classes.
std::string withBlocks(const std::string& blocks, const std::string& layers)
{
    return R"({"format":1,"label":"Test","input":[3,8,8],"classes":10,"blocks":)" + blocks +
           R"(,"body":{"kind":"sequential","layers":[)" + layers +
           R"(,{"kind":"flatten"},{"kind":"linear","name":"end","features":"classes"}]}})";
}

const char* const unit =
    R"({"unit":{"arguments":{"width":null,"stride":1},"body":{"kind":"residual",
        "body":{"kind":"conv2d","name":"conv","filters":"width","kernel":3,"stride":"stride","padding":1},
        "shortcut":{"kind":"conv2d","name":"down","filters":"width","kernel":1,"stride":"stride"}}}})";

} // namespace

/// Names, repeats, sums, branches and blocks of model files.
class TestComposites : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namedSequencesNumberTheirLayers();
    void repeatsGoOnCounting();
    void residualsAddUp();
    void shortcutsAreForOtherShapes();
    void branchesAreLaidOverEachOther();
    void blocksTakeArguments();
    void namesOfBlocksAreTakenToo();
    void expressionsAreProducts();
    void refusals_data();
    void refusals();
    void shippedModels_data();
    void shippedModels();
    void namesAreTorchvisions();
    void runsOfOlderLayersAreStillRead();
};

void TestComposites::namedSequencesNumberTheirLayers()
{
    const auto model = loweredOf(modelText(
        R"({"kind":"sequential","name":"features","layers":[{"kind":"conv2d","filters":2,"kernel":3},
            {"kind":"relu"},{"kind":"conv2d","name":"last","filters":2,"kernel":3},
            {"kind":"sequential","layers":[{"kind":"relu"}]}]},
           {"kind":"relu"},{"kind":"flatten"},{"kind":"linear","features":10})"));
    VERIFY_OK(model);
    QVERIFY(namesOf(*model) == (std::vector<std::string>{"input", "features.0", "features.1", "features.last",
                                                         "features.3", "relu1", "flatten1", "linear1"}));
    QCOMPARE(model->nodes[1].parameters[0].name, std::string("features.0.weight"));
}

void TestComposites::repeatsGoOnCounting()
{
    const auto model = loweredOf(modelText(
        R"({"kind":"sequential","name":"a","repeat":3,"layers":[{"kind":"relu"}]},
           {"kind":"sequential","repeat":2,"layers":[{"kind":"relu"}]},
           {"kind":"flatten"},{"kind":"linear","features":10})"));
    VERIFY_OK(model);
    QVERIFY(namesOf(*model) == (std::vector<std::string>{"input", "a.0", "a.1", "a.2", "relu1", "relu2",
                                                         "flatten1", "linear1"}));
}

void TestComposites::residualsAddUp()
{
    const auto model = loweredOf(modelText(
        R"({"kind":"residual","body":{"kind":"conv2d","filters":1,"kernel":3,"padding":1}},
           {"kind":"flatten"},{"kind":"linear","features":10})"));
    VERIFY_OK(model);
    QCOMPARE(model->nodes[2].kind, std::string("add"));
    QVERIFY(model->nodes[2].inputs == (std::vector{1, 0}));
    QVERIFY(loweredFromJson(toJson(*model), "test") == *model);
    const auto rows = layerTable(*model);
    QCOMPARE(rows[1].summary, std::string("add, flatten"));
}

void TestComposites::shortcutsAreForOtherShapes()
{
    const auto model = loweredOf(withBlocks(unit, R"({"kind":"sequential","name":"stage","layers":[
        {"kind":"block","use":"unit","with":{"width":4,"stride":2}},
        {"kind":"block","use":"unit","with":{"width":4}}]})"));
    VERIFY_OK(model);
    QVERIFY(namesOf(*model) == (std::vector<std::string>{"input", "stage.0.conv", "stage.0.down", "stage.0.2",
                                                         "stage.1.conv", "stage.1.1", "flatten1", "end"}));
    QVERIFY(model->nodes[3].inputs == (std::vector{1, 2}));
    QVERIFY(model->nodes[5].inputs == (std::vector{4, 3}));
    const auto without = loweredOf(modelText(
        R"({"kind":"residual","only_where_equal":true,"body":{"kind":"maxpool2d","kernel":2}},
           {"kind":"flatten"},{"kind":"linear","features":10})"));
    VERIFY_OK(without);
    QCOMPARE(without->nodes.size(), std::size_t{4}); // nothing to add
}

void TestComposites::branchesAreLaidOverEachOther()
{
    const auto model = loweredOf(modelText(
        R"({"kind":"concat","branches":[{"kind":"conv2d","filters":2,"kernel":1},
            {"kind":"sequential","layers":[{"kind":"conv2d","filters":3,"kernel":3,"padding":1},{"kind":"relu"}]}]},
           {"kind":"flatten"},{"kind":"linear","features":10})"));
    VERIFY_OK(model);
    QCOMPARE(model->nodes[4].kind, std::string("concat"));
    QVERIFY(model->nodes[4].inputs == (std::vector{1, 3}));
    QCOMPARE(model->nodes[4].output, (Shape{5, 28, 28}));
}

void TestComposites::blocksTakeArguments()
{
    const auto model = loweredOf(withBlocks(
        R"({"outer":{"arguments":{"n":2},"body":{"kind":"sequential","repeat":"n","layers":[
              {"kind":"block","use":"inner","with":{"filters":"3*n"}}]}},
            "inner":{"arguments":{"filters":null},"body":{"kind":"conv2d","filters":"filters","kernel":1}}})",
        R"({"kind":"block","name":"a","use":"outer"},{"kind":"block","name":"b","use":"outer","with":{"n":1}})"));
    VERIFY_OK(model);
    QVERIFY(namesOf(*model) ==
            (std::vector<std::string>{"input", "a.0.0", "a.1.0", "b.0.0", "flatten1", "end"}));
    QCOMPARE(model->nodes[1].output[0], std::int64_t{6});
    QCOMPARE(model->nodes[3].output[0], std::int64_t{3});
}

// "relu1" is what a layer without a name would be called; the block has taken it.
void TestComposites::namesOfBlocksAreTakenToo()
{
    const auto model = loweredOf(withBlocks(R"({"a":{"body":{"kind":"relu","name":"relu1"}}})",
                                            R"({"kind":"relu"},{"kind":"block","use":"a"})"));
    VERIFY_OK(model);
    QVERIFY(namesOf(*model) == (std::vector<std::string>{"input", "relu2", "relu1", "flatten1", "end"}));
}

void TestComposites::expressionsAreProducts()
{
    const Scope scope(10, 3);
    QCOMPARE(scope.value(7).value(), std::int64_t{7});
    QCOMPARE(scope.value("classes").value(), std::int64_t{10});
    QCOMPARE(scope.value("4 * channels*classes").value(), std::int64_t{120});
    for (const char* bad : {"", "*", "4*", "4+1", "width", "9223372036854775807*2"})
        QVERIFY2(!scope.value(bad), bad);
    QVERIFY(!scope.value(1.5) && !scope.value(nullptr) && !scope.value(UINT64_MAX));
}

void TestComposites::refusals_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    const auto row = [](const std::string& text, const char* message) {
        QTest::newRow(message) << QString::fromStdString(text) << message;
    };
    const auto blocks = [&](const char* json, const char* message) {
        row(withBlocks(json, R"({"kind":"relu"})"), message);
    };
    const auto layers = [&](const char* json, const char* message) { row(modelText(json), message); };
    const auto uses = [&](const char* json, const char* message) { row(withBlocks(unit, json), message); };
    blocks("[]", "test.json: blocks: found [], wanted an object with a block for each name.");
    blocks(R"({"a-b":{"body":{"kind":"relu"}}})", "blocks: found \"a-b\", wanted a name of letters");
    blocks(R"({"a":{"arguments":{}}})", "blocks.a.body: found nothing, wanted this field.");
    blocks(R"({"a":{"arguments":{"classes":1},"body":{"kind":"relu"}}})",
           "blocks.a.arguments: found \"classes\", wanted a name that the model has no other meaning for.");
    blocks(R"({"a":{"arguments":{"n":1},"body":{"kind":"relu"}}})",
           "blocks.a.arguments.n: found an argument that the body does not use");
    blocks(
        R"({"a":{"arguments":{"n":"1"},"body":{"kind":"sequential","repeat":"n","layers":[{"kind":"relu"}]}}})",
        "blocks.a.arguments.n: found \"1\", wanted a whole number as its default");
    uses(R"({"kind":"block","use":"units"})", "use: found \"units\", wanted one of unit.");
    uses(R"({"kind":"block","use":"unit"})",
         "with.width: found nothing, wanted a whole number, \"classes\" or \"channels\".");
    uses(R"({"kind":"block","use":"unit","with":{"width":4,"depth":2}})", "depth: found an unknown key");
    uses(
        R"({"kind":"block","use":"unit","with":{"width":4}},{"kind":"block","use":"unit","with":{"width":4}})",
        "found \"conv\", wanted a name that no other layer has");
    row(withBlocks(
            R"({"a":{"body":{"kind":"sequential","layers":[{"kind":"relu"},{"kind":"block","use":"a"}]}}})",
            R"({"kind":"block","use":"a"})"),
        "found blocks in blocks without end, wanted at most 32 levels.");
    layers(R"({"kind":"block","use":"a"})", "use: found \"a\", wanted a block, but the file has none.");
    layers(R"({"kind":"residual","body":{"kind":"maxpool2d","kernel":2}})",
           "body.layers[0]: found 1×14×14 and 1×28×28 to add up, wanted equal shapes");
    layers(R"({"kind":"concat","branches":[{"kind":"relu"}]})",
           "branches: found one branch, wanted at least two.");
    layers(R"({"kind":"concat","branches":[{"kind":"relu"},{"kind":"maxpool2d","kernel":2}]})",
           "to put together, wanted shapes that differ in their channels only");
    layers(R"({"kind":"sequential","repeat":0,"layers":[{"kind":"relu"}]})",
           "body.layers[0].repeat: found 0, wanted a whole number from 1 to 1000");
    layers(
        R"({"kind":"sequential","repeat":1000,"layers":[{"kind":"sequential","repeat":1000,"layers":[{"kind":"relu"}]}]})",
        "found more nodes, wanted at most 10000 in a model");
    layers(R"({"kind":"add"})", "found inputs that do not come before it, wanted two or more earlier nodes.");
    layers(
        R"({"kind":"sequential","name":"a","layers":[{"kind":"conv2d","name":"items","filters":1,"kernel":1}]})",
        "found \"a.items\", wanted a name that nn.ModuleDict does not use itself.");
    row(withBlocks(R"({"a":{"body":{"kind":"sequential","name":"stem","layers":[{"kind":"relu"}]}}})",
                   R"({"kind":"relu","name":"stem"},{"kind":"block","use":"a"})"),
        "found \"stem.0\", wanted a name that does not begin as another layer's whole name.");
    layers(R"({"kind":"conv2d","filters":6,"kernel":1},{"kind":"conv2d","filters":4,"kernel":1,"groups":4})",
           "found 4 groups, wanted a number that divides the 6 channels of the input and the 4 filters.");
    layers(R"({"kind":"flatten"},{"kind":"batchnorm2d"})",
           "found an input of 784, wanted channels×rows×columns");
    layers(R"({"kind":"conv2d","filters":6,"kernel":1},{"kind":"subsample","channels":4})",
           "found 4 channels, wanted at least the 6 of the input.");
}

void TestComposites::refusals()
{
    QFETCH(QString, text);
    QFETCH(QString, message);
    VERIFY_ERROR(loweredOf(text.toStdString()), message.toStdString());
}

// The counts are torchvision's, and those of the papers for the others.
void TestComposites::shippedModels_data()
{
    QTest::addColumn<qint64>("parameters");
    QTest::newRow("lenet") << qint64{44'426};
    QTest::newRow("lenet5") << qint64{61'706};
    QTest::newRow("mlp") << qint64{535'818};
    QTest::newRow("smallcnn") << qint64{288'746};
    QTest::newRow("alexnet") << qint64{61'100'840};
    QTest::newRow("resnet18") << qint64{11'689'512};
    QTest::newRow("resnet34") << qint64{21'797'672};
    QTest::newRow("resnet50") << qint64{25'557'032};
    QTest::newRow("resnet20") << qint64{269'722};
    QTest::newRow("mobilenetv2") << qint64{3'504'872};
}

void TestComposites::shippedModels()
{
    QFETCH(qint64, parameters);
    const auto model = loweredByName(QTest::currentDataTag());
    VERIFY_OK(model);
    QCOMPARE(model->parameterCount(), parameters);
    const auto back = loweredFromJson(toJson(*model), "model.json");
    VERIFY_OK(back);
    QVERIFY(*back == *model);
}

void TestComposites::namesAreTorchvisions()
{
    const auto has = [](const char* model, const char* name) {
        const auto lowered = loweredByName(model);
        return lowered &&
               std::any_of(lowered->nodes.begin(), lowered->nodes.end(), [&](const LoweredNode& node) {
                   return std::any_of(node.parameters.begin(), node.parameters.end(),
                                      [&](const ParameterSpec& one) { return one.name == name; });
               });
    };
    QVERIFY(has("alexnet", "features.10.bias") && has("alexnet", "classifier.6.weight"));
    QVERIFY(has("resnet18", "layer2.0.downsample.1.running_var") && has("resnet18", "layer4.1.conv2.weight"));
    QVERIFY(!has("resnet18", "layer1.0.downsample.0.weight"));
    QVERIFY(has("resnet50", "layer1.0.downsample.0.weight") && has("resnet50", "layer3.5.bn3.weight"));
    QVERIFY(has("mobilenetv2", "features.0.0.weight") && has("mobilenetv2", "features.1.conv.0.1.bias"));
    QVERIFY(has("mobilenetv2", "features.17.conv.2.weight") && has("mobilenetv2", "classifier.1.weight"));
}

// A run keeps its lowered model; a layer may have got attributes since.
void TestComposites::runsOfOlderLayersAreStillRead()
{
    const auto model = loweredByName("lenet");
    VERIFY_OK(model);
    Json older = toJson(*model);
    older["nodes"][1]["attributes"].erase("groups");
    const auto read = loweredFromJson(older, "model.json");
    VERIFY_OK(read);
    QVERIFY(*read == *model);
    older["nodes"][1]["attributes"]["bias"] = false;
    VERIFY_ERROR(loweredFromJson(older, "model.json"), "model.json: nodes[1]");
}

QTEST_APPLESS_MAIN(TestComposites)
#include "tst_composites.moc"
