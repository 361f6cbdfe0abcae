// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/trainingsetup.h"
#include "tests/engine/enginetestsupport.h"
#include "tests/support/testsupport.h"

#include <algorithm>
#include <cstring>
#include <map>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

/// Convolution, normalisation and a head, of which the first two can be frozen (nodes 1 and 2).
LoweredModel smallModel()
{
    return lowered(R"([{"kind": "conv2d", "name": "conv", "filters": 3, "kernel": 3},
                       {"kind": "batchnorm2d", "name": "bn"},
                       {"kind": "relu"}, {"kind": "flatten"},
                       {"kind": "linear", "name": "fc", "features": "classes"}])",
                   {1, 28, 28}, 10);
}

TrainingJob jobWith(int frozenNodes, std::int64_t releaseEpoch)
{
    TrainingJob job = denseJob(64, 16, 2);
    job.model = smallModel();
    job.plan.batchSize = 16;
    job.plan.start.releaseEpoch = releaseEpoch;
    StartingPoint start;
    start.summary = "Starts from a test.";
    start.frozenNodes = frozenNodes;
    auto bytes = std::make_shared<Bytes>(27 * sizeof(float));
    std::vector<float> values(27, 0.125f);
    std::memcpy(bytes->data(), values.data(), bytes->size());
    start.tensors.push_back({"conv.weight", DType::F32, {3, 1, 3, 3}, bytes});
    job.start = std::make_shared<const StartingPoint>(std::move(start));
    return job;
}

std::map<std::string, NamedTensor> weightsOf(const Snapshot& snapshot)
{
    std::map<std::string, NamedTensor> named;
    for (const NamedTensor& tensor : snapshot.weights)
        named[tensor.name] = tensor;
    return named;
}

std::vector<std::string> changedBetween(const Snapshot& before, const Snapshot& after)
{
    const auto first = weightsOf(before);
    std::vector<std::string> changed;
    for (const NamedTensor& tensor : after.weights)
        if (!(first.at(tensor.name) == tensor))
            changed.push_back(tensor.name);
    return changed;
}

using Names = std::vector<std::string>;

} // namespace

/// What begins with given weights, and what of it moves.
class TestFreezing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyTheRestMoves();
    void releasedWithASmallerRate();
    void weightsThatTheModelDoesNotHave();
    void noGraphForWhatIsFrozen();
};

void TestFreezing::onlyTheRestMoves()
{
    const auto sink = trained(jobWith(3, 0));
    const auto snapshots = sink->all<SnapshotReady>();
    QCOMPARE(snapshots.size(), 2u);
    QCOMPARE(changedBetween(*snapshots[0].snapshot, *snapshots[1].snapshot), (Names{"fc.weight", "fc.bias"}));
    auto weights = weightsOf(*snapshots[1].snapshot);
    std::vector<float> conv(27);
    std::memcpy(conv.data(), weights["conv.weight"].bytes->data(), 27 * sizeof(float));
    QVERIFY(std::ranges::all_of(conv, [](float value) { return value == 0.125f; }));
    // The running figures are those of the beginning: mean 0, variance 1.
    std::vector<float> variance(3);
    std::memcpy(variance.data(), weights["bn.running_var"].bytes->data(), 3 * sizeof(float));
    QCOMPARE(variance, (std::vector<float>{1, 1, 1}));
    for (const NamedTensor& tensor : snapshots[1].snapshot->optimizer)
        QVERIFY2(tensor.name.starts_with("fc."), tensor.name.c_str());
    const auto notices = sink->all<Notice>();
    QCOMPARE(notices.front().message, std::string("Starts from a test."));
}

void TestFreezing::releasedWithASmallerRate()
{
    TrainingJob job = jobWith(3, 2);
    job.plan.optimizer = "sgd";
    job.plan.momentum = 0;
    job.plan.learningRate = 0.01;
    auto setup = must(TrainingSetup::make(job));
    TrainingJob slow = job;
    slow.plan.start.releaseRate = 0.5;
    auto slower = must(TrainingSetup::make(slow));
    const auto stepAfterRelease = [](TrainingSetup& one) {
        VERIFY_OK(one.release());
        one.step().run(one.train.gather(one.order(1).slice(0, 0, 16)), 1, 0.01);
    };
    const at::Tensor start = setup->network.parameters()[0].value.detach().clone();
    const at::Tensor startHead = setup->network.parameters().back().value.detach().clone();
    stepAfterRelease(*setup);
    stepAfterRelease(*slower);
    const at::Tensor moved = setup->network.parameters()[0].value.detach() - start;
    const at::Tensor movedMore = slower->network.parameters()[0].value.detach() - start;
    QVERIFY(moved.abs().sum().item<float>() > 0);
    // 0.5 against 0.1 of the same gradient; the head moves alike.
    QVERIFY(at::allclose(movedMore, moved * 5, 1e-3, 1e-7));
    QVERIFY(at::equal(setup->network.parameters().back().value.detach(),
                      slower->network.parameters().back().value.detach()));
    QVERIFY(!at::equal(setup->network.parameters().back().value.detach(), startHead));

    const auto sink = trained(jobWith(3, 2));
    const auto snapshots = sink->all<SnapshotReady>();
    const Names changed = changedBetween(*snapshots[0].snapshot, *snapshots[1].snapshot);
    QCOMPARE(changed.size(), snapshots[1].snapshot->weights.size()); // the running figures too
    QVERIFY(sink->all<Notice>().back().message.starts_with("From epoch 2 on everything is trained"));
    bool conv = false;
    for (const NamedTensor& tensor : snapshots[1].snapshot->optimizer)
        conv = conv || tensor.name == "conv.weight.exp_avg";
    QVERIFY(conv);
}

void TestFreezing::weightsThatTheModelDoesNotHave()
{
    TrainingJob job = jobWith(0, 0);
    StartingPoint start = *job.start;
    start.tensors[0].name = "conv9.weight";
    job.start = std::make_shared<const StartingPoint>(start);
    VERIFY_ERROR(TrainingSetup::make(job), "conv9.weight");
    start = *jobWith(0, 0).start;
    start.tensors[0].shape = {3, 1, 9};
    job.start = std::make_shared<const StartingPoint>(start);
    VERIFY_ERROR(TrainingSetup::make(job), "conv.weight");
}

void TestFreezing::noGraphForWhatIsFrozen()
{
    auto network = must(Network::build(smallModel(), at::kCPU));
    for (const NetworkParameter& parameter : network.parameters()) {
        const c10::NoGradGuard noGrad;
        at::Tensor(parameter.value).fill_(0.5);
    }
    QCOMPARE(network.parameterTensors().size(), 6u);
    network.freeze(3);
    QCOMPARE(network.parameterTensors().size(), 2u);
    const at::Tensor out = network.forward(at::ones({2, 1, 28, 28}), Pass{true, 1, 1});
    out.sum().backward();
    for (const NetworkParameter& parameter : network.parameters())
        QCOMPARE(parameter.value.grad().defined(), parameter.spec.name.starts_with("fc."));
    network.freeze(0);
    QCOMPARE(network.parameterTensors().size(), 6u);
}

QTEST_GUILESS_MAIN(TestFreezing)
#include "tst_freezing.moc"
