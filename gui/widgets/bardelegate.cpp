// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/bardelegate.h"

#include "gui/app/theme.h"
#include "gui/widgets/figures.h"
#include "gui/widgets/meterrow.h"

#include <QPainter>

namespace torchdesk {

namespace {

constexpr double barHeight = 8;

} // namespace

BarDelegate::BarDelegate(int shareRole, QObject* parent) : QStyledItemDelegate(parent), m_shareRole(shareRole)
{}

void BarDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem plain = option;
    initStyleOption(&plain, index);
    plain.text.clear();
    const QWidget* widget = option.widget;
    widget->style()->drawControl(QStyle::CE_ItemViewItem, &plain, painter, widget);
    painter->save();
    painter->setFont(option.font);
    painter->setPen(theme().text);
    const double figureWidth = figuresWidth(option.font, QStringLiteral("000,000"));
    const QRectF cell = QRectF(option.rect).adjusted(space::small, 0, -space::tiny, 0);
    drawFigures(*painter, cell, Qt::AlignRight | Qt::AlignVCenter, index.data().toString());
    const QRectF bar(cell.left(), cell.center().y() - barHeight / 2,
                     cell.width() - figureWidth - space::small, barHeight);
    if (bar.width() > barHeight)
        paintBar(*painter, bar, index.data(m_shareRole).toDouble(), theme().training);
    painter->restore();
}

} // namespace torchdesk
