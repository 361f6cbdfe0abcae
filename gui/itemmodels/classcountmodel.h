// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/folderfacts.h"

#include <QAbstractTableModel>

namespace torchdesk {

/// How many pictures the classes of a folder have, and what they are for. ShareRole of Pictures: their
/// number as a share of the largest class. Sort by SortRole.
class ClassCountModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column
    {
        Class,
        Pictures,
        Training,
        Validation,
        Test,
        ColumnCount
    };
    static constexpr int SortRole = Qt::UserRole + 1;
    static constexpr int ShareRole = Qt::UserRole + 2;

    using QAbstractTableModel::QAbstractTableModel;
    void setCounts(const std::vector<FolderStatistics::ClassCount>& counts);
    /// Empty: not known yet. A class that is not among them is left out of the run.
    void setParts(const std::vector<ClassParts>& parts);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::optional<std::int64_t> number(std::size_t row, int column) const;

    std::vector<FolderStatistics::ClassCount> m_counts;
    std::vector<std::optional<ClassParts>> m_parts; ///< one a row
    bool m_known = false;                           ///< the parts
};

/// The files of a folder that cannot be read, and why.
class UnreadableModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column
    {
        File,
        Reason,
        ColumnCount
    };

    using QAbstractTableModel::QAbstractTableModel;
    void setScan(std::shared_ptr<const FolderScan> scan);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const FolderScan> m_scan;
};

} // namespace torchdesk
