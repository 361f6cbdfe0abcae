// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/smoothingslider.h"

#include "core/base/text.h"
#include "gui/app/theme.h"
#include "gui/widgets/figures.h"
#include "gui/widgets/labels.h"

#include <QHBoxLayout>
#include <QSlider>
#include <algorithm>
#include <cmath>

namespace torchdesk {

SmoothingSlider::SmoothingSlider(QWidget* parent) : QWidget(parent)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::medium);
    auto* label = makeLabel(tr("Smoothing"), TextRole::Label, Tone::Muted, this);
    m_slider = new QSlider(Qt::Horizontal, this);
    m_slider->setObjectName(QStringLiteral("smoothingSlider"));
    m_slider->setProperty("on", "window");
    m_slider->setRange(0, 100);
    m_slider->setPageStep(10);
    m_slider->setFixedWidth(112);
    m_slider->setAccessibleName(tr("Smoothing"));
    m_slider->setToolTip(
        asToolTip(tr("Average over neighbouring steps, as TensorBoard computes it. 0 shows the raw curve.")));
    label->setBuddy(m_slider);
    m_figure = new FigureLabel(this);
    m_figure->setFont(fontFor(TextRole::Label));
    m_figure->setMuted(true);
    row->addWidget(label);
    row->addWidget(m_slider);
    row->addWidget(m_figure);
    connect(m_slider, &QSlider::valueChanged, this, [this](int value) { setWeight(value / 100.0); });
    setWeight(usualWeight);
}

void SmoothingSlider::setWeight(double weight)
{
    // The end of the slider is 0.999: at 1 an average would never move.
    m_weight = std::clamp(weight, 0.0, 0.999);
    const QSignalBlocker quiet(m_slider);
    m_slider->setValue(int(std::lround(m_weight * 100)));
    m_figure->setText(QString::fromStdString(fixed(m_weight, m_weight > 0.99 ? 3 : 2)));
    Q_EMIT changed(m_weight);
}

} // namespace torchdesk
