// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <deque>
#include <optional>

namespace torchdesk {

/// The last minute of a share as a small plot that moves to the left.
class Sparkline final : public QWidget
{
    Q_OBJECT

public:
    /// 120 samples: 60 s at 2 Hz.
    explicit Sparkline(int capacity = 120, QWidget* parent = nullptr);
    /// 0 … 1; nullopt is a gap.
    void append(std::optional<double> share);
    void clear();
    int count() const { return int(m_samples.size()); }
    std::optional<double> latest() const;
    QSize sizeHint() const override { return {208, 56}; }
    QSize minimumSizeHint() const override { return {60, 40}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QPointF place(int index) const;

    int m_capacity;
    std::deque<std::optional<double>> m_samples;
};

} // namespace torchdesk
