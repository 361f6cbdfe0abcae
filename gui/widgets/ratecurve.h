// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

namespace torchdesk {

/// The learning rate over a run as a small picture, from zero at the bottom to the largest rate at the top.
/// It has no figures of its own: what it shows stands in the fields around it.
class RateCurve final : public QWidget
{
    Q_OBJECT

public:
    explicit RateCurve(QWidget* parent = nullptr);
    /// At equal distances over the run.
    void setRates(std::vector<double> rates);
    const std::vector<double>& rates() const { return m_rates; }
    /// Where rate number \p index is drawn.
    QPointF place(std::size_t index) const;
    QSize sizeHint() const override { return {208, 56}; }
    QSize minimumSizeHint() const override { return {60, 40}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<double> m_rates;
    double m_largest = 0;
};

} // namespace torchdesk
