// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/probabilitybars.h"

#include "core/base/text.h"
#include "gui/app/theme.h"
#include "gui/widgets/figures.h"
#include "gui/widgets/meterrow.h"

#include <QPainter>
#include <algorithm>
#include <numeric>

namespace torchdesk {

namespace {
constexpr int rowHeight = 26;
} // namespace

ProbabilityBars::ProbabilityBars(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    describe();
}

void ProbabilityBars::setClasses(const QStringList& names)
{
    m_names = names;
    m_probabilities.clear();
    describe();
    updateGeometry();
    update();
}

void ProbabilityBars::setProbabilities(std::vector<float> probabilities)
{
    if (!probabilities.empty() && qsizetype(probabilities.size()) != m_names.size())
        return;
    m_probabilities = std::move(probabilities);
    describe();
    update();
}

void ProbabilityBars::setMaximumRows(int rows)
{
    m_maximumRows = std::max(1, rows);
    updateGeometry();
    update();
}

int ProbabilityBars::best() const
{
    if (m_probabilities.empty())
        return -1;
    return int(std::max_element(m_probabilities.begin(), m_probabilities.end()) - m_probabilities.begin());
}

QSize ProbabilityBars::sizeHint() const
{
    return {280, rowHeight * std::min<int>(m_maximumRows, int(m_names.size()))};
}

std::vector<int> ProbabilityBars::shownClasses() const
{
    std::vector<int> classes(std::size_t(m_names.size()));
    std::iota(classes.begin(), classes.end(), 0);
    // Few classes keep their places, so that only lengths move; of many the likeliest come first.
    if (int(classes.size()) <= m_maximumRows)
        return classes;
    if (!m_probabilities.empty())
        std::stable_sort(classes.begin(), classes.end(), [this](int a, int b) {
            return m_probabilities[std::size_t(a)] > m_probabilities[std::size_t(b)];
        });
    classes.resize(std::size_t(m_maximumRows));
    return classes;
}

void ProbabilityBars::describe()
{
    setAccessibleName(tr("Probabilities"));
    const int top = best();
    setAccessibleDescription(
        top < 0 ? tr("Nothing to judge yet")
                : tr("%1, %2").arg(m_names[top],
                                   QString::fromStdString(percent(m_probabilities[std::size_t(top)], 1))));
}

void ProbabilityBars::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const int top = best();
    const double figureWidth = figuresWidth(fontFor(TextRole::Strong), QStringLiteral("100.0 %"));
    double nameWidth = 0;
    for (const QString& name : m_names)
        nameWidth = std::max(nameWidth, QFontMetricsF(fontFor(TextRole::Strong)).horizontalAdvance(name));
    nameWidth = std::min(nameWidth, width() * 0.4);
    int row = 0;
    for (const int index : shownClasses()) {
        const QRectF line(0, row++ * rowHeight, width(), rowHeight);
        painter.setFont(fontFor(index == top ? TextRole::Strong : TextRole::Body));
        painter.setPen(index == top ? theme().text : theme().muted);
        const QString name =
            painter.fontMetrics().elidedText(m_names[index], Qt::ElideRight, int(nameWidth) + 1);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, name);
        const double left = nameWidth + space::medium;
        const QRectF bar(left, line.center().y() - 4, line.width() - left - figureWidth - space::medium, 8);
        const double share = m_probabilities.empty() ? 0 : m_probabilities[std::size_t(index)];
        paintBar(painter, bar, share, index == top ? theme().training : theme().faint);
        if (!m_probabilities.empty())
            drawFigures(painter, line, Qt::AlignRight | Qt::AlignVCenter,
                        QString::fromStdString(percent(share, 1)));
    }
}

} // namespace torchdesk
