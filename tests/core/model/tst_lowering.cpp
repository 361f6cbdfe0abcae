// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/philox.h"
#include "tests/core/model/modelsupport.h"

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

struct Figures
{
    std::string name;
    Shape output;
    std::int64_t multiplyAdds;
};

/// Replaces, removes, doubles or inserts a few bytes.
std::string mutated(std::string text, Random& random)
{
    static constexpr std::string_view bytes = "{}[]\":,0123456789.-+eE \\lcns\xff";
    for (std::uint32_t edits = 1 + random.below(3); edits > 0 && !text.empty(); --edits) {
        const std::size_t at = random.below(static_cast<std::uint32_t>(text.size()));
        switch (random.below(4)) {
        case 0:
            text[at] = bytes[random.below(static_cast<std::uint32_t>(bytes.size()))];
            break;
        case 1:
            text.erase(at, 1 + random.below(12));
            break;
        case 2:
            text.insert(at, 1, bytes[random.below(static_cast<std::uint32_t>(bytes.size()))]);
            break;
        default:
            text.insert(at, text.substr(at / 2, random.below(60)));
            break;
        }
    }
    return text;
}

} // namespace

class TestLowering : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lenetHasTheFiguresOfKeras();
    void lenetBeginsAsKerasDoes();
    void mlpBeginsAsPyTorchDoes();
    void layerTableReadsAsDesigned();
    void mlpTable();
    void expressionsFollowTheData();
    void nestedSequencesAreFlat();
    void freeNamesPassThoseThatAreTaken();
    void stridePaddingAndPairs();
    void refusals_data();
    void refusals();
    void otherDataIsNamed();
    void mutantsNeverHarm();
};

