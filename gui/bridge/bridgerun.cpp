// SPDX-License-Identifier: GPL-3.0-or-later
// The bridge's half that starts, follows and ends a run.
#include "gui/bridge/bridge.h"

#include "core/run/checkpoint.h"
#include "gui/bridge/waketarget.h"

#include <algorithm>

namespace torchdesk {

namespace {

constexpr qint64 drainInterval = 200; // ms: 5 Hz

/// A session has this way out where not even the memory for its last event is left.
Finished endedWithoutAWord()
{
    Finished failed;
    failed.outcome = Outcome::Failed;
    failed.message =
        Bridge::tr("The memory is full: the run could not be recorded further. Close other programs.")
            .toStdString();
    return failed;
}

} // namespace

void Bridge::train()
{
    if (canTrain())
        startRun();
    else if (!busy() && m_verdict.state != Verdict::State::Wrong)
        m_trainWhenChecked = true;
    else if (!busy())
        Q_EMIT runRefused(whyNotTrain());
}

void Bridge::trainAgain(double factor)
{
    if (busy())
        return;
    TrainingPlan plan = m_runPlan;
    plan.learningRate *= factor;
    setPlan(plan);
    Q_EMIT planChanged(m_plan);
    m_trainWhenChecked = true;
}

void Bridge::startRun()
{
    stopMeasuring();
    m_meter = {};
    m_runJob = m_verdict.job;
    m_runPlan = m_runJob->plan;
    m_learningRate = m_runPlan.learningRate;
    m_runClock.start();
    setPhase(Phase::Starting);
    m_runWorker.run(
        "start",
        [engine = m_engine, job = m_verdict.job, runs = m_runs, target = m_wakeTarget](std::stop_token) {
            return Session::start(engine, *job, runs, [target]() noexcept { target->wake(); });
        },
        [this](Expected<std::unique_ptr<Session>> session) { started(std::move(session)); });
}

void Bridge::stopMeasuring()
{
    if (m_verdict.measurement || m_verdict.state != Verdict::State::Ready)
        return;
    m_formWorker.cancel(checkKey);
    Verdict verdict = m_verdict;
    verdict.message.clear();
    setVerdict(std::move(verdict));
}

void Bridge::started(Expected<std::unique_ptr<Session>> session)
{
    if (!session) {
        m_stopAtStart = false;
        setPhase(m_runFolder.empty() ? Phase::Idle : Phase::Ended);
        Q_EMIT runRefused(QString::fromStdString(session.error().message));
        return;
    }
    m_session = std::move(*session);
    m_runFolder = m_session->folder();
    setPhase(m_stopAtStart ? Phase::Stopping : Phase::Running);
    if (std::exchange(m_stopAtStart, false))
        post(Stop{});
    Q_EMIT runStarted(m_runFolder);
    wake();
}

void Bridge::post(const Command& command)
{
    if (m_session)
        m_session->post(command);
}

void Bridge::pause()
{
    post(Pause{});
}

void Bridge::resume()
{
    post(Resume{});
}

void Bridge::stopNow()
{
    if (!busy())
        return;
    if (m_phase == Phase::Starting) {
        m_stopAtStart = true;
        return;
    }
    post(Stop{Stop::When::Now});
    setPhase(Phase::Stopping);
}

void Bridge::stopAfterEpoch()
{
    post(Stop{Stop::When::AfterEpoch});
}

void Bridge::changeLearningRate(double value)
{
    post(Change{"learning_rate", value});
}

// ---- events: gathered for a fifth of a second, then handed on at once

void Bridge::wake()
{
    if (!m_session || m_drainTimer.isActive())
        return;
    const qint64 since = m_sinceDrain.isValid() ? m_sinceDrain.elapsed() : drainInterval;
    m_drainTimer.start(static_cast<int>(std::clamp<qint64>(drainInterval - since, 0, drainInterval)));
}

void Bridge::drain()
{
    if (!m_session)
        return;
    m_sinceDrain.start();
    const bool over = m_session->finished(); // asked first: then its last event is there too
    std::vector<Event> events = m_session->drain();
    const auto isLast = [](const Event& event) { return std::holds_alternative<Finished>(event); };
    if (over && std::none_of(events.begin(), events.end(), isLast))
        events.emplace_back(endedWithoutAWord());
    if (events.empty())
        return;
    const auto last = std::find_if(events.begin(), events.end(), isLast);
    const auto* finished = last == events.end() ? nullptr : std::get_if<Finished>(&*last);
    for (const Event& event : events)
        follow(event);
    Q_EMIT eventsArrived(events);
    if (finished)
        closeRun(*finished);
}

void Bridge::follow(const Event& event)
{
    m_meter.add(event);
    if (const auto* steps = std::get_if<StepsDone>(&event))
        m_learningRate = steps->learningRate;
    if (const auto* setting = std::get_if<SettingChanged>(&event); setting && setting->id == "learning_rate")
        m_learningRate = setting->value;
    if (const auto* changed = std::get_if<StateChanged>(&event); changed && m_phase != Phase::Stopping) {
        using State = StateChanged::State;
        setPhase(changed->state == State::Paused     ? Phase::Paused
                 : changed->state == State::Stopping ? Phase::Stopping
                                                     : Phase::Running);
    }
}

// The last files are written while the window lives on.
void Bridge::closeRun(const Finished& finished)
{
    setPhase(Phase::Stopping);
    m_runMilliseconds = m_runClock.elapsed();
    m_runWorker.run(
        "close",
        [session = std::exchange(m_session, nullptr), folder = m_runFolder](std::stop_token) mutable {
            session.reset(); // waits for the last file
            return !listCheckpoints(folder).empty();
        },
        [this, finished](bool weights) {
            m_runHasWeights = weights;
            setPhase(Phase::Ended);
            Q_EMIT runFinished(finished, m_runFolder);
            check();
        });
}

} // namespace torchdesk
