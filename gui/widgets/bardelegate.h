// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace torchdesk {

/// A number at the right of its cell and, left of it, a bar as long as the share (0 … 1) that the model gives
/// under a role.
class BarDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit BarDelegate(int shareRole, QObject* parent = nullptr);
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

private:
    int m_shareRole;
};

} // namespace torchdesk
