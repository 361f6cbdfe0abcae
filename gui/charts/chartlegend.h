// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/charts/seriesstyle.h"

#include <QWidget>
#include <vector>

namespace torchdesk {

/// The curves of a chart with their latest values, right-aligned: "— training 0.0712   — validation 0.0439".
/// Breaks into more lines where it does not fit.
class ChartLegend final : public QWidget
{
    Q_OBJECT

public:
    struct Entry
    {
        SeriesStyle style;
        QString value;  ///< "" before the first point
        QString widest; ///< the widest value so far: keeps the place of the others
    };

    explicit ChartLegend(QWidget* parent = nullptr);
    void setEntries(std::vector<Entry> entries);
    const std::vector<Entry>& entries() const { return m_entries; }
    QString text() const; ///< "training 0.0712, validation 0.0439", as a screen reader says it
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    double widthOf(const Entry& entry) const;
    std::vector<QRectF> places(double width) const;

    std::vector<Entry> m_entries;
};

} // namespace torchdesk
