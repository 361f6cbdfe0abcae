// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cli/progressline.h"

#include "core/base/text.h"
#include "core/cli/output.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace torchdesk::cli {

namespace {

constexpr double keptShare = 0.95;
constexpr int leastBar = 8;
constexpr int mostBar = 24;

} // namespace

void ProgressLine::Mean::add(double value)
{
    if (!std::isfinite(value))
        return;
    m_sum = keptShare * m_sum + value;
    m_weight = keptShare * m_weight + 1;
}

void ProgressLine::add(const Event& event)
{
    m_meter.add(event);
    if (const auto* started = std::get_if<Started>(&event))
        m_steps = started->stepsPerEpoch * started->epochs;
    else if (const auto* changed = std::get_if<StateChanged>(&event))
        m_state = changed->state;
    else if (const auto* steps = std::get_if<StepsDone>(&event)) {
        for (const float loss : steps->losses)
            m_loss.add(loss);
        for (const float accuracy : steps->accuracies)
            m_accuracy.add(accuracy);
    }
}

/// The last words of the line: time left, or what is going on instead of training.
std::string ProgressLine::activity() const
{
    using State = StateChanged::State;
    switch (m_state) {
    case State::Paused:
        return "paused";
    case State::Validating:
        return "validating";
    case State::Testing:
        return "testing";
    case State::Stopping:
        return "stopping";
    case State::Running:
        break;
    }
    const auto left = m_meter.secondsLeft();
    return left ? duration(*left) + " left" : "measuring…";
}

std::string ProgressLine::speed(const char* unit) const
{
    const auto samples = m_meter.samplesPerSecond();
    return samples ? fmt::format("{}{}", grouped(std::llround(*samples)), unit) : std::string();
}

std::string ProgressLine::full() const
{
    const std::string images = speed(" images/s");
    return fmt::format("step {} of {}  loss {}  accuracy {}  {}{}{}", grouped(m_meter.step()),
                       grouped(m_steps), lossText(m_loss.value()), percent(m_accuracy.value(), 1), images,
                       images.empty() ? "" : "  ", activity());
}

std::string ProgressLine::brief() const
{
    const std::string images = speed("/s");
    return fmt::format("step {}/{}  loss {}  {}  {}{}{}", grouped(m_meter.step()), grouped(m_steps),
                       lossText(m_loss.value()), percent(m_accuracy.value(), 1), images,
                       images.empty() ? "" : "  ", activity());
}

std::string ProgressLine::text(int width) const
{
    if (m_meter.step() == 0)
        return fitted("Epoch 1: the first step is being done…", width);
    const std::string epoch = fmt::format("Epoch {} of {}", m_meter.epoch(), m_meter.epochs());
    const std::string line = fmt::format("{}  {}", epoch, full());
    const int room = width - displayWidth(line) - 2;
    if (room >= leastBar)
        return fmt::format("{}  {}  {}", epoch, progressBar(m_meter.share(), std::min(room, mostBar)),
                           full());
    if (room >= -2)
        return line;
    const std::string shorter = fmt::format("{}/{}  {}", m_meter.epoch(), m_meter.epochs(), brief());
    if (displayWidth(shorter) <= width)
        return shorter;
    return fitted(fmt::format("{}  {}/{}  {}", percent(m_meter.share(), 0), m_meter.epoch(), m_meter.epochs(),
                              activity()),
                  width);
}

std::string progressBar(double share, int width)
{
    const auto filled = static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * width));
    std::string bar;
    for (int i = 0; i < width; ++i)
        bar += i < filled ? "━" : "─";
    return bar;
}

} // namespace torchdesk::cli
