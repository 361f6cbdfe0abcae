// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/itemmodels/classcountmodel.h"

#include "core/base/text.h"

#include <algorithm>

namespace torchdesk {

namespace {

std::int64_t picturesOfClass(const FolderStatistics::ClassCount& count)
{
    return count.train + count.validation + count.test;
}

} // namespace

void ClassCountModel::setCounts(const std::vector<FolderStatistics::ClassCount>& counts)
{
    beginResetModel();
    m_counts = counts;
    m_parts.assign(counts.size(), std::nullopt);
    m_known = false;
    endResetModel();
}

void ClassCountModel::setParts(const std::vector<ClassParts>& parts)
{
    m_known = !parts.empty();
    m_parts.assign(m_counts.size(), std::nullopt);
    // Both are in the order of the names, and the run may lack some.
    auto part = parts.begin();
    for (std::size_t row = 0; row < m_counts.size() && part != parts.end(); ++row)
        if (m_counts[row].name == part->name)
            m_parts[row] = *part++;
    if (!m_counts.empty())
        Q_EMIT dataChanged(index(0, Training), index(rowCount() - 1, Test));
}

int ClassCountModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_counts.size());
}

int ClassCountModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

std::optional<std::int64_t> ClassCountModel::number(std::size_t row, int column) const
{
    if (column == Pictures)
        return picturesOfClass(m_counts[row]);
    if (!m_known)
        return std::nullopt;
    const ClassParts parts = m_parts[row].value_or(ClassParts{});
    return column == Training ? parts.train : column == Validation ? parts.validation : parts.test;
}

QVariant ClassCountModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto row = static_cast<std::size_t>(index.row());
    const int column = index.column();
    if (role == Qt::TextAlignmentRole)
        return int((column == Class ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role == ShareRole && column == Pictures) {
        const auto most = std::ranges::max(m_counts, {}, picturesOfClass);
        return static_cast<double>(picturesOfClass(m_counts[row])) /
               static_cast<double>(std::max<std::int64_t>(1, picturesOfClass(most)));
    }
    if (role == Qt::ToolTipRole && m_known && !m_parts[row])
        return tr("This class is left out: it has too few pictures (Least per class)");
    if (role != Qt::DisplayRole && role != SortRole)
        return {};
    if (column == Class)
        return QString::fromStdString(m_counts[row].name);
    const auto count = number(row, column);
    if (role == SortRole)
        return static_cast<qlonglong>(count.value_or(-1));
    return count ? QString::fromStdString(grouped(*count)) : QString();
}

QVariant ClassCountModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Class ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QStringList names = {tr("Class"), tr("Pictures"), tr("Training"), tr("Validation"), tr("Test")};
    return names.value(section);
}

void UnreadableModel::setScan(std::shared_ptr<const FolderScan> scan)
{
    beginResetModel();
    m_scan = std::move(scan);
    endResetModel();
}

int UnreadableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_scan ? 0 : static_cast<int>(m_scan->unreadable.size());
}

int UnreadableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant UnreadableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    const UnreadableFile& file = m_scan->unreadable[static_cast<std::size_t>(index.row())];
    return QString::fromStdString(index.column() == File ? file.path : file.reason);
}

QVariant UnreadableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    return section == File ? tr("Unreadable file") : tr("Reason");
}

} // namespace torchdesk
