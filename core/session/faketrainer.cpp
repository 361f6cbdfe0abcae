// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/faketrainer.h"

#include "core/base/philox.h"
#include "core/run/runrecord.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace torchdesk {

namespace {

constexpr double leastLoss = 0.05;
constexpr double mostLoss = 2.3; // ln 10: what guessing among ten classes costs

double accuracyAt(double loss)
{
    return std::clamp(1 - 0.9 * (loss - leastLoss) / (mostLoss - leastLoss), 0.0, 1.0);
}

StateChanged changedTo(StateChanged::State state)
{
    return StateChanged{state};
}

} // namespace

std::vector<NamedTensor> fakeWeights(const LoweredModel& model, std::uint64_t seed, std::int64_t step)
{
    std::vector<NamedTensor> tensors;
    for (const LoweredNode& node : model.nodes) {
        for (const ParameterSpec& parameter : node.parameters) {
            const auto count = static_cast<std::size_t>(elementCount(parameter.shape).value_or(0));
            Random random(seed, Purpose::Initialisation, static_cast<std::uint64_t>(step),
                          static_cast<std::uint32_t>(tensors.size()));
            auto bytes = std::make_shared<Bytes>(count * sizeof(float));
            for (std::size_t i = 0; i < count; ++i) {
                const float value = random.uniform() * 0.2f - 0.1f;
                std::memcpy(bytes->data() + i * sizeof(float), &value, sizeof value);
            }
            tensors.push_back(NamedTensor{parameter.name, DType::F32, parameter.shape, std::move(bytes)});
        }
    }
    return tensors;
}

FakeTrainer::FakeTrainer(TrainingJob job, FakeScript script, std::shared_ptr<EventSink> sink)
    : m_job(std::move(job)), m_script(std::move(script)), m_sink(std::move(sink)),
      m_learningRate(m_job.plan.learningRate), m_thread([this] { run(); })
{}

FakeTrainer::~FakeTrainer()
{
    m_orders.abandon();
    m_thread.join();
}

void FakeTrainer::post(const Command& command) noexcept
{
    m_orders.take(command);
}

void FakeTrainer::run()
{
    if (!m_orders.waitForStart())
        return;
    begin();
    for (std::int64_t epoch = 1; epoch <= m_job.plan.epochs; ++epoch) {
        if (!trainEpoch(epoch))
            return;
        finishEpoch(epoch);
        if (m_orders.stopAfterEpoch() && epoch < m_job.plan.epochs)
            return finishTested(Outcome::Stopped);
    }
    finishTested(Outcome::Completed);
}

void FakeTrainer::begin()
{
    Started started;
    started.device = "cpu";
    started.deviceLabel = "A made-up processor";
    started.step = "fake";
    started.threads = std::max<std::int64_t>(1, m_job.plan.threads);
    started.epochs = m_job.plan.epochs;
    started.stepsPerEpoch = m_job.stepsPerEpoch();
    started.trainSamples = static_cast<std::int64_t>(m_job.split.train.size());
    started.validationSamples = static_cast<std::int64_t>(m_job.split.validation.size());
    started.testSamples = m_job.data.test ? m_job.data.test->count() : 0;
    m_sink->put(started);
    m_sink->put(changedTo(StateChanged::State::Running));
}

bool FakeTrainer::trainEpoch(std::int64_t epoch)
{
    m_epochLoss = 0;
    m_epochAccuracy = 0;
    const auto samples = static_cast<std::int64_t>(m_job.split.train.size());
    for (std::int64_t done = 0; done < samples; done += m_job.plan.batchSize) {
        obey();
        if (!m_orders.stopNow())
            m_orders.waitFor(m_script.secondsPerStep);
        if (m_orders.stopNow()) {
            flush();
            m_sink->put(changedTo(StateChanged::State::Stopping));
            putSnapshot(false);
            finish(Outcome::Stopped, {});
            return false;
        }
        if (!doStep(epoch, std::min(m_job.plan.batchSize, samples - done)))
            return false;
    }
    flush();
    return true;
}

/// Between two steps: what was ordered since the last one.
void FakeTrainer::obey()
{
    if (m_orders.stopAfterEpoch() && !std::exchange(m_stopping, true)) {
        flush();
        m_sink->put(changedTo(StateChanged::State::Stopping));
    }
    while (const auto change = m_orders.nextChange()) {
        if (change->id != "learning_rate") {
            m_sink->put(Notice{Notice::Severity::Warning,
                               "\"" + change->id + "\" cannot be changed while a run goes on."});
            continue;
        }
        flush();
        m_learningRate = change->value;
        m_sink->put(SettingChanged{change->id, change->value, m_step + 1});
    }
    if (m_orders.nextSnapshot()) {
        flush();
        putSnapshot(false);
    }
    if (m_orders.paused()) {
        flush();
        m_sink->put(changedTo(StateChanged::State::Paused));
        m_orders.waitWhilePaused();
        if (!m_orders.stopNow() && !m_orders.stopAfterEpoch())
            m_sink->put(changedTo(StateChanged::State::Running));
        else if (m_stopping && !m_orders.stopNow())
            m_sink->put(changedTo(StateChanged::State::Stopping));
    }
}

