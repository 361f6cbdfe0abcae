// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lane/program.h"

#include <algorithm>
#include <cmath>

namespace torchdesk::lane {

namespace {

/// As a float, in which losses are told.
bool isFinite(double loss)
{
    return std::isfinite(static_cast<float>(loss));
}

} // namespace

Expected<std::unique_ptr<Program>> Program::make(const LoweredModel& model,
                                                 const std::vector<ModelParameter>& parameters,
                                                 const ProgramSettings& settings, const Kernels& kernels)
{
    if (const std::string reason = whyNot(model, settings.graph, kernels.lanes); !reason.empty())
        return failure(ErrorKind::Unsupported, "The step for processors cannot compute '" + model.name +
                                                   "': " + reason + ". Set step to auto or eager");
    return std::unique_ptr<Program>(new Program(model, parameters, settings, kernels));
}

Program::Program(const LoweredModel& model, const std::vector<ModelParameter>& parameters,
                 const ProgramSettings& settings, const Kernels& kernels)
    : m_kernels(kernels), m_settings(settings), m_parameters(parameters),
      m_graph(model, kernels, parameters, settings.graph),
      m_partials(static_cast<std::size_t>(settings.graph.threads)), m_threads(settings.graph.threads)
{
    m_loss = {m_graph.logits(), m_graph.logitsGradient(), settings.labelSmoothing,
              m_settings.classWeights.empty() ? nullptr : m_settings.classWeights.data()};
    for (const auto& layer : m_graph.layers())
        append(m_forward, *layer, layer->forwardPhases(), layer->forwardTogether());
    for (std::size_t i = m_graph.layers().size(); i-- > 0;) {
        Layer& layer = *m_graph.layers()[i];
        if (m_graph.learns(i))
            append(m_backward, layer, layer.backwardPhases(), layer.backwardTogether());
    }
}

void Program::append(std::vector<Stretch>& stretches, Layer& layer, int phases, bool together)
{
    for (int phase = 0; phase < phases; ++phase) {
        const bool barrier = phase > 0;
        if (stretches.empty() || barrier || together || stretches.back().together)
            stretches.push_back({barrier, together, {}});
        stretches.back().calls.push_back({&layer, phase});
    }
}

Slice Program::sliceOf(int thread, std::int64_t samples) const
{
    const std::int64_t groups = groupsOf(samples, m_kernels.lanes);
    const std::int64_t threads = m_settings.graph.threads;
    const auto begin = [&](std::int64_t of) { return (groups * of + threads - 1) / threads; };
    return {thread, begin(thread), begin(thread + 1)}; // the first threads have work, if any
}

/// Whole lines of the cache: each parameter takes whole ones, see Graph.
Program::Share Program::shareOf(int thread) const
{
    constexpr std::int64_t line = 16;
    const std::int64_t lines = m_graph.gradientFloats() / line;
    const std::int64_t threads = m_settings.graph.threads;
    return {lines * thread / threads * line, lines * (thread + 1) / threads * line};
}

void Program::forward(const Pass& pass, const Slice& slice)
{
    for (const Stretch& stretch : m_forward) {
        if (stretch.barrier)
            m_threads.wait();
        for (const Call& call : stretch.calls)
            call.layer->beginForward(pass, slice, call.phase);
        if (stretch.together) {
            stretch.calls[0].layer->forward(pass, slice, stretch.calls[0].phase);
            continue;
        }
        for (std::int64_t group = slice.first; group < slice.last; ++group)
            for (const Call& call : stretch.calls)
                call.layer->forward(pass, {slice.thread, group, group + 1}, call.phase);
    }
}

void Program::backward(const Pass& pass, const Slice& slice)
{
    for (const Stretch& stretch : m_backward) {
        if (stretch.barrier)
            m_threads.wait();
        for (const Call& call : stretch.calls)
            call.layer->beginBackward(pass, slice, call.phase);
        if (stretch.together)
            stretch.calls[0].layer->backward(pass, slice, stretch.calls[0].phase);
        else
            for (std::int64_t group = slice.last;
                 group-- > slice.first;) // the last one is still in a near cache
                for (const Call& call : stretch.calls)
                    call.layer->backward(pass, {slice.thread, group, group + 1}, call.phase);
        for (const Call& call : stretch.calls)
            call.layer->endBackward(pass, slice, call.phase);
    }
}

StepResult Program::train(const Batch& batch, std::uint64_t step, std::int64_t optimizerStep,
                          double learningRate, bool update)
{
    m_pass = {batch, true, m_settings.seed, step};
    m_divisors = lossDivisors(m_loss, batch);
    m_moves = update;
    m_update = {};
    m_update.rule = m_settings.rule;
    m_update.rate = static_cast<float>(learningRate);
    m_update.momentum = static_cast<float>(m_settings.momentum);
    m_update.nesterov = m_settings.nesterov;
    const auto exponent = static_cast<double>(optimizerStep);
    m_update.correction1 = static_cast<float>(1 - std::pow(0.9, exponent));
    m_update.correction2 = static_cast<float>(std::sqrt(1 - std::pow(0.999, exponent)));
    if (!update || m_gatheredSamples > 0)
        m_gathered.resize(static_cast<std::size_t>(m_graph.gradientFloats()));
    for (int thread = 0; thread < m_settings.graph.threads; ++thread)
        m_graph.assign(sliceOf(thread, batch.count));
    const std::function<void(int)> work = [this](int thread) { trainOn(thread); };
    m_threads.run(work);

    StepResult result;
    for (const Partial& partial : m_partials) {
        result.loss += partial.loss.loss;
        result.correct += partial.loss.correct;
    }
    m_held = m_held || !isFinite(result.loss);
    result.held = m_held;
    if (!m_held)
        for (const auto& layer : m_graph.layers())
            layer->commit();
    m_gatheredSamples = update ? 0 : m_gatheredSamples + batch.count;
    return result;
}

/// Everything that one thread does in a step. What all threads need of all is worked out by each of them,
/// from the same numbers in the same order.
void Program::trainOn(int thread)
{
    const Slice slice = sliceOf(thread, m_pass.batch.count);
    Partial& partial = m_partials[static_cast<std::size_t>(thread)];
    partial = {};
    forward(m_pass, slice);
    m_kernels.addLoss(m_loss, m_pass.batch, m_divisors, slice, partial.loss);
    backward(m_pass, slice);
    m_threads.wait();
    gather(thread);
    if (!m_moves)
        return;
    if (m_settings.clipNorm > 0)
        m_threads.wait();
    move(thread);
}

/// The thread's share of all gradients, added up in the first thread's buffer, or kept for a later step.
void Program::gather(int thread)
{
    const auto [first, last] = shareOf(thread);
    float* sum = m_graph.gradients(0) + first;
    for (int other = 1; other < m_settings.graph.threads; ++other) {
        const Slice slice = sliceOf(other, m_pass.batch.count);
        if (slice.first < slice.last)
            m_kernels.addGradients(m_graph.gradients(other) + first, sum, last - first, 1, false);
    }
    const auto samples = static_cast<float>(m_pass.batch.count);
    const bool earlier = m_gatheredSamples > 0;
    if (!m_moves)
        m_kernels.addGradients(sum, m_gathered.data() + first, last - first, samples, !earlier);
    else if (earlier) {
        const auto all = static_cast<float>(m_gatheredSamples + m_pass.batch.count);
        m_kernels.addGradients(sum, sum, last - first, samples / all, true);
        m_kernels.addGradients(m_gathered.data() + first, sum, last - first, 1 / all, false);
    }
    if (m_settings.clipNorm > 0 && m_moves)
        m_partials[static_cast<std::size_t>(thread)].squares = m_kernels.squareSum(sum, last - first);
}

void Program::move(int thread)
{
    double loss = 0;
    double squares = 0;
    for (const Partial& partial : m_partials) {
        loss += partial.loss.loss;
        squares += partial.squares;
    }
    if (m_held || !isFinite(loss))
        return;
    Update update = m_update;
    if (m_settings.clipNorm > 0) // as torch.nn.utils.clip_grad_norm_
        update.gradientFactor =
            static_cast<float>(std::min(1.0, m_settings.clipNorm / (std::sqrt(squares) + 1e-6)));
    const auto [first, last] = shareOf(thread);
    for (std::size_t i = 0; i < m_parameters.size(); ++i) {
        const ModelParameter& parameter = m_parameters[i];
        const std::int64_t offset = m_graph.offsets()[i];
        const std::int64_t from = std::max(first, offset) - offset;
        const std::int64_t to = std::min(last, offset + parameter.count) - offset;
        if (offset < 0 || from >= to)
            continue;
        update.weightDecay = static_cast<float>(parameter.weightDecay);
        m_kernels.moveParameters(update, {parameter.value + from, m_graph.gradients(0) + offset + from,
                                          parameter.moment ? parameter.moment + from : nullptr,
                                          parameter.secondMoment ? parameter.secondMoment + from : nullptr,
                                          to - from});
    }
}

void Program::infer(const Batch& batch, float* logits)
{
    m_pass = {batch, false, 0, 0};
    const std::function<void(int)> work = [this, logits](int thread) {
        const Slice slice = sliceOf(thread, m_pass.batch.count);
        forward(m_pass, slice);
        m_kernels.takeLogits(m_graph.logits(), m_pass.batch.count, slice, logits);
    };
    m_threads.run(work);
}

} // namespace torchdesk::lane
