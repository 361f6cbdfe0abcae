// SPDX-License-Identifier: GPL-3.0-or-later
// What a training does with the commands that arrive while it runs.
#include "core/base/text.h"
#include "core/engine/snapshot.h"
#include "core/engine/trainloop.h"
#include "core/plan/options.h"

namespace torchdesk {

using State = StateChanged::State;

void TrainLoop::handleCommands()
{
    if (m_mailbox.empty() && !m_paused) // a pause may have come during validation
        return;
    m_training.pause();
    for (const Command& command : m_mailbox.take())
        handle(command);
    if (m_paused)
        pause();
}

void TrainLoop::handle(const Command& command)
{
    if (const auto* stop = std::get_if<Stop>(&command)) {
        const bool now = stop->when == Stop::When::Now;
        if (m_end == End::None)
            enter(State::Stopping);
        if (m_end != End::Diverged)
            m_end = now ? End::StopNow : m_end == End::StopNow ? End::StopNow : End::StopAfterEpoch;
        m_paused = false;
    } else if (std::holds_alternative<Pause>(command)) {
        m_paused = true;
    } else if (std::holds_alternative<Resume>(command)) {
        m_paused = false;
    } else if (const auto* changed = std::get_if<Change>(&command)) {
        change(*changed);
    } else if (std::holds_alternative<TakeSnapshot>(command)) {
        // While it is tested the network may hold the best weights: the last ones were kept.
        m_sink.put(
            SnapshotReady{m_testing ? m_lastSnapshot : takeSnapshot(*m_setup, m_epoch, m_step, false)});
    }
}

void TrainLoop::pause()
{
    const End before = m_end;
    collect(true);
    m_report.flush();
    enter(State::Paused);
    while (m_paused && m_end != End::Diverged)
        for (const Command& command : m_mailbox.wait())
            handle(command);
    if (m_end == End::None)
        enter(State::Running);
    else if (before == m_end && m_end != End::Diverged) // one that came meanwhile has said so itself
        enter(State::Stopping);
}

void TrainLoop::change(const Change& change)
{
    const Option* option = findOption(change.id);
    const auto refuse = [this](const std::string& reason) {
        m_sink.put(Notice{Notice::Severity::Warning, reason});
    };
    if (!option || !option->live || change.id != "learning_rate")
        return refuse("The setting '" + shortened(change.id, 60) +
                      "' cannot be changed while a run is going on. Only learning_rate can.");
    if (auto checked = checkOption(*option, Json(change.value)); !checked)
        return refuse(checked.error().message);
    collect(true); // Steps on their way were done with the former rate.
    m_rate.change(change.value, m_step + 1);
    m_sink.put(SettingChanged{change.id, change.value, m_step + 1});
}

bool TrainLoop::stopsNow()
{
    if (m_mailbox.empty())
        return m_end == End::StopNow;
    for (const Command& command : m_mailbox.take())
        handle(command);
    return m_end == End::StopNow;
}

} // namespace torchdesk
