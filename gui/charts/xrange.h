// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/charts/scalarseries.h"
#include "gui/charts/ticks.h"

#include <QObject>
#include <map>
#include <optional>

namespace torchdesk {

enum class XMode
{
    Step,
    Epoch,
    Time
};

/// The x axis that charts above each other share: what is visible, whether it was zoomed, where the cursor
/// stands, how wide the column of y labels is. Without a zoom it shows everything and grows in steps of a
/// quarter, so that the axis does not change with every point; a zoom stays until fit().
class XRange final : public QObject
{
    Q_OBJECT

public:
    explicit XRange(QObject* parent = nullptr);

    /// What a member has to show, and how wide its labels are; nullopt: nothing yet.
    void report(const QObject* member, std::optional<ScalarSeries::Extent> extent, double labelWidth);
    void forget(const QObject* member);

    double from() const { return m_zoom ? m_zoom->lowest : m_full.lowest; }
    double to() const { return m_zoom ? m_zoom->highest : m_full.highest; }
    double labelWidth() const;
    bool isZoomed() const { return m_zoom.has_value(); }

    void zoomTo(double from, double to);
    void zoomAt(double x, double factor); ///< below 1: closer
    void pan(double share);               ///< of the visible width
    /// Everything again, without room to grow.
    void fit();

    XMode mode() const { return m_mode; }
    XKind kind() const { return m_mode == XMode::Time ? XKind::Time : XKind::Step; }
    void setMode(XMode mode); ///< takes the zoom away
    double stepsPerEpoch() const { return m_stepsPerEpoch; }
    void setStepsPerEpoch(double steps); ///< 0: unknown
    std::vector<Tick> ticks(int wanted) const;
    QString title() const;        ///< "step", "epoch", "time"
    QString text(double x) const; ///< "step 2,900", "epoch 3.50", "12 s"

    std::optional<double> cursor() const { return m_cursor; }
    void setCursor(std::optional<double> x);

Q_SIGNALS:
    void changed();
    void cursorChanged();

private:
    struct Member
    {
        std::optional<ScalarSeries::Extent> extent;
        double labelWidth = 0;
    };
    std::optional<ScalarSeries::Extent> extent() const;
    void grow(bool tight);

    std::map<const QObject*, Member> m_members;
    ScalarSeries::Extent m_full{0, 1};
    std::optional<ScalarSeries::Extent> m_zoom;
    std::optional<double> m_cursor;
    XMode m_mode = XMode::Step;
    double m_stepsPerEpoch = 0;
    bool m_empty = true;
};

} // namespace torchdesk