void TestLowering::lenetHasTheFiguresOfKeras()
{
    const auto model = loweredByName("lenet");
    VERIFY_OK(model);
    QCOMPARE(model->parameterCount(), std::int64_t{44'426});
    QCOMPARE(model->multiplyAdds(), std::int64_t{86'400 + 153'600 + 30'720 + 10'080 + 840});
    const std::vector<Figures> wanted = {{"conv1", {6, 24, 24}, 86'400},
                                         {"pool1", {6, 12, 12}, 0},
                                         {"conv2", {16, 8, 8}, 153'600},
                                         {"pool2", {16, 4, 4}, 0},
                                         {"fc1", {120}, 30'720},
                                         {"fc2", {84}, 10'080},
                                         {"fc3", {10}, 840}};
    for (const Figures& figures : wanted) {
        const auto node = std::find_if(model->nodes.begin(), model->nodes.end(),
                                       [&](const LoweredNode& each) { return each.name == figures.name; });
        QVERIFY2(node != model->nodes.end(), figures.name.c_str());
        QCOMPARE(node->output, figures.output);
        QCOMPARE(node->multiplyAdds, figures.multiplyAdds);
    }
    for (std::size_t i = 1; i < model->nodes.size(); ++i)
        QCOMPARE(model->nodes[i].inputs, std::vector<int>{static_cast<int>(i) - 1});
}

void TestLowering::lenetBeginsAsKerasDoes()
{
    const auto model = loweredByName("lenet");
    VERIFY_OK(model);
    std::vector<ParameterSpec> parameters;
    for (const LoweredNode& node : model->nodes)
        parameters.insert(parameters.end(), node.parameters.begin(), node.parameters.end());
    using I = Initialisation;
    const std::vector<ParameterSpec> wanted = {
        {"conv1.weight", {6, 1, 5, 5}, I::GlorotUniform, 25, 150},   {"conv1.bias", {6}, I::Zeros, 25, 150},
        {"conv2.weight", {16, 6, 5, 5}, I::GlorotUniform, 150, 400}, {"conv2.bias", {16}, I::Zeros, 150, 400},
        {"fc1.weight", {120, 256}, I::GlorotUniform, 256, 120},      {"fc1.bias", {120}, I::Zeros, 256, 120},
        {"fc2.weight", {84, 120}, I::GlorotUniform, 120, 84},        {"fc2.bias", {84}, I::Zeros, 120, 84},
        {"fc3.weight", {10, 84}, I::GlorotUniform, 84, 10},          {"fc3.bias", {10}, I::Zeros, 84, 10}};
    QVERIFY(parameters == wanted);
}

void TestLowering::mlpBeginsAsPyTorchDoes()
{
    const auto model = loweredByName("mlp");
    VERIFY_OK(model);
    QCOMPARE(model->parameterCount(), std::int64_t{784 * 512 + 512 + 512 * 256 + 256 + 256 * 10 + 10});
    const auto& first = model->nodes[2];
    QCOMPARE(first.name, std::string("fc1"));
    QCOMPARE(first.parameters[0].initialisation, Initialisation::KaimingUniform);
    QCOMPARE(first.parameters[1].initialisation, Initialisation::FanInUniform);
    QCOMPARE(first.parameters[1].fanIn, std::int64_t{784});
}

void TestLowering::layerTableReadsAsDesigned()
{
    const auto model = loweredByName("lenet");
    VERIFY_OK(model);
    const std::vector<LayerRow> wanted = {
        {"conv1", "conv2d", "conv2d 6, 5×5 + relu", {6, 24, 24}, 156, 86'400},
        {"pool1", "maxpool2d", "max-pool 2", {6, 12, 12}, 0, 0},
        {"conv2", "conv2d", "conv2d 16, 5×5 + relu", {16, 8, 8}, 2'416, 153'600},
        {"pool2", "maxpool2d", "max-pool 2, flatten", {256}, 0, 0},
        {"fc1", "linear", "linear 120 + relu + dropout .5", {120}, 30'840, 30'720},
        {"fc2", "linear", "linear 84 + relu + dropout .5", {84}, 10'164, 10'080},
        {"fc3", "linear", "linear 10", {10}, 850, 840}};
    QVERIFY(layerTable(*model) == wanted);
}

void TestLowering::mlpTable()
{
    const auto model = loweredByName("mlp");
    VERIFY_OK(model);
    const auto rows = layerTable(*model);
    QCOMPARE(rows.size(), std::size_t{4});
    QCOMPARE(rows[0].summary, std::string("flatten"));
    QCOMPARE(rows[1].summary, std::string("linear 512 + relu + dropout .2"));
}

void TestLowering::expressionsFollowTheData()
{
    const auto file = findModel("lenet");
    VERIFY_OK(file);
    const auto colour = lower(*file, {3, 32, 32}, 100);
    VERIFY_OK(colour);
    QCOMPARE(colour->nodes.back().output, Shape{100});
    QCOMPARE(colour->nodes[1].parameters[0].shape, (Shape{6, 3, 5, 5}));
    const auto channels =
        loweredOf(modelText(R"({"kind":"conv2d","filters":"channels","kernel":3},{"kind":"flatten"},
        {"kind":"linear","features":"classes"})",
                            "[3,8,8]"));
    VERIFY_OK(channels);
    QCOMPARE(channels->nodes[1].output, (Shape{3, 6, 6}));
}

void TestLowering::nestedSequencesAreFlat()
{
    const auto nested = loweredOf(modelText(R"({"kind":"sequential","layers":[{"kind":"flatten"},
        {"kind":"sequential","layers":[{"kind":"relu"}]}]},{"kind":"linear","features":10})"));
    const auto flat =
        loweredOf(modelText(R"({"kind":"flatten"},{"kind":"relu"},{"kind":"linear","features":10})"));
    VERIFY_OK(nested);
    VERIFY_OK(flat);
    QVERIFY(*nested == *flat);
}

void TestLowering::freeNamesPassThoseThatAreTaken()
{
    const auto model = loweredOf(modelText(R"({"kind":"flatten"},{"kind":"relu"},{"kind":"relu"},
        {"kind":"linear","features":7},{"kind":"relu","name":"relu2"},{"kind":"linear","features":10})"));
    VERIFY_OK(model);
    std::vector<std::string> names;
    for (const LoweredNode& node : model->nodes)
        names.push_back(node.name);
    QCOMPARE(names, (std::vector<std::string>{"input", "flatten1", "relu1", "relu3", "linear1", "relu2",
                                              "linear2"}));
    QCOMPARE(model->nodes.back().parameters[0].name, std::string("linear2.weight"));
}

void TestLowering::stridePaddingAndPairs()
{
    const auto model = loweredOf(
        modelText(R"({"kind":"conv2d","filters":4,"kernel":[3,5],"stride":2,"padding":[1,0],"bias":false},
        {"kind":"maxpool2d","kernel":3,"stride":[2,1],"padding":1},{"kind":"flatten"},{"kind":"linear","features":10})"));
    VERIFY_OK(model);
    // (28 + 2 - 3) / 2 + 1 = 14, (28 - 5) / 2 + 1 = 12; (14 + 2 - 3) / 2 + 1 = 7, (12 + 2 - 3) / 1 + 1 = 12
    QCOMPARE(model->nodes[1].output, (Shape{4, 14, 12}));
    QCOMPARE(model->nodes[2].output, (Shape{4, 7, 12}));
    QCOMPARE(model->nodes[1].parameters.size(), std::size_t{1});
    const auto rows = layerTable(*model);
    QCOMPARE(rows[0].summary, std::string("conv2d 4, 3×5, stride 2, padding 1×0, no bias"));
    QCOMPARE(rows[1].summary, std::string("max-pool 3, stride 2×1, padding 1, flatten"));
}

void TestLowering::refusals_data()
{
    QTest::addColumn<QString>("layers");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* layers, const char* message) {
        QTest::newRow(layers) << layers << message;
    };
    row(R"({"kind":"maxpool2d","kernel":14},{"kind":"conv2d","filters":6,"kernel":5})",
        "test.json: body.layers[1]: a window of 5×5 does not fit an input of 1×2×2.");
    row(R"({"kind":"conv2d","filters":6,"kernel":40,"padding":2})",
        "body.layers[0]: a window of 40×40 does not fit an input of 1×28×28 with padding 2.");
    row(R"({"kind":"maxpool2d","kernel":2,"padding":2})",
        "a padding of 2 is more than half of the window of 2.");
    row(R"({"kind":"conv2d","filters":1000000000,"kernel":1,"padding":1000000})",
        "an output of 1000000000×2000028×2000028 is too large");
    row(R"({"kind":"flatten"},{"kind":"linear","features":1000000000},{"kind":"linear","features":1000000000})",
        "body.layers[2]: a parameter of 1000000000×1000000000 is too large: at most 2^40 elements are "
        "possible.");
    row(R"({"kind":"conv2d","filters":1099511627777,"kernel":1})",
        "body.layers[0].filters: found 1099511627777, wanted a whole number from 1 to 1000000000, "
        "\"classes\" or \"channels\".");
    row(R"({"kind":"conv2d","filters":6})", "body.layers[0].kernel: found nothing, wanted a whole number "
                                            "from 1 to 1000000, or two as [rows, columns].");
    row(R"({"kind":"conv2d","filters":0,"kernel":5})",
        "body.layers[0].filters: found 0, wanted a whole number from 1");
    row(R"({"kind":"conv2d","filters":6,"kernel":[5]})",
        "body.layers[0].kernel: found [5], wanted a whole number");
    row(R"({"kind":"conv2d","filters":6,"kernel":[5,0]})", "body.layers[0].kernel: found [5,0]");
    row(R"({"kind":"conv2d","filters":6,"kernel":5,"stride":0})", "body.layers[0].stride: found 0");
    row(R"({"kind":"conv2d","filters":"clases","kernel":5})",
        "body.layers[0].filters: found \"clases\", wanted");
    row(R"({"kind":"conv2d","filters":6,"kernel":5,"bias":1})",
        "body.layers[0].bias: found 1, wanted true or false.");
    row(R"({"kind":"conv2d","filters":6,"kernel":5,"initialisation":"glorrot"})",
        "body.layers[0].initialisation: found \"glorrot\", wanted one of glorot, kaiming, kaiming_normal, "
        "kaiming_normal_in, normal.");
    row(R"({"kind":"conv2d","filters":6,"kernel":5,"strides":2})",
        "body.layers[0].strides: found an unknown key, wanted \"stride\" perhaps.");
    row(R"({"kind":"relu","slope":1})",
        "body.layers[0].slope: found an unknown key, wanted none: relu has no attributes.");
    row(R"({"kind":"dropout","p":1})", "body.layers[0].p: found 1, wanted a number from 0 to 0.99.");
    row(R"({"kind":"linear","features":10})",
        "body.layers[0]: found an input of 1×28×28, wanted a flat one: put a flatten before it.");
    row(R"({"kind":"flatten"},{"kind":"conv2d","filters":6,"kernel":5})",
        "body.layers[1]: found an input of 784, wanted channels×rows×columns: put this layer before the "
        "flatten.");
    row(R"({"kind":"flatten"},{"kind":"linear","features":9})",
        "test.json: the last layer: found an output of 9, wanted 10, one logit for each class");
}

void TestLowering::refusals()
{
    QFETCH(QString, layers);
    QFETCH(QString, message);
    VERIFY_ERROR(loweredOf(modelText(layers.toStdString())), message.toStdString());
}

void TestLowering::otherDataIsNamed()
{
    const auto file = findModel("lenet");
    VERIFY_OK(file);
    VERIFY_ERROR(
        lower(*file, {1, 8, 8}, 10),
        "lenet.json: body.layers[3]: a window of 5×5 does not fit an input of 6×2×2. The model was made for "
        "1×28×28, the data has 1×8×8: choose others that fit.");
    VERIFY_ERROR(lower(*file, {28, 28}, 10), "found 28×28, wanted channels×rows×columns");
    VERIFY_ERROR(lower(*file, {}, 10), "wanted channels×rows×columns");
    VERIFY_ERROR(lower(*file, {1, 0, 28}, 10), "each at least 1");
    VERIFY_ERROR(lower(*file, {1, 1LL << 31, 1LL << 31}, 10),
                 "an input of 1×2147483648×2147483648 is too large");
    VERIFY_ERROR(lower(*file, {1, 28, 28}, 0), "classes: found 0, wanted at least 1");
}

void TestLowering::mutantsNeverHarm()
{
    const auto file = readText(std::string(TORCHDESK_SOURCE_DIR) + "/models/lenet.json");
    VERIFY_OK(file);
    int accepted = 0;
    for (std::uint32_t i = 0; i < 10'000; ++i) {
        Random random(2, Purpose::Augmentation, 0, i);
        const auto model = loweredOf(mutated(*file, random));
        if (!model) {
            QVERIFY(model.error().message.starts_with("test.json"));
            continue;
        }
        // What passes is whole: its sums are sane and it survives the way to disk and back.
        ++accepted;
        QVERIFY(model->parameterCount() >= 0 && model->multiplyAdds() >= 0);
        QVERIFY(!layerTable(*model).empty());
        const auto back = loweredFromJson(toJson(*model), "model.json");
        VERIFY_OK(back);
        QVERIFY(*back == *model);
    }
    QVERIFY2(accepted > 50, "too few mutants pass: the test would see nothing of what happens then");
}

QTEST_APPLESS_MAIN(TestLowering)
#include "tst_lowering.moc"
