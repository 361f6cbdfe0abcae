// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/trainingsetup.h"

#include "core/base/philox.h"
#include "core/base/text.h"
#include "core/data/classbalance.h"
#include "core/device/systemmonitor.h"
#include "core/engine/devices.h"
#include "core/engine/initialise.h"

#include <algorithm>

namespace torchdesk {

namespace {

Expected<void> checkData(const TrainingJob& job)
{
    const DataSet& data = job.data;
    if (!data.train || data.train->count() == 0 || job.split.train.empty())
        return failure(ErrorKind::InvalidInput, "The data set '" + data.description.name +
                                                    "' has no samples to train with. Choose another one");
    if (data.description.shape != job.model.input || job.preprocessing.shape != job.model.input)
        return failure(ErrorKind::InvalidInput,
                       "The data set '" + data.description.name + "' has samples of " +
                           shapeText(data.description.shape) + ", model '" + job.model.name + "' wants " +
                           shapeText(job.model.input) + ". Choose another model or data set");
    const auto within = [&](std::int64_t index) { return index >= 0 && index < data.train->count(); };
    if (!std::ranges::all_of(job.split.train, within) || !std::ranges::all_of(job.split.validation, within))
        return failure(ErrorKind::Internal, "The split names samples that the data set does not have");
    return {};
}

Expected<void> checkLogits(const TrainingJob& job, const Network& network)
{
    const c10::InferenceMode inference;
    // A batch of no samples: every layer works out its sizes, and nothing is computed.
    std::vector<std::int64_t> sizes{0};
    sizes.insert(sizes.end(), job.model.input.begin(), job.model.input.end());
    const at::Tensor logits = network.forward(at::empty(sizes, at::kFloat), Pass{});
    if (logits.sizes() == at::IntArrayRef({0, job.model.classes}))
        return {};
    const Shape found(logits.sizes().begin() + 1, logits.sizes().end());
    return failure(ErrorKind::InvalidInput,
                   "Model '" + job.model.name + "' ends with " + shapeText(found) + " values, wanted " +
                       std::to_string(job.model.classes) +
                       ", one for each class. Let its last layer have that many outputs");
}

std::size_t classCount(const TrainingJob& job)
{
    return static_cast<std::size_t>(job.model.classes);
}

/// Of the loss, by the samples that train; undefined where the plan wants none.
at::Tensor classWeights(const TrainingJob& job, at::Device device)
{
    if (job.plan.recipe.classBalance != "weights")
        return {};
    const auto counts = classCounts(job.data.train->labels(), job.split.train, classCount(job));
    const std::vector<double> weights = balancedWeights(counts);
    return at::tensor(weights, at::kFloat).to(device);
}

} // namespace

int threadCount(const TrainingPlan& plan)
{
    return plan.threads > 0 ? static_cast<int>(plan.threads) : availableCores();
}

Expected<void> checkJob(const TrainingJob& job)
{
    if (auto device = chooseDevice(job.plan.device); !device)
        return failure(device);
    if (auto data = checkData(job); !data)
        return data;
    auto network = Network::build(job.model, at::kCPU);
    if (!network)
        return failure(network);
    if (auto logits = checkLogits(job, *network); !logits)
        return logits;
    if (auto optimizer = makeOptimizer(job.plan, trainedParameters(job.plan, network->parameterTensors()));
        !optimizer)
        return failure(optimizer);
    return {};
}

TrainingSetup::TrainingSetup(const TrainingJob& theJob, at::Device theDevice, Network theNetwork)
    : job(theJob), device(theDevice), network(std::move(theNetwork)), figures(theDevice),
      train(job.data.train, job.preprocessing, device), batches(job, train, device),
      validation(indexTensor(job.split.validation, device))
{
    if (device.is_cpu())
        m_heap.emplace();
    choice.recipe = job.plan.recipe;
    const std::vector<std::int64_t> all = testSamples(job.data);
    testIndices = indexTensor(all, device);
    if (!all.empty())
        test.emplace(job.data.test, job.preprocessing, device);
}

Expected<std::unique_ptr<TrainingSetup>> TrainingSetup::make(const TrainingJob& job,
                                                             const std::function<bool()>& hurried)
{
    if (auto checked = checkJob(job); !checked)
        return failure(checked);
    at::set_num_threads(threadCount(job.plan));
    const auto device = chooseDevice(job.plan.device);
    auto network = Network::build(job.model, *device);
    if (!network)
        return failure(network);
    std::unique_ptr<TrainingSetup> setup(new TrainingSetup(job, *device, std::move(*network)));
    allowTf32(job.plan.recipe.precision == "tf32");
    initialise(setup->network, job.plan.seed);
    if (job.start) {
        if (auto loaded = setup->network.loadSome(job.start->tensors); !loaded)
            return failure(loaded);
        setup->network.freeze(job.start->frozenNodes);
    }
    auto optimizer = makeOptimizer(job.plan, trainedParameters(job.plan, setup->network.parameterTensors()));
    if (!optimizer)
        return failure(optimizer);
    setup->optimizer = std::move(*optimizer);
    if (auto made = setup->makeStep(hurried); !made)
        return failure(made);
    return setup;
}

Expected<void> TrainingSetup::makeStep(const std::function<bool()>& hurried)
{
    auto made = chooseStep(*this, choice.recipe, classWeights(job, device), hurried);
    if (!made)
        return failure(made);
    choice = std::move(*made);
    batches.setRaw(!choice.step->wantsInputs());
    return {};
}

Expected<void> TrainingSetup::release()
{
    const std::size_t before = network.parameterTensors().size();
    network.freeze(0);
    Tensors released = network.parameterTensors();
    released.resize(released.size() - before); // what was frozen comes first in the model
    const std::size_t count = released.size();
    auto added = makeOptimizer(job.plan, trainedParameters(job.plan, released));
    if (!added)
        return failure(added);
    std::vector<JointOptimizer::Part> parts;
    parts.push_back({std::move(*added), count, job.plan.start.releaseRate});
    parts.push_back({std::move(optimizer), before, 1});
    optimizer = std::make_unique<JointOptimizer>(std::move(parts));
    return makeStep({});
}

at::Tensor TrainingSetup::order(std::int64_t epoch) const
{
    const std::vector<std::int64_t>& samples = job.split.train;
    if (job.plan.recipe.classBalance == "sampling")
        return indexTensor(balancedOrder(job.data.train->labels(), samples, classCount(job), job.plan.seed,
                                         static_cast<std::uint64_t>(epoch)),
                           batches.indexDevice());
    std::vector<std::int64_t> order =
        permutation(static_cast<std::int64_t>(samples.size()),
                    Random(job.plan.seed, Purpose::Order, static_cast<std::uint64_t>(epoch)));
    for (std::int64_t& index : order)
        index = samples[static_cast<std::size_t>(index)];
    return indexTensor(order, batches.indexDevice());
}

} // namespace torchdesk
