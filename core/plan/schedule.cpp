// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/schedule.h"

#include "core/base/text.h"
#include "core/plan/trainingplan.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace torchdesk {

namespace {

/// A moment between two epochs, the first one after which something may change.
std::int64_t wholeEpochs(const RunSpan& span, std::int64_t epochs)
{
    return std::max<std::int64_t>(1, std::llround(span.epochs(epochs)));
}

double afterSteps(const Schedule& schedule, std::int64_t epochs, std::int64_t epoch)
{
    const auto every = toRunSpan(schedule.stepEvery).value_or(RunSpan{1, false});
    return std::pow(schedule.factor, static_cast<double>(epoch / wholeEpochs(every, epochs)));
}

double afterMilestones(const Schedule& schedule, std::int64_t epochs, std::int64_t epoch)
{
    double share = 1;
    for (const RunSpan& milestone : toRunSpans(schedule.milestones).value_or(std::vector<RunSpan>{}))
        share *= epoch >= wholeEpochs(milestone, epochs) ? schedule.factor : 1;
    return share;
}

double cosine(double from, double to, double share)
{
    return to + (from - to) * (1 + std::cos(std::numbers::pi * share)) / 2;
}

/// Of OneCycleLR: up to the given rate, then down to next to nothing.
double oneCycle(const Schedule& schedule, double rate, std::int64_t steps, std::int64_t step)
{
    constexpr double divisor = 25;
    constexpr double lastDivisor = 1e4;
    const double first = rate / divisor;
    const auto all = static_cast<double>(steps);
    const double peak = schedule.rise * all - 1;
    const double at = static_cast<double>(step);
    if (peak > 0 && at <= peak)
        return cosine(first, rate, at / peak);
    const double fall = all - 1 - peak;
    return cosine(rate, first / lastDivisor, fall > 0 ? (at - peak) / fall : 1);
}

/// \p step counts from 0 here.
double mainRate(const TrainingPlan& plan, std::int64_t stepsPerEpoch, std::int64_t step)
{
    const Schedule& schedule = plan.schedule;
    const std::int64_t epoch = step / stepsPerEpoch;
    const double share = static_cast<double>(epoch) / static_cast<double>(plan.epochs);
    const double rate = plan.learningRate;
    if (schedule.kind == "step")
        return rate * afterSteps(schedule, plan.epochs, epoch);
    if (schedule.kind == "multistep")
        return rate * afterMilestones(schedule, plan.epochs, epoch);
    if (schedule.kind == "exponential")
        return rate * std::pow(schedule.decay, static_cast<double>(epoch));
    if (schedule.kind == "cosine")
        return cosine(rate, std::min(schedule.least, rate), share);
    if (schedule.kind == "polynomial")
        return rate * std::pow(1 - share, schedule.power);
    if (schedule.kind == "onecycle")
        return oneCycle(schedule, rate, plan.epochs * stepsPerEpoch, step);
    return rate;
}

} // namespace

std::optional<RunSpan> toRunSpan(std::string_view text)
{
    std::string number = trimmed(text);
    RunSpan span;
    span.percent = number.ends_with('%');
    if (span.percent)
        number = trimmed(std::string_view(number).substr(0, number.size() - 1));
    const auto value = toReal(number);
    if (!value || !std::isfinite(*value) || *value < 0 || (span.percent ? *value > 100 : *value > 100'000))
        return std::nullopt;
    span.value = *value;
    return span;
}

std::optional<std::vector<RunSpan>> toRunSpans(std::string_view text)
{
    std::vector<RunSpan> spans;
    for (const std::string& part : splitText(text, ',')) {
        const auto span = toRunSpan(part);
        if (!span)
            return std::nullopt;
        spans.push_back(*span);
    }
    return spans;
}

double warmUpShare(const TrainingPlan& plan, std::int64_t stepsPerEpoch, std::int64_t step)
{
    if (plan.schedule.kind == "onecycle")
        return 1;
    const RunSpan span = toRunSpan(plan.schedule.warmUp).value_or(RunSpan{});
    const double steps = std::round(span.epochs(plan.epochs) * static_cast<double>(stepsPerEpoch));
    const auto at = static_cast<double>(step);
    return at < steps ? at / steps : 1;
}

double scheduledRate(const TrainingPlan& plan, std::int64_t stepsPerEpoch, std::int64_t step)
{
    const std::int64_t each = std::max<std::int64_t>(1, stepsPerEpoch);
    const std::int64_t at = std::clamp<std::int64_t>(step, 1, plan.epochs * each);
    return mainRate(plan, each, at - 1) * warmUpShare(plan, each, at);
}

std::vector<double> scheduleCurve(const TrainingPlan& plan, std::int64_t stepsPerEpoch, std::size_t points)
{
    const double steps = static_cast<double>(plan.epochs * std::max<std::int64_t>(1, stepsPerEpoch));
    const double last = static_cast<double>(std::max<std::size_t>(points, 2) - 1);
    std::vector<double> curve;
    for (std::size_t i = 0; i < points; ++i) {
        const double share = static_cast<double>(i) / last;
        curve.push_back(scheduledRate(plan, stepsPerEpoch, 1 + std::llround(share * (steps - 1))));
    }
    return curve;
}

} // namespace torchdesk
