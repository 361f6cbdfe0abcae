// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/clientqueue.h"

#include <algorithm>
#include <utility>

namespace torchdesk {

namespace {

bool continues(const StepsDone& before, const StepsDone& steps)
{
    return before.epoch == steps.epoch && before.lastStep() + 1 == steps.firstStep &&
           before.learningRate == steps.learningRate;
}

void append(std::vector<float>& to, const std::vector<float>& from)
{
    to.insert(to.end(), from.begin(), from.end());
}

std::vector<float> part(const std::vector<float>& all, std::size_t first, std::size_t count)
{
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(first);
    return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

/// The steps first … first+count-1 (from 0) of \p all, with their share of the samples.
StepsDone cut(const StepsDone& all, std::size_t first, std::size_t count)
{
    const auto samplesUpTo = [&](std::size_t steps) {
        const double share = static_cast<double>(steps) / static_cast<double>(all.losses.size());
        return static_cast<std::int64_t>(static_cast<double>(all.samples) * share);
    };
    StepsDone piece;
    piece.epoch = all.epoch;
    piece.firstStep = all.firstStep + static_cast<std::int64_t>(first);
    piece.samples = samplesUpTo(first + count) - samplesUpTo(first);
    piece.losses = part(all.losses, first, count);
    piece.accuracies = part(all.accuracies, first, count);
    piece.seconds = part(all.seconds, first, count);
    piece.learningRate = all.learningRate;
    return piece;
}

std::vector<StepsDone> blocks(StepsDone steps)
{
    const std::size_t count = steps.losses.size();
    std::vector<StepsDone> all;
    if (count <= ClientQueue::block) {
        all.push_back(std::move(steps));
        return all;
    }
    for (std::size_t first = 0; first < count; first += ClientQueue::block)
        all.push_back(cut(steps, first, std::min(ClientQueue::block, count - first)));
    return all;
}

bool isRemark(const Event& event)
{
    return std::holds_alternative<Notice>(event) || std::holds_alternative<SettingChanged>(event);
}

} // namespace

ClientQueue::ClientQueue(std::size_t stepLimit) : m_stepLimit(stepLimit) {}

bool ClientQueue::add(Event event)
{
    const bool wasEmpty = m_events.empty();
    if (auto* steps = std::get_if<StepsDone>(&event)) {
        addSteps(std::move(*steps));
    } else if (isRemark(event)) {
        addRemark(std::move(event));
    } else {
        if (std::holds_alternative<SnapshotReady>(event))
            dropOlderTensors();
        const bool stateAgain = !wasEmpty && std::holds_alternative<StateChanged>(event) &&
                                std::holds_alternative<StateChanged>(m_events.back());
        if (stateAgain)
            m_events.back() = std::move(event);
        else
            m_events.push_back(std::move(event));
    }
    return wasEmpty;
}

std::vector<Event> ClientQueue::take()
{
    m_steps = 0;
    m_remarks = 0;
    return std::exchange(m_events, {});
}

void ClientQueue::addSteps(StepsDone steps)
{
    m_steps += steps.losses.size();
    auto* last = m_events.empty() ? nullptr : std::get_if<StepsDone>(&m_events.back());
    if (last && continues(*last, steps)) {
        last->samples += steps.samples;
        append(last->losses, steps.losses);
        append(last->accuracies, steps.accuracies);
        append(last->seconds, steps.seconds);
    } else {
        m_events.emplace_back(std::move(steps));
    }
    if (m_steps > m_stepLimit)
        thin();
}

void ClientQueue::addRemark(Event event)
{
    m_events.push_back(std::move(event));
    if (++m_remarks <= remarkLimit)
        return;
    m_events.erase(std::find_if(m_events.begin(), m_events.end(), isRemark));
    --m_remarks;
}

void ClientQueue::dropOlderTensors()
{
    for (Event& event : m_events) {
        auto* ready = std::get_if<SnapshotReady>(&event);
        if (!ready || !ready->snapshot || ready->snapshot->weights.empty())
            continue;
        auto bare = std::make_shared<Snapshot>();
        bare->epoch = ready->snapshot->epoch;
        bare->step = ready->snapshot->step;
        bare->best = ready->snapshot->best;
        ready->snapshot = std::move(bare);
    }
}

void ClientQueue::thin()
{
    const std::size_t wanted = m_stepLimit - m_stepLimit / 8;
    std::vector<Event> kept;
    bool keep = true; // the first block stays: a curve keeps its beginning
    for (Event& event : m_events) {
        auto* steps = std::get_if<StepsDone>(&event);
        if (!steps || m_steps <= wanted) {
            kept.push_back(std::move(event));
            continue;
        }
        for (StepsDone& piece : blocks(std::move(*steps))) {
            const bool enough = m_steps <= wanted;
            if (keep || enough)
                kept.emplace_back(std::move(piece));
            else
                m_steps -= piece.losses.size();
            keep = !keep;
        }
    }
    m_events = std::move(kept);
}

} // namespace torchdesk
