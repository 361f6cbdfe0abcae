// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/xrange.h"

#include "core/base/text.h"

#include <algorithm>
#include <cmath>

namespace torchdesk {

XRange::XRange(QObject* parent) : QObject(parent) {}

void XRange::report(const QObject* member, std::optional<ScalarSeries::Extent> extent, double labelWidth)
{
    const double before = this->labelWidth();
    m_members[member] = {extent, labelWidth};
    const auto full = m_full;
    grow(false);
    if (before != this->labelWidth() || full.lowest != m_full.lowest || full.highest != m_full.highest)
        Q_EMIT changed();
}

void XRange::forget(const QObject* member)
{
    m_members.erase(member);
}

double XRange::labelWidth() const
{
    double widest = 0;
    for (const auto& [member, values] : m_members)
        widest = std::max(widest, values.labelWidth);
    return widest;
}

std::optional<ScalarSeries::Extent> XRange::extent() const
{
    std::optional<ScalarSeries::Extent> all;
    for (const auto& [member, values] : m_members) {
        if (!values.extent)
            continue;
        if (!all)
            all = values.extent;
        all->lowest = std::min(all->lowest, values.extent->lowest);
        all->highest = std::max(all->highest, values.extent->highest);
    }
    return all;
}

void XRange::grow(bool tight)
{
    const auto all = extent();
    if (!all) {
        m_full = {0, 1};
        m_zoom.reset();
        m_empty = true;
        return;
    }
    // A curve that begins near 0 is shown from 0.
    const double low = all->lowest >= 0 && all->lowest <= 0.25 * all->highest ? 0 : all->lowest;
    const double width = std::max(all->highest - low, 1e-9);
    const bool outgrown = all->highest > m_full.highest || m_empty;
    const bool shrunk = all->highest < low + (m_full.highest - low) / 2;
    m_full.lowest = low;
    if (tight || m_empty)
        m_full.highest = low + width * 1.03;
    else if (outgrown || shrunk)
        m_full.highest = low + width * 1.25;
    m_empty = false;
}

void XRange::zoomTo(double from, double to)
{
    if (from > to)
        std::swap(from, to);
    const double least = std::max(1e-9, std::abs(from) * 1e-9);
    if (!std::isfinite(from) || !std::isfinite(to) || to - from < least)
        return;
    m_zoom = ScalarSeries::Extent{from, to};
    Q_EMIT changed();
}

void XRange::zoomAt(double x, double factor)
{
    const double low = x - (x - from()) * factor;
    const double high = x + (to() - x) * factor;
    if (low <= m_full.lowest && high >= m_full.highest)
        return fit();
    zoomTo(std::max(low, m_full.lowest), std::min(high, m_full.highest));
}

void XRange::pan(double share)
{
    if (!m_zoom)
        return;
    const double width = to() - from();
    const double low =
        std::clamp(from() + share * width, m_full.lowest, std::max(m_full.lowest, m_full.highest - width));
    zoomTo(low, low + width);
}

void XRange::fit()
{
    m_zoom.reset();
    grow(true);
    Q_EMIT changed();
}

void XRange::setMode(XMode mode)
{
    if (mode == m_mode)
        return;
    const bool other = (mode == XMode::Time) != (m_mode == XMode::Time);
    m_mode = mode;
    if (other) {
        for (auto& [member, values] : m_members)
            values.extent.reset();
        m_zoom.reset();
        m_cursor.reset();
        m_empty = true;
    }
    Q_EMIT changed();
}

void XRange::setStepsPerEpoch(double steps)
{
    if (steps == m_stepsPerEpoch)
        return;
    m_stepsPerEpoch = steps;
    Q_EMIT changed();
}

std::vector<Tick> XRange::ticks(int wanted) const
{
    if (m_mode == XMode::Time)
        return timeTicks(from(), to(), wanted);
    return stepTicks(from(), to(), wanted, m_stepsPerEpoch, m_mode == XMode::Epoch);
}

QString XRange::title() const
{
    switch (m_mode) {
    case XMode::Step:
        return tr("step");
    case XMode::Epoch:
        return tr("epoch");
    case XMode::Time:
        return tr("time");
    }
    return {};
}

QString XRange::text(double x) const
{
    if (m_mode == XMode::Time)
        return QString::fromStdString(duration(x));
    if (m_mode == XMode::Epoch && m_stepsPerEpoch > 0)
        return tr("epoch %1").arg(QString::fromStdString(fixed(x / m_stepsPerEpoch, 2)));
    return tr("step %1").arg(QString::fromStdString(grouped(std::llround(x))));
}

void XRange::setCursor(std::optional<double> x)
{
    if (x == m_cursor)
        return;
    m_cursor = x;
    Q_EMIT cursorChanged();
}

} // namespace torchdesk
