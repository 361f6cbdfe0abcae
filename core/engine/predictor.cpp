// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/predictor.h"

#include "core/base/text.h"
#include "core/device/systemmonitor.h"
#include "core/engine/devices.h"
#include "core/engine/evaluation.h"
#include "core/engine/torcherror.h"

#include <algorithm>
#include <c10/core/InferenceMode.h>
#include <utility>

namespace torchdesk {

namespace {

constexpr std::int64_t handful = 16;

void chooseThreads(std::int64_t samples)
{
    at::set_num_threads(samples <= handful ? 1 : availableCores());
}

} // namespace

LibTorchPredictor::LibTorchPredictor(const LoweredModel& model, Network network,
                                     const Preprocessing& preprocessing)
    : m_model(model), m_network(std::move(network)), m_normaliser(preprocessing, m_network.device()),
      m_sampleBytes(elementCount(preprocessing.shape).value_or(0))
{}

Forward& LibTorchPredictor::forwardFor(std::int64_t samples,
                                       const std::function<at::Tensor(Forward&)>& attempt)
{
    chooseThreads(samples);
    if (samples <= handful)
        return m_byNetwork;
    if (!std::exchange(m_triedLanes, true))
        m_byLanes = laneForwardIfFaster(m_model, m_network, availableCores(), attempt);
    if (m_byLanes)
        return *m_byLanes;
    return m_byNetwork;
}

at::Tensor LibTorchPredictor::answer(Forward& forward, const at::Tensor& samples, const at::Tensor& indices)
{
    Batch batch;
    batch.labels = indices; // none are known; there are as many
    if (forward.wantsInputs()) {
        std::vector<std::int64_t> sizes{indices.size(0)};
        sizes.insert(sizes.end(), m_normaliser.shape().begin(), m_normaliser.shape().end());
        batch.inputs = at::empty(sizes, at::TensorOptions(at::kFloat).device(m_network.device()));
        m_normaliser.gather(samples, indices, batch.inputs);
    } else {
        batch.raw = m_normaliser.raw(samples, indices);
    }
    return forward.logits(batch).to(at::kCPU, at::kFloat).contiguous();
}

Expected<std::vector<float>> LibTorchPredictor::logits(std::span<const std::uint8_t> samples,
                                                       std::int64_t count)
{
    if (count < 0 || static_cast<std::int64_t>(samples.size()) != count * m_sampleBytes)
        return failure(ErrorKind::InvalidInput, "Found " + std::to_string(samples.size()) + " bytes for " +
                                                    std::to_string(count) + " samples, wanted " +
                                                    std::to_string(m_sampleBytes) + " for each");
    return guarded("The prediction failed", [&]() -> Expected<std::vector<float>> {
        const c10::InferenceMode inference;
        auto* bytes = const_cast<std::uint8_t*>(samples.data()); // only read
        const at::Tensor all = at::from_blob(bytes, {count, m_sampleBytes}, at::kByte);
        const auto answerFrom = [&](Forward& asked, std::int64_t first) {
            const at::Tensor part = all.slice(0, first, std::min(first + m_network.evaluationBatch(), count))
                                        .to(m_network.device());
            return answer(asked, part, at::arange(part.size(0), part.options().dtype(at::kLong)));
        };
        Forward& forward = forwardFor(count, [&](Forward& tried) { return answerFrom(tried, 0); });
        std::vector<float> logits;
        logits.reserve(static_cast<std::size_t>(count * m_model.classes));
        for (std::int64_t first = 0; first < count; first += m_network.evaluationBatch()) {
            const at::Tensor result = answerFrom(forward, first);
            const float* values = result.const_data_ptr<float>();
            logits.insert(logits.end(), values, values + result.numel());
        }
        return logits;
    });
}

Expected<Evaluation> LibTorchPredictor::evaluate(const SampleStore& store,
                                                 std::span<const std::int64_t> indices, std::stop_token stop)
{
    const auto within = [&](std::int64_t index) { return index >= 0 && index < store.count(); };
    if (!std::ranges::all_of(indices, within))
        return failure(ErrorKind::InvalidInput,
                       "An index is beyond the " + grouped(store.count()) + " samples");
    if (store.count() * m_sampleBytes != static_cast<std::int64_t>(store.samples().size()))
        return failure(ErrorKind::InvalidInput,
                       "The samples are not of " + shapeText(m_normaliser.shape()) +
                           ", which the model wants. Choose the data it was trained with");
    return guarded("The evaluation failed", [&]() -> Expected<Evaluation> {
        const c10::InferenceMode inference;
        // Borrowed for this call; the source needs a shared pointer.
        const std::shared_ptr<const SampleStore> borrowed(std::shared_ptr<void>(), &store);
        BatchSource source(borrowed, m_normaliser.preprocessing(), m_network.device());
        const at::Tensor places = indexTensor(indices, m_network.device());
        const at::Tensor some = places.slice(0, 0, m_network.evaluationBatch());
        Forward& forward = forwardFor(places.size(0), [&](Forward& tried) {
            return tried.logits(tried.wantsInputs() ? source.gather(some) : source.gatherRaw(some));
        });
        const auto result = torchdesk::evaluate(
            forward, m_network.evaluationBatch(), source, places, [&] { return stop.stop_requested(); },
            /*confusion=*/true);
        if (!result)
            return failure(ErrorKind::Cancelled, "The evaluation was stopped");
        return *result;
    });
}

Expected<std::unique_ptr<Predictor>> openPredictor(const LoweredModel& model,
                                                   const Preprocessing& preprocessing,
                                                   const std::vector<NamedTensor>& tensors,
                                                   const std::string& device)
{
    const auto chosen = chooseDevice(device);
    if (!chosen)
        return failure(chosen);
    if (preprocessing.shape != model.input)
        return failure(ErrorKind::InvalidInput, "The preprocessing makes " + shapeText(preprocessing.shape) +
                                                    ", model '" + model.name + "' wants " +
                                                    shapeText(model.input));
    auto network = Network::build(model, *chosen);
    if (!network)
        return failure(network);
    if (auto loaded = network->load(tensors); !loaded)
        return failure(loaded);
    return std::make_unique<LibTorchPredictor>(model, std::move(*network), preprocessing);
}

} // namespace torchdesk
