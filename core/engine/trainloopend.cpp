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

/// Stopped at once: the weights as they are go out, nothing is measured.
Finished TrainLoop::finishStopped()
{
    if (!m_lastSnapshot || m_lastSnapshot->step != m_step)
        m_sink.put(SnapshotReady{takeSnapshot(*m_setup, m_epoch, m_step, false)});
    return finished(Outcome::Stopped);
}

/// The optimizer held the step back, so the weights are those before it. They may be broken all the same: a
/// finite loss can have gradients that are not.
Finished TrainLoop::finishDiverged()
{
    Finished result = finished(Outcome::Diverged);
    const std::string what =
        std::isnan(m_report.lastLoss()) ? "The loss is not a number" : "The loss is infinite";
    result.message = what + " at step " + std::to_string(result.lastStep) + ". ";
    if (m_setup->network.allFinite()) {
        m_sink.put(SnapshotReady{takeSnapshot(*m_setup, m_epoch, result.lastStep - 1, false)});
        result.message += "The weights before that step are kept";
    } else if (m_bestSnapshot && m_setup->network.load(m_bestSnapshot->weights) &&
               m_setup->network.allFinite()) {
        m_sink.put(SnapshotReady{m_bestSnapshot});
        result.message += "The weights of the best epoch " + std::to_string(m_best->epoch) + " are kept";
    } else {
        result.message +=
            "No weights could be kept, as those before that step were not finite either. Try again with "
            "a tenth of the learning rate";
    }
    return result;
}

Finished TrainLoop::finishTested(Outcome outcome)
{
    Finished result = finished(outcome);
    if (!m_setup->test || !m_lastSnapshot)
        return result;
    enter(State::Testing);
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
    }
    if (m_end == End::StopNow)
        result.outcome = Outcome::Stopped;
    return result;
}

std::optional<Evaluation> TrainLoop::test()
{
    return evaluate(m_setup->network, *m_setup->test, m_setup->testIndices, [this] { return stopsNow(); });
}

} // namespace torchdesk
