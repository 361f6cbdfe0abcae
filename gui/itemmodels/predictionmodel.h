// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/predict/predictions.h"

#include <QAbstractTableModel>
#include <vector>

namespace torchdesk {

/// What a network says of many pictures: a row a picture, in the order in which they come. Sort by SortRole.
class PredictionModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column
    {
        File,
        Class,
        Probability,
        Second, ///< with its probability
        ColumnCount
    };
    static constexpr int SortRole = Qt::UserRole + 1;

    using QAbstractTableModel::QAbstractTableModel;

    /// Empties the table. Names are shown from \p folder on.
    void begin(const std::filesystem::path& folder, const std::vector<std::string>& classes);
    void add(const std::vector<PicturePrediction>& some);
    const PicturePrediction& row(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    const std::vector<std::string>& classes() const { return m_classes; }
    int problems() const { return m_problems; } ///< pictures that could not be looked at

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const PicturePrediction& row, int column) const;
    QVariant sortValue(const PicturePrediction& row, int column) const;
    QString name(const PicturePrediction& row, std::size_t place) const;
    QString fileText(const PicturePrediction& row) const;

    std::filesystem::path m_folder;
    std::vector<std::string> m_classes;
    std::vector<PicturePrediction> m_rows;
    int m_problems = 0;
};

} // namespace torchdesk
