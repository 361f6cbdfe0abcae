// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/itemmodels/predictionmodel.h"

#include "core/base/files.h"
#include "core/base/text.h"

namespace torchdesk {

namespace {

int alignmentIn(int column)
{
    return (column >= PredictionModel::Probability ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
}

QString share(const PicturePrediction& row, std::size_t place)
{
    return QString::fromStdString(percent(row.top[place].probability, 1));
}

} // namespace

void PredictionModel::begin(const std::filesystem::path& folder, const std::vector<std::string>& classes)
{
    beginResetModel();
    m_folder = folder;
    m_classes = classes;
    m_rows.clear();
    m_problems = 0;
    endResetModel();
}

void PredictionModel::add(const std::vector<PicturePrediction>& some)
{
    if (some.empty())
        return;
    beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(some.size()) - 1);
    for (const PicturePrediction& prediction : some) {
        m_problems += prediction.problem.empty() ? 0 : 1;
        m_rows.push_back(prediction);
    }
    endInsertRows();
}

int PredictionModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int PredictionModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString PredictionModel::fileText(const PicturePrediction& row) const
{
    const auto inside = row.file.lexically_relative(m_folder);
    const bool below = !m_folder.empty() && !inside.empty() && *inside.begin() != "..";
    return QString::fromStdString(pathText(below ? inside : row.file));
}

QString PredictionModel::text(const PicturePrediction& row, int column) const
{
    if (column == File)
        return fileText(row);
    if (row.top.empty())
        return column == Class ? tr("not read") : QString();
    if (column == Second)
        return row.top.size() < 2 ? QString() : QStringLiteral("%1, %2").arg(name(row, 1), share(row, 1));
    return column == Class ? name(row, 0) : share(row, 0);
}

QString PredictionModel::name(const PicturePrediction& row, std::size_t place) const
{
    return QString::fromStdString(className(m_classes, row.top[place].index));
}

QVariant PredictionModel::sortValue(const PicturePrediction& row, int column) const
{
    if (column != Probability)
        return text(row, column);
    return row.top.empty() ? -1.0 : row.top.front().probability;
}

QVariant PredictionModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const PicturePrediction& picture = row(index.row());
    if (role == Qt::DisplayRole)
        return text(picture, index.column());
    if (role == SortRole)
        return sortValue(picture, index.column());
    if (role == Qt::ToolTipRole)
        return picture.problem.empty() ? text(picture, index.column())
                                       : QString::fromStdString(picture.problem);
    if (role == Qt::TextAlignmentRole)
        return alignmentIn(index.column());
    return {};
}

QVariant PredictionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return alignmentIn(section);
    if (role != Qt::DisplayRole)
        return {};
    const QStringList names = {tr("File"), tr("Class"), tr("Probability"), tr("Second")};
    return names.value(section);
}

} // namespace torchdesk
