// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/layertreeview.h"

#include "gui/app/theme.h"
#include "gui/diagram/diagramlayout.h"
#include "gui/itemmodels/layertreemodel.h"

#include <QFontMetrics>
#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <algorithm>
#include <array>
#include <numeric>

namespace torchdesk {

namespace {

constexpr int treeIndentation = 16;
constexpr int besideCell = 16; ///< of a cell's text
constexpr int leastKind = 88;  ///< below, other columns give way
constexpr int widestLayer = 190;
constexpr int shareBar = 44;

/// The percentage with a bar at its left that is as long.
class ShareDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        const double share = index.data(LayerTreeModel::ShareRole).toDouble();
        if (share <= 0)
            return;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        QRectF bar(option.rect.left() + 8, option.rect.center().y() - 2, shareBar, 5);
        painter->setBrush(theme().track);
        painter->drawRoundedRect(bar, 2.5, 2.5);
        bar.setWidth(std::max(2.0, shareBar * share));
        painter->setBrush(theme().training);
        painter->drawRoundedRect(bar, 2.5, 2.5);
        painter->restore();
    }
};

int depthOf(const LayerTree& tree, int item)
{
    int depth = 0;
    for (int parent = tree[static_cast<std::size_t>(item)].parent; parent > 0;
         parent = tree[static_cast<std::size_t>(parent)].parent)
        ++depth;
    return depth;
}

} // namespace

LayerTreeView::LayerTreeView(QWidget* parent) : QTreeView(parent), m_model(new LayerTreeModel(this))
{
    setObjectName(QStringLiteral("layerTree"));
    setAccessibleName(tr("Layers"));
    setModel(m_model);
    setItemDelegateForColumn(LayerTreeModel::Share, new ShareDelegate(this));
    setIndentation(treeIndentation);
    setUniformRowHeights(true);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setTabKeyNavigation(false);
    setAllColumnsShowFocus(true);
    setTextElideMode(Qt::ElideRight);
    header()->setStretchLastSection(false);
    header()->setHighlightSections(false);
    header()->setSectionsClickable(false);
    header()->setSectionsMovable(false);
    header()->setMinimumSectionSize(40);
    header()->setSectionResizeMode(QHeaderView::Fixed);
    header()->setSectionResizeMode(LayerTreeModel::Kind, QHeaderView::Stretch);
    connect(this, &QTreeView::expanded, this, &LayerTreeView::fitWhenUnfolded);
}

void LayerTreeView::setTree(const LayerTree& tree, const std::set<int>& folded,
                            std::vector<std::int64_t> frozen)
{
    m_quiet = true;
    m_model->setTree(tree, std::move(frozen));
    setColumnHidden(LayerTreeModel::Weights, !m_model->anyFrozen());
    for (int i = 1; i < static_cast<int>(tree.size()); ++i)
        if (tree[static_cast<std::size_t>(i)].group() && !folded.contains(i))
            expand(m_model->indexOf(i));
    setRootIsDecorated(!allGroups(tree).empty());
    fitColumns();
    m_quiet = false;
}

// Figures over all rows, also the folded ones; names over those that are shown, so that the depth of what is
// folded takes no room.
void LayerTreeView::fitColumns()
{
    const QFontMetrics plain(font()), small(fontFor(TextRole::Label)), bold(fontFor(TextRole::Strong));
    m_widths.assign(LayerTreeModel::ColumnCount, 0);
    const int items = static_cast<int>(m_model->tree().size());
    for (int column = 0; column < LayerTreeModel::ColumnCount; ++column) {
        int& width = m_widths[static_cast<std::size_t>(column)];
        width =
            small.horizontalAdvance(m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        for (int i = 0; i < items; ++i) {
            if (column == LayerTreeModel::Layer && !isShown(i))
                continue;
            const QString text = m_model->indexOf(i, column).data().toString();
            const bool heavy = i == 0 || column == LayerTreeModel::Layer;
            const int before =
                column == LayerTreeModel::Layer
                    ? (depthOf(m_model->tree(), i) + (rootIsDecorated() ? 1 : 0)) * treeIndentation
                    : 0;
            width = std::max(width, before + (heavy ? bold : plain).horizontalAdvance(text));
        }
        width += besideCell;
    }
    if (!m_model->anyFrozen())
        m_widths[LayerTreeModel::Weights] = 0;
    m_widths[LayerTreeModel::Share] += shareBar + space::small;
    m_widths[LayerTreeModel::Layer] = std::min(m_widths[LayerTreeModel::Layer], widestLayer);
    for (int column = 0; column < LayerTreeModel::ColumnCount; ++column)
        if (column != LayerTreeModel::Kind && m_widths[static_cast<std::size_t>(column)] > 0)
            setColumnWidth(column, m_widths[static_cast<std::size_t>(column)]);
    hideColumns();
}

bool LayerTreeView::isShown(int item) const
{
    for (QModelIndex parent = m_model->indexOf(item).parent(); parent.isValid(); parent = parent.parent())
        if (!isExpanded(parent))
            return false;
    return true;
}

void LayerTreeView::fitWhenUnfolded()
{
    if (!m_quiet)
        fitColumns();
}

int LayerTreeView::wantedWidth() const
{
    return std::accumulate(m_widths.begin(), m_widths.end(), 2 * frameWidth() + space::large);
}

void LayerTreeView::hideColumns()
{
    if (m_widths.empty())
        return;
    int needed = leastKind;
    for (int column = 0; column < LayerTreeModel::ColumnCount; ++column)
        needed += column == LayerTreeModel::Kind ? 0 : m_widths[static_cast<std::size_t>(column)];
    constexpr std::array giveWay = {LayerTreeModel::Output, LayerTreeModel::Share,
                                    LayerTreeModel::MultiplyAdds};
    for (const int column : giveWay) {
        const bool hidden = needed > viewport()->width();
        if (hidden)
            needed -= m_widths[static_cast<std::size_t>(column)];
        if (isColumnHidden(column) != hidden)
            setColumnHidden(column, hidden);
    }
}

void LayerTreeView::setSelected(int item)
{
    if (item == selected())
        return;
    m_quiet = true;
    const QModelIndex index = m_model->indexOf(item);
    if (item > 0 && index.isValid()) {
        for (QModelIndex parent = index.parent(); parent.isValid(); parent = parent.parent())
            expand(parent);
        setCurrentIndex(index);
        scrollTo(index);
        fitColumns();
    } else {
        selectionModel()->clear();
    }
    m_quiet = false;
}

int LayerTreeView::selected() const
{
    const int item = m_model->itemOf(currentIndex());
    return item > 0 ? item : -1;
}

void LayerTreeView::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTreeView::currentChanged(current, previous);
    if (!m_quiet)
        Q_EMIT selectedByHand(selected());
}

void LayerTreeView::resizeEvent(QResizeEvent* event)
{
    QTreeView::resizeEvent(event);
    hideColumns();
}

} // namespace torchdesk
