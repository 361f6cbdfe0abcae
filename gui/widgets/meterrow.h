// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <optional>

namespace torchdesk {

/// A label at the left, a figure at the right, a thin bar below: "Memory   2.1 / 23.6 GB".
class MeterRow final : public QWidget
{
    Q_OBJECT

public:
    explicit MeterRow(const QString& label, QWidget* parent = nullptr);
    /// \p share is 0 … 1; without one the bar stays empty.
    void setValue(const QString& figure, std::optional<double> share);
    void setLabel(const QString& label);
    QString figure() const { return m_figure; }
    std::optional<double> share() const { return m_share; }
    QSize sizeHint() const override { return {160, 30}; }
    QSize minimumSizeHint() const override { return {80, 30}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void describe();

    QString m_label;
    QString m_figure;
    std::optional<double> m_share;
};

/// The rounded bar of meters and probabilities.
void paintBar(QPainter& painter, const QRectF& rect, double share, const QColor& colour);

} // namespace torchdesk
