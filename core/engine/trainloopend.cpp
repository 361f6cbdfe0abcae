// SPDX-License-Identifier: GPL-3.0-or-later
// How a training ends: tested, stopped, or with a loss that is not finite.
#include "core/engine/snapshot.h"
#include "core/engine/trainloop.h"

#include <cmath>

namespace torchdesk {

using State = StateChanged::State;

Finished TrainLoop::finished(Outcome outcome) const
{
    Finished result;
    result.outcome = outcome;
    result.lastStep = m_report.lastStep();
    result.bestEpoch = bestEpoch();
    return result;
}

/// Without validation nothing else can tell.
bool TrainLoop::lastIsBest() const
{
    return m_setup->validation.size(0) == 0;
}

/// Stopped at once: the weights as they are go out, nothing is measured.
Finished TrainLoop::finishStopped()
{
    // Untrained weights are worth nothing.
    const bool kept = m_lastSnapshot && m_lastSnapshot->step == m_step;
    if (m_step > 0 && !kept && !m_setup->network.allFinite())
        return finishDiverged();
    if (m_step > 0 && !kept)
        m_sink.put(SnapshotReady{takeSnapshot(*m_setup, m_epoch, m_step, lastIsBest())});
    return finished(Outcome::Stopped);
}

std::string TrainLoop::whatDiverged() const
{
    const std::string step = std::to_string(m_report.lastStep());
    const std::string stopped = "Stopped at step " + step + ": ";
    if (std::isnan(m_report.lastLoss()))
        return stopped + "the loss is not a number";
    if (std::isinf(m_report.lastLoss()))
        return stopped + "the loss is infinite";
    return stopped + "the weights or the validation loss are no longer finite";
}

/// The optimizer held the step back, so the weights are those before it. They may be broken all the same: a
/// finite loss can have gradients that are not.
Finished TrainLoop::finishDiverged()
{
    Finished result = finished(Outcome::Diverged);
    result.message = whatDiverged() + ". ";
    if (!std::isfinite(m_report.lastLoss()) && m_setup->network.allFinite()) {
        m_sink.put(SnapshotReady{takeSnapshot(*m_setup, m_epoch, result.lastStep - 1, false)});
        result.message += "The weights before that step are kept.";
    } else if (m_bestSnapshot && m_setup->network.load(m_bestSnapshot->weights) &&
               m_setup->network.allFinite()) {
        m_sink.put(SnapshotReady{m_bestSnapshot});
        result.message += "The weights of the best epoch " + std::to_string(m_best->epoch) + " are kept.";
    } else {
        result.message +=
            "No weights could be kept, as there are none that are finite. Try again with a tenth of the "
            "learning rate.";
    }
    return result;
}

void TrainLoop::salvage() noexcept
{
    try {
        m_report.flush(); // what is known, before a device that is gone is asked for more
        if (m_setup)
            collect(true);
        m_report.flush();
        const bool kept = m_lastSnapshot && m_lastSnapshot->step >= m_step;
        if (m_setup && m_step > 0 && !kept && m_setup->network.allFinite())
            m_sink.put(SnapshotReady{takeSnapshot(*m_setup, m_epoch, m_step, lastIsBest())});
    } catch (...) {
        // The device is gone or the memory full: what was kept before stays.
    }
}

Finished TrainLoop::finishTested(Outcome outcome)
{
    Finished result = finished(outcome);
    if (!m_setup->test || !m_lastSnapshot)
        return result;
    enter(State::Testing);
    m_testing = true;
    const std::optional<Evaluation> last = test();
    std::optional<Evaluation> best = last;
    if (last && m_bestSnapshot != m_lastSnapshot)
        best = m_setup->network.load(m_bestSnapshot->weights) ? test() : std::nullopt;
    if (last) {
        result.lastTestLoss = last->loss;
        result.lastTestAccuracy = last->accuracy;
    }
    if (best) {
        result.testLoss = best->loss;
        result.testAccuracy = best->accuracy;
        result.testTop5 = best->top5;
        result.confusion = best->confusion;
    }
    if (m_end == End::StopNow)
        result.outcome = Outcome::Stopped;
    return result;
}

std::optional<Evaluation> TrainLoop::test()
{
    return evaluate(
        m_setup->step(), m_setup->network.evaluationBatch(), *m_setup->test, m_setup->testIndices,
        [this] { return stopsNow(); }, /*confusion=*/true);
}

} // namespace torchdesk
