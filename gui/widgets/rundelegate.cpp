// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/rundelegate.h"

#include "gui/app/theme.h"
#include "gui/itemmodels/runlistmodel.h"
#include "gui/widgets/figures.h"

#include <QPainter>

namespace torchdesk {

namespace {

/// One line: \p left cut where it does not fit beside \p right.
void paintLine(QPainter& painter, const QRect& rect, const QString& left, const QString& right,
               const QColor& rightColour)
{
    const int width =
        right.isEmpty() ? 0 : static_cast<int>(figuresWidth(painter.font(), right)) + space::small;
    const QRect text = rect.adjusted(0, 0, -width, 0);
    painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(left, Qt::ElideRight, text.width()));
    painter.setPen(rightColour);
    drawFigures(painter, rect, Qt::AlignRight | Qt::AlignVCenter, right);
}

} // namespace

void RunDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRect row = option.rect.adjusted(space::small, 1, -space::small, -1);
    if (option.state & QStyle::State_Selected || option.state & QStyle::State_MouseOver) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(option.state & QStyle::State_Selected ? theme().selection : theme().chip);
        painter->drawRoundedRect(row, space::fieldRadius, space::fieldRadius);
    }
    if (option.state & QStyle::State_HasFocus && option.state & QStyle::State_KeyboardFocusChange) {
        painter->setPen(QPen(theme().accent, 2));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(row.adjusted(1, 1, -1, -1), space::fieldRadius, space::fieldRadius);
    }
    const QRect inner = row.adjusted(space::small, space::tiny, -space::small, -space::tiny);
    const QRect first(inner.left(), inner.top(), inner.width(), inner.height() / 2);
    const QRect second(inner.left(), first.bottom() + 1, inner.width(), inner.height() - first.height());
    painter->setFont(fontFor(TextRole::Body));
    painter->setPen(theme().text);
    paintLine(*painter, first, index.data().toString(), index.data(RunListModel::FigureRole).toString(),
              theme().text);
    painter->setFont(fontFor(TextRole::Label));
    painter->setPen(theme().muted);
    paintLine(*painter, second, index.data(RunListModel::DetailsRole).toString(),
              index.data(RunListModel::StateRole).toString(), theme().muted);
    painter->restore();
}

QSize RunDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return {200, 52};
}

} // namespace torchdesk
