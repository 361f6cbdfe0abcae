// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/confusiongrid.h"

#include "core/base/text.h"
#include "gui/app/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

namespace torchdesk {

namespace {

constexpr double roomForNumber = 26; ///< a cell's side
constexpr double roomForName = 12;
constexpr double widestName = 110;
constexpr double axisHeight = 22;

double shareOfRow(const ConfusionMatrix& matrix, ConfusionGrid::Cell cell)
{
    const auto support = matrix.support(cell.label);
    return support > 0
               ? static_cast<double>(matrix.count(cell.label, cell.answer)) / static_cast<double>(support)
               : 0;
}

} // namespace

ConfusionGrid::ConfusionGrid(QWidget* parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Confusion matrix"));
}

void ConfusionGrid::setMatrix(const ConfusionMatrix& matrix, const QStringList& names)
{
    m_matrix = matrix;
    m_names = names;
    setCurrent(std::nullopt);
    update();
}

void ConfusionGrid::setCurrent(std::optional<Cell> cell)
{
    m_current = cell;
    setAccessibleDescription(cell ? describe(*cell) : QString());
    update();
}

QString ConfusionGrid::describe(Cell cell) const
{
    const auto support = m_matrix.support(cell.label);
    const QString figures = tr("%1 of %2 (%3)")
                                .arg(QString::fromStdString(grouped(m_matrix.count(cell.label, cell.answer))),
                                     QString::fromStdString(grouped(support)),
                                     QString::fromStdString(percent(shareOfRow(m_matrix, cell), 1)));
    if (cell.label == cell.answer)
        return tr("%1 recognised: %2").arg(m_names.value(cell.label), figures);
    return tr("%1 taken for %2: %3").arg(m_names.value(cell.label), m_names.value(cell.answer), figures);
}

// ---- where things are

double ConfusionGrid::nameWidth() const
{
    const QFontMetricsF metrics(fontFor(TextRole::Small));
    double width = 0;
    for (const QString& name : m_names)
        width = std::max(width, metrics.horizontalAdvance(name));
    return std::min(width, widestName) + space::small;
}

QRectF ConfusionGrid::square() const
{
    const double left = axisHeight + nameWidth();
    const double top = axisHeight + QFontMetricsF(fontFor(TextRole::Small)).height() + space::tiny;
    const double side = std::max(1.0, std::min(width() - left - 2, height() - top - 2));
    return {left, top, side, side};
}

QRectF ConfusionGrid::cellRect(Cell cell) const
{
    const QRectF all = square();
    const double side = all.width() / std::max(1, classes());
    return {all.left() + cell.answer * side, all.top() + cell.label * side, side, side};
}

std::optional<ConfusionGrid::Cell> ConfusionGrid::cellAt(const QPointF& point) const
{
    const QRectF all = square();
    if (classes() == 0 || !all.contains(point))
        return std::nullopt;
    const double side = all.width() / classes();
    const auto place = [&](double offset) {
        return std::min(classes() - 1, static_cast<int>(offset / side));
    };
    return Cell{place(point.y() - all.top()), place(point.x() - all.left())};
}

// ---- painting

/// The root of the share: a mistake of one in a hundred is to be seen.
QColor ConfusionGrid::colourOf(Cell cell) const
{
    QColor colour = cell.label == cell.answer ? theme().training : theme().validation;
    colour.setAlphaF(static_cast<float>(std::sqrt(shareOfRow(m_matrix, cell)) * 0.85));
    return colour;
}

void ConfusionGrid::paintCells(QPainter& painter) const
{
    const double side = cellRect({}).width();
    painter.setFont(fontFor(side > 1.6 * roomForNumber ? TextRole::Body : TextRole::Small));
    for (int label = 0; label < classes(); ++label) {
        for (int answer = 0; answer < classes(); ++answer) {
            const Cell cell{label, answer};
            const auto count = m_matrix.count(label, answer);
            if (count == 0)
                continue;
            const double gap = side > roomForName ? 1 : 0;
            painter.fillRect(cellRect(cell).adjusted(gap, gap, 0, 0), colourOf(cell));
            if (side < roomForNumber)
                continue;
            painter.setPen(theme().text);
            const QString number = QString::number(count);
            if (painter.fontMetrics().horizontalAdvance(number) < side - 2)
                painter.drawText(cellRect(cell), Qt::AlignCenter, number);
        }
    }
}

void ConfusionGrid::paintNames(QPainter& painter) const
{
    const QRectF all = square();
    const double side = cellRect({}).width();
    painter.setFont(fontFor(TextRole::Label));
    painter.setPen(theme().muted);
    painter.drawText(QRectF(all.left(), 0, all.width(), axisHeight), Qt::AlignCenter, tr("taken for"));
    painter.save();
    painter.translate(0, all.center().y());
    painter.rotate(-90);
    painter.drawText(QRectF(-all.height() / 2, 0, all.height(), axisHeight), Qt::AlignCenter, tr("is"));
    painter.restore();
    painter.setFont(fontFor(TextRole::Small));
    if (side < roomForName)
        return;
    for (int i = 0; i < classes(); ++i) {
        const QString name = m_names.value(i);
        const QRectF row = cellRect({i, 0});
        const QRectF left(axisHeight, row.top(), all.left() - axisHeight - space::tiny, side);
        painter.drawText(
            left, Qt::AlignRight | Qt::AlignVCenter,
            painter.fontMetrics().elidedText(name, Qt::ElideRight, static_cast<int>(left.width())));
        const QRectF above(cellRect({0, i}).left(), axisHeight, side, all.top() - axisHeight);
        painter.drawText(above, Qt::AlignCenter,
                         painter.fontMetrics().elidedText(name, Qt::ElideRight, static_cast<int>(side) - 2));
    }
}

void ConfusionGrid::paintEvent(QPaintEvent*)
{
    if (classes() == 0)
        return;
    QPainter painter(this);
    paintNames(painter);
    painter.fillRect(square(), theme().chip);
    paintCells(painter);
    if (m_current) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(hasFocus() ? theme().accent : theme().text, 2));
        painter.drawRect(cellRect(*m_current).adjusted(1, 1, 0, 0));
    }
}

// ---- mouse and keys

bool ConfusionGrid::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    if (const auto cell = cellAt(help->pos()))
        QToolTip::showText(help->globalPos(), describe(*cell), this, cellRect(*cell).toAlignedRect());
    else
        QToolTip::hideText();
    return true;
}

void ConfusionGrid::mousePressEvent(QMouseEvent* event)
{
    const auto cell = cellAt(event->position());
    if (!cell)
        return;
    setCurrent(cell);
    Q_EMIT chosen(cell->label, cell->answer);
}

void ConfusionGrid::step(int rows, int columns)
{
    const Cell from = m_current.value_or(Cell{-std::max(rows, 0), -std::max(columns, 0)});
    const auto inside = [this](int value) { return std::clamp(value, 0, classes() - 1); };
    setCurrent(Cell{inside(from.label + rows), inside(from.answer + columns)});
}

void ConfusionGrid::keyPressEvent(QKeyEvent* event)
{
    if (classes() == 0)
        return QWidget::keyPressEvent(event);
    switch (event->key()) {
    case Qt::Key_Left:
        return step(0, -1);
    case Qt::Key_Right:
        return step(0, 1);
    case Qt::Key_Up:
        return step(-1, 0);
    case Qt::Key_Down:
        return step(1, 0);
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (m_current)
            Q_EMIT chosen(m_current->label, m_current->answer);
        return;
    default:
        return QWidget::keyPressEvent(event);
    }
}

} // namespace torchdesk
