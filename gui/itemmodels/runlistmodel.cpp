// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/itemmodels/runlistmodel.h"

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/plan/options.h"
#include "gui/app/runtext.h"

#include <QCoreApplication>

namespace torchdesk {

namespace {

/// The context of this file's strings, for translators.
struct RunListText
{
    Q_DECLARE_TR_FUNCTIONS(RunList)
};

std::optional<double> bestAccuracy(const RunRecord& record)
{
    if (record.finished && record.finished->testAccuracy)
        return record.finished->testAccuracy;
    const std::int64_t best = record.bestEpoch();
    for (const EpochDone& row : record.epochs) {
        if (row.epoch == best)
            return row.validationAccuracy ? row.validationAccuracy : row.trainAccuracy;
    }
    return std::nullopt;
}

bool sameRow(const RunSummary& a, const RunSummary& b)
{
    return a.folder == b.folder;
}

} // namespace

QString runDetails(const RunSummary& run)
{
    if (run.state == RunState::Unreadable)
        return QString::fromStdString(run.problem);
    const std::string text =
        differences(run.record.plan, TrainingPlan{}, {"model", "data", "data_folder", "device", "threads"});
    const QString when =
        QString::fromStdString(folderTime(run.record.startedAt)).replace('_', ' ').insert(13, ':');
    // What tells runs apart comes first: the line may be cut.
    return text.empty() ? when : QString::fromStdString(text) + QStringLiteral(" · ") + when;
}

QString runFigure(const RunSummary& run)
{
    const auto accuracy = bestAccuracy(run.record);
    return accuracy ? QString::fromStdString(percent(*accuracy, 1)) : QString();
}

QString runStateText(const RunSummary& run)
{
    switch (run.state) {
    case RunState::Running:
        return RunListText::tr("epoch %1 of %2")
            .arg(run.record.epochs.size() + 1)
            .arg(run.record.plan.epochs);
    case RunState::Interrupted:
        return RunListText::tr("interrupted");
    case RunState::Unreadable:
        return RunListText::tr("unreadable");
    case RunState::Finished:
        break;
    }
    if (!run.record.finished)
        return {};
    switch (run.record.finished->outcome) {
    case Outcome::Completed:
        return {};
    case Outcome::Stopped:
        return RunListText::tr("stopped");
    case Outcome::Diverged:
        return RunListText::tr("diverged");
    case Outcome::Failed:
        return RunListText::tr("failed");
    }
    return {};
}

void RunListModel::setRuns(const std::vector<RunSummary>& runs)
{
    // Most refreshes change figures of the same rows, or put one new run on top: neither may touch the
    // selection.
    if (runs.size() == m_runs.size() && std::equal(runs.begin(), runs.end(), m_runs.begin(), sameRow)) {
        m_runs = runs;
        if (!m_runs.empty())
            Q_EMIT dataChanged(index(0), index(rowCount() - 1));
        return;
    }
    const auto added = static_cast<std::ptrdiff_t>(runs.size()) - static_cast<std::ptrdiff_t>(m_runs.size());
    if (added > 0 && std::equal(runs.begin() + added, runs.end(), m_runs.begin(), sameRow)) {
        beginInsertRows({}, 0, static_cast<int>(added) - 1);
        m_runs = runs;
        endInsertRows();
        return;
    }
    beginResetModel();
    m_runs = runs;
    endResetModel();
}

int RunListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_runs.size());
}

QVariant RunListModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const RunSummary& summary = run(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return runName(summary);
    case Qt::ToolTipRole:
        return QString::fromStdString(shown(summary.folder));
    case Qt::AccessibleTextRole:
        return QStringList{runName(summary), runFigure(summary), runStateText(summary), runDetails(summary)}
            .join(QStringLiteral(", "));
    case DetailsRole:
        return runDetails(summary);
    case FigureRole:
        return runFigure(summary);
    case StateRole:
        return runStateText(summary);
    case SearchRole:
        return runName(summary) + ' ' + runDetails(summary) + ' ' + runStateText(summary);
    default:
        return {};
    }
}

} // namespace torchdesk
