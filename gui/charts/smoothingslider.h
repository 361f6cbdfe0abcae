// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QSlider;

namespace torchdesk {

class FigureLabel;

/// The weight of the smoothing, 0 … 0.999, as a slider with its label and figure.
class SmoothingSlider final : public QWidget
{
    Q_OBJECT

public:
    static constexpr double usualWeight = 0.6;

    explicit SmoothingSlider(QWidget* parent = nullptr);
    /// Tells the new weight with changed().
    void setWeight(double weight);
    double weight() const { return m_weight; }

Q_SIGNALS:
    void changed(double weight);

private:
    double m_weight = 0;
    QSlider* m_slider = nullptr;
    FigureLabel* m_figure = nullptr;
};

} // namespace torchdesk
