// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/laneforward.h"

#include "core/base/clock.h"

#include <algorithm>

namespace torchdesk {

namespace {

std::vector<lane::ModelParameter> lanesOf(const Network& network)
{
    std::vector<lane::ModelParameter> parameters;
    for (const NetworkParameter& each : network.parameters()) {
        lane::ModelParameter parameter;
        parameter.value = each.value.mutable_data_ptr<float>(); // only read
        parameter.count = each.value.numel();
        parameters.push_back(parameter);
    }
    return parameters;
}

/// Of the second attempt; the first one warms up and is given to \p logits.
double secondsOf(Forward& forward, const std::function<at::Tensor(Forward&)>& attempt, at::Tensor& logits)
{
    logits = attempt(forward);
    Stopwatch watch;
    watch.start();
    attempt(forward);
    return watch.seconds();
}

} // namespace

lane::Batch laneBatch(const Batch& batch)
{
    lane::Batch result;
    result.count = batch.count();
    if (batch.raw) {
        result.samples = batch.raw->samples;
        result.indices = batch.raw->indices;
        result.factor = batch.raw->factor;
        result.offset = batch.raw->offset;
    } else {
        result.values = batch.inputs.const_data_ptr<float>();
    }
    result.labels = batch.labels.const_data_ptr<std::int64_t>();
    if (batch.otherLabels.defined())
        result.otherLabels = batch.otherLabels.const_data_ptr<std::int64_t>();
    result.share = batch.share;
    return result;
}

at::Tensor laneLogits(lane::Program& program, const Batch& batch)
{
    lane::Batch part = laneBatch(batch);
    const std::int64_t count = part.count;
    at::Tensor logits = at::empty({count, program.classes()}, at::kFloat);
    float* to = logits.mutable_data_ptr<float>();
    const std::int64_t features = part.values ? batch.inputs.numel() / std::max<std::int64_t>(count, 1) : 0;
    for (std::int64_t first = 0; first < count; first += part.count) {
        part.count = std::min(program.mostSamples(), count - first);
        program.infer(part, to + first * program.classes());
        if (part.values)
            part.values += part.count * features;
        else
            part.indices += part.count;
    }
    return logits;
}

Expected<std::unique_ptr<LaneForward>> LaneForward::make(const LoweredModel& model, const Network& network,
                                                         int threads)
{
    if (!network.device().is_cpu())
        return failure(ErrorKind::Unsupported, "Lanes compute on the processor only");
    constexpr std::int64_t most = 128;
    lane::ProgramSettings settings;
    settings.graph = {std::min(most, network.evaluationBatch()), threads, /*trains=*/false};
    auto program = lane::Program::make(model, lanesOf(network), settings);
    if (!program)
        return failure(program);
    return std::unique_ptr<LaneForward>(new LaneForward(std::move(*program)));
}

at::Tensor LaneForward::logits(const Batch& batch)
{
    return laneLogits(*m_program, batch);
}

std::unique_ptr<LaneForward> laneForwardIfFaster(const LoweredModel& model, const Network& network,
                                                 int threads,
                                                 const std::function<at::Tensor(Forward&)>& attempt)
{
    auto lanes = LaneForward::make(model, network, threads);
    if (!lanes)
        return nullptr;
    NetworkForward byNetwork(network);
    at::Tensor wanted;
    at::Tensor found;
    const double reference = secondsOf(byNetwork, attempt, wanted);
    const double seconds = secondsOf(**lanes, attempt, found);
    return at::allclose(found, wanted, 1e-3, 1e-3) && seconds <= reference * nearlyAsFast ? std::move(*lanes)
                                                                                          : nullptr;
}

} // namespace torchdesk
