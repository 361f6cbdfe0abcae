// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/safetensors.h"
#include "core/model/catalogue.h"
#include "core/session/startingpoint.h"
#include "core/session/trainingjob.h"
#include "tests/support/testsupport.h"

#include <cmath>
#include <cstring>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

LoweredModel modelOf(const char* name, std::int64_t classes)
{
    const auto file = findModel(name).value();
    return lower(file, file.input, classes).value();
}

/// Zeros under the names of \p model, but for the first value.
void writeWeights(const std::filesystem::path& file, const LoweredModel& model, float first = 0)
{
    std::vector<NamedTensor> tensors;
    for (const LoweredNode& node : model.nodes)
        for (const ParameterSpec& spec : node.parameters)
            tensors.push_back(
                {spec.name, DType::F32, spec.shape,
                 std::make_shared<const Bytes>(static_cast<std::size_t>(elementCount(spec.shape).value()) *
                                               sizeof(float))});
    auto changed = std::make_shared<Bytes>(*tensors.front().bytes);
    std::memcpy(changed->data(), &first, sizeof first);
    tensors.front().bytes = changed;
    VERIFY_OK(writeAtomically(file, writeSafetensors(tensors)));
}

} // namespace

class TestStartingPoint : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void thePlanBeginsWithAFile();
    void otherWeightsAreRefused();
    void brokenWeightsAreRefused();
    void whatIsFrozen();
    void layersThatAreNotThere();
};

void TestStartingPoint::thePlanBeginsWithAFile()
{
    const TemporaryFolder folder;
    writeWeights(folder / "lenet.safetensors", modelOf("lenet", 3));
    TrainingPlan plan;
    plan.start.weights = (folder / "lenet.safetensors").string();
    plan.start.freeze = "body";
    plan.start.releaseEpoch = 3;
    const auto job = prepareJob(plan);
    VERIFY_OK(job);
    QCOMPARE(job->start->tensors.size(), 8u);
    QVERIFY(job->start->ofFile);
    QCOMPARE(job->start->summary,
             "Starts from " + plan.start.weights +
                 ": 8 of 10 tensors matched, fc3 is new for 10 classes; 43,576 of 44,426 parameters are "
                 "frozen until epoch 3.");
    QVERIFY(!prepareJob(TrainingPlan())->start);
}

void TestStartingPoint::otherWeightsAreRefused()
{
    const TemporaryFolder folder;
    writeWeights(folder / "mlp.safetensors", modelOf("mlp", 10));
    StartOptions options;
    options.weights = (folder / "mlp.safetensors").string();
    VERIFY_ERROR(prepareStart(options, modelOf("lenet", 10)), "its weights are not those of model 'lenet'");
    VERIFY_ERROR(prepareStart(options, modelOf("lenet", 10)), "fc1.weight is 512×784, wanted 120×256");
    options.weights = (folder / "nothing.pth").string();
    VERIFY_ERROR(prepareStart(options, modelOf("lenet", 10)), "nothing.pth");
    options.weights = TORCHDESK_SOURCE_DIR "/tests/core/formats/statedicts/whole.pth";
    VERIFY_ERROR(prepareStart(options, modelOf("lenet", 10)), "model.state_dict()");
    options.weights = TORCHDESK_SOURCE_DIR "/tests/core/formats/statedicts/checkpoint.pth";
    VERIFY_ERROR(prepareStart(options, modelOf("lenet", 10)), "'module.' taken off");
    options.weights = folder.path().string();
    VERIFY_ERROR(prepareStart(options, modelOf("lenet", 10)), "run.json is missing");
}

void TestStartingPoint::brokenWeightsAreRefused()
{
    const TemporaryFolder folder;
    const LoweredModel model = modelOf("lenet", 10);
    StartOptions options;
    options.weights = (folder / "broken.safetensors").string();
    writeWeights(options.weights, model, NAN);
    VERIFY_ERROR(prepareStart(options, model),
                 "broken.safetensors: 1 of the values of conv1.weight are not numbers");
    options.weights = (folder / "weights.pth").string();
    writeFile(options.weights, "hello");
    VERIFY_ERROR(prepareStart(options, model), "weights.pth holds no weights: it is neither a state dict as");
}

void TestStartingPoint::whatIsFrozen()
{
    const auto lastFrozen = [](const char* name, const StartOptions& options) {
        const LoweredModel model = modelOf(name, 2);
        const int frozen = frozenNodes(options, model).value();
        return frozen == 0 ? std::string() : model.nodes[static_cast<std::size_t>(frozen - 1)].name;
    };
    StartOptions options;
    QCOMPARE(lastFrozen("resnet18", options), std::string());
    options.freeze = "body";
    QCOMPARE(lastFrozen("resnet18", options), std::string("layer4.1.bn2"));
    // The dropout before the head goes on.
    QCOMPARE(lastFrozen("mobilenetv2", options), std::string("features.18.1"));
    options.freeze = "layers";
    options.freezeLayer = "layer3";
    QCOMPARE(lastFrozen("resnet18", options), std::string("layer3.1.bn2"));
    options.freezeLayer = "layer3.0";
    QVERIFY(lastFrozen("resnet18", options).starts_with("layer3.0."));
    options.freezeLayer = "bn1";
    QCOMPARE(lastFrozen("resnet18", options), std::string("bn1"));
    options.releaseEpoch = 1;
    QCOMPARE(lastFrozen("resnet18", options), std::string());
}

void TestStartingPoint::layersThatAreNotThere()
{
    StartOptions options;
    options.freeze = "layers";
    VERIFY_ERROR(frozenNodes(options, modelOf("resnet18", 2)), "such as conv1, bn1, layer1, layer2");
    options.freezeLayer = "layer";
    VERIFY_ERROR(frozenNodes(options, modelOf("resnet18", 2)), "found \"layer\"");
    options.freezeLayer = "fc";
    VERIFY_ERROR(frozenNodes(options, modelOf("resnet18", 2)), "leaves nothing to train");
}

QTEST_APPLESS_MAIN(TestStartingPoint)
#include "tst_startingpoint.moc"