bool FakeTrainer::doStep(std::int64_t epoch, std::int64_t count)
{
    if (m_script.failAtStep == m_step + 1) {
        flush();
        finish(Outcome::Failed, m_script.failure);
        return false;
    }
    const bool diverges = m_script.nanAtStep == m_step + 1;
    const double loss = diverges ? std::numeric_limits<double>::quiet_NaN() : lossNow();
    if (m_steps.losses.empty()) {
        m_steps.epoch = epoch;
        m_steps.firstStep = m_step + 1;
        m_steps.learningRate = m_learningRate;
    }
    m_steps.losses.push_back(static_cast<float>(loss));
    m_steps.accuracies.push_back(static_cast<float>(diverges ? 0 : accuracyAt(loss)));
    m_steps.seconds.push_back(static_cast<float>(m_script.secondsPerStep));
    m_steps.samples += count;
    if (diverges) {
        flush();
        putSnapshot(false);
        ++m_step;
        finish(Outcome::Diverged, "Stopped at step " + std::to_string(m_step) +
                                      ": the loss is not a number. The weights before that step are kept.");
        return false;
    }
    m_epochLoss += loss * static_cast<double>(count);
    m_epochAccuracy += accuracyAt(loss) * static_cast<double>(count);
    ++m_step;
    const auto steps = static_cast<double>(m_job.stepsPerEpoch() * m_job.plan.epochs);
    m_progress += m_learningRate / m_job.plan.learningRate / steps;
    if (static_cast<std::int64_t>(m_steps.losses.size()) >= m_script.stepsPerEvent)
        flush();
    return true;
}

double FakeTrainer::lossNow() const
{
    Random random(m_job.plan.seed, Purpose::Order, static_cast<std::uint64_t>(m_step));
    const double noise = 1 + 0.1 * (random.uniformDouble() - 0.5);
    return (leastLoss + (mostLoss - leastLoss) * std::exp(-4 * m_progress)) * noise;
}

void FakeTrainer::flush()
{
    if (!m_steps.losses.empty())
        m_sink->put(std::exchange(m_steps, {}));
}

void FakeTrainer::finishEpoch(std::int64_t epoch)
{
    const auto samples = static_cast<double>(m_job.split.train.size());
    EpochDone done;
    done.epoch = epoch;
    done.lastStep = m_step;
    done.trainLoss = m_epochLoss / samples;
    done.trainAccuracy = m_epochAccuracy / samples;
    done.trainSeconds = m_script.secondsPerStep * static_cast<double>(m_job.stepsPerEpoch());
    done.learningRate = m_learningRate;
    if (!m_job.split.validation.empty()) {
        m_sink->put(changedTo(StateChanged::State::Validating));
        m_orders.waitFor(m_script.validationSeconds);
        done.validationLoss = lossNow() * 1.05;
        done.validationAccuracy = accuracyAt(*done.validationLoss);
    }
    done.best = !m_best || isBetter(done, *m_best, m_job.plan.recipe.bestBy);
    if (done.best)
        m_best = done;
    m_epoch = epoch;
    m_sink->put(done);
    putSnapshot(done.best);
    if (epoch < m_job.plan.epochs && !m_orders.stopAfterEpoch())
        m_sink->put(changedTo(StateChanged::State::Running));
}

void FakeTrainer::putSnapshot(bool best)
{
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->epoch = m_epoch;
    snapshot->step = m_step;
    snapshot->best = best;
    snapshot->weights = fakeWeights(m_job.model, m_job.plan.seed, m_step);
    const auto bytes =
        std::make_shared<const Bytes>(static_cast<std::size_t>(m_script.weightBytes), std::byte{1});
    snapshot->optimizer.push_back(NamedTensor{"moments", DType::U8, {m_script.weightBytes}, bytes});
    snapshot->state["step"] = m_step;
    m_sink->put(SnapshotReady{std::move(snapshot)});
}

void FakeTrainer::finishTested(Outcome outcome)
{
    if (m_job.data.test)
        m_sink->put(changedTo(StateChanged::State::Testing));
    finish(outcome, {});
}

/// Test figures only where the run came to the end of an epoch in good order.
void FakeTrainer::finish(Outcome outcome, std::string message)
{
    Finished finished;
    finished.outcome = outcome;
    finished.message = std::move(message);
    finished.lastStep = m_step;
    finished.bestEpoch = m_best ? m_best->epoch : 0;
    const bool tested = m_best && m_job.data.test && finished.message.empty() && !m_orders.stopNow();
    if (tested) {
        finished.testLoss = m_best->validationLoss.value_or(m_best->trainLoss) * 1.02;
        finished.testAccuracy = accuracyAt(*finished.testLoss);
        finished.lastTestLoss = lossNow() * 1.08;
        finished.lastTestAccuracy = accuracyAt(*finished.lastTestLoss);
    }
    m_sink->put(std::move(finished));
}

} // namespace torchdesk
