// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/ticks.h"

#include "core/base/text.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>
#include <cmath>

namespace torchdesk {

namespace {

constexpr int tooMany = 60; ///< guards against ranges that arithmetic cannot resolve

QString withoutZeros(std::string text)
{
    if (text.find('.') != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.')
            text.pop_back();
    }
    return QString::fromStdString(text == "-0" ? "0" : text);
}

int digitsFor(double step)
{
    if (!(step > 0))
        return 0;
    return std::clamp(int(std::ceil(-std::log10(step) - 1e-9)) + 1, 0, 12);
}

QString plain(double value, double step)
{
    const double size = std::abs(value);
    if (size >= 1e6 || (size > 0 && size < 1e-5))
        return QString::number(value, 'g', 3);
    if (step >= 1 && std::abs(value - std::round(value)) < 1e-6)
        return QString::fromStdString(grouped(std::llround(value)));
    return withoutZeros(fixed(value, digitsFor(step)));
}

QString labelOf(double value, double step, ValueUnit unit)
{
    if (unit == ValueUnit::Percent)
        return QCoreApplication::translate("Chart", "%1 %").arg(plain(value * 100, step * 100));
    return plain(value, step);
}

template <class Label>
std::vector<Tick> multiples(double from, double to, double step, Label label)
{
    std::vector<Tick> ticks;
    if (!(step > 0) || !std::isfinite(from) || !std::isfinite(to))
        return ticks;
    const double slack = step * 1e-6;
    const double first = std::ceil((from - slack) / step);
    for (double n = first; n * step <= to + slack && ticks.size() < tooMany; ++n)
        ticks.push_back({n * step, label(n * step)});
    return ticks;
}

double timeStep(double rough)
{
    static constexpr std::array steps{1.0,   2.0,   5.0,    10.0,   15.0,   30.0,    60.0,    120.0,  300.0,
                                      600.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0, 21600.0, 43200.0};
    if (rough < 1)
        return niceStep(rough);
    for (const double step : steps)
        if (step >= rough * 0.999)
            return step;
    return 86400 * niceStep(rough / 86400);
}

QString timeLabel(double seconds, double step)
{
    const auto text = [](double value, double by) { return withoutZeros(fixed(value / by, 2)); };
    if (seconds == 0 || step < 60)
        return QCoreApplication::translate("Chart", "%1 s").arg(text(seconds, 1));
    if (step < 3600)
        return QCoreApplication::translate("Chart", "%1 min").arg(text(seconds, 60));
    return QCoreApplication::translate("Chart", "%1 h").arg(text(seconds, 3600));
}

} // namespace

double niceStep(double rough)
{
    if (!(rough > 0) || !std::isfinite(rough))
        return 1;
    const double power = std::pow(10, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 2.5, 5.0})
        if (factor * power >= rough * 0.9999)
            return factor * power;
    return 10 * power;
}

std::vector<Tick> linearTicks(double from, double to, int wanted, ValueUnit unit)
{
    const double step = niceStep((to - from) / std::max(1, wanted));
    return multiples(from, to, step, [=](double value) { return labelOf(value, step, unit); });
}

std::vector<Tick> logarithmicTicks(double from, double to, int wanted, ValueUnit unit)
{
    std::vector<Tick> ticks;
    const bool between = to - from <= wanted / 2.0;
    const double skip = std::max(1.0, std::ceil((to - from) / std::max(1, wanted)));
    for (double power = std::floor(from / skip) * skip; power <= to && ticks.size() < tooMany;
         power += skip) {
        for (const double factor : {1.0, 2.0, 5.0}) {
            const double place = power + std::log10(factor);
            if (place < from - 1e-9 || place > to + 1e-9 || (factor > 1 && !between))
                continue;
            const double value = factor * std::pow(10, power);
            ticks.push_back({place, labelOf(value, value, unit)});
        }
    }
    return ticks;
}

std::vector<Tick> stepTicks(double from, double to, int wanted, double unit, bool asEpochs)
{
    const double rough = (to - from) / std::max(1, wanted);
    double step = std::max(1.0, niceStep(rough));
    if (unit > 0 && to - from >= 2 * unit) { // whole epochs: 1, 2, 5, 10 …
        const double epochs = niceStep(std::max(1.0, rough / unit));
        step = unit * (epochs == 2.5 ? 5 : epochs);
    } else if (asEpochs && unit > 0) {
        step = unit * niceStep(rough / unit);
    }
    if (asEpochs && unit > 0)
        return multiples(from, to, step, [=](double value) { return plain(value / unit, step / unit); });
    return multiples(from, to, step, [](double value) { return plain(value, 1); });
}

std::vector<Tick> timeTicks(double from, double to, int wanted)
{
    const double step = timeStep((to - from) / std::max(1, wanted));
    return multiples(from, to, step, [step](double value) { return timeLabel(value, step); });
}

QString figureText(double value, ValueUnit unit)
{
    if (std::isnan(value))
        return QCoreApplication::translate("Chart", "not a number");
    if (std::isinf(value))
        return QCoreApplication::translate("Chart", "infinite");
    if (unit == ValueUnit::Percent)
        return QString::fromStdString(percent(value, 1));
    const double size = std::abs(value);
    if (size > 0 && (size < 1e-4 || size >= 1e6))
        return QString::number(value, 'g', 3);
    return QString::fromStdString(fixed(value, size >= 1000 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4));
}

} // namespace torchdesk
