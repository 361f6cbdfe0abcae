// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/runfolder.h"

#include <QAbstractListModel>
#include <vector>

namespace torchdesk {

/// The runs of a folder, newest first, as the list shows them: a name, a line with the settings that differ
/// from the defaults, the best figure and the state.
class RunListModel final : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role
    {
        DetailsRole = Qt::UserRole + 1,
        FigureRole,
        StateRole,
        SearchRole
    };

    using QAbstractListModel::QAbstractListModel;

    /// Rows that stay keep their selection.
    void setRuns(const std::vector<RunSummary>& runs);
    const RunSummary& run(int row) const { return m_runs[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    std::vector<RunSummary> m_runs;
};

/// "learning_rate 3e-4, seed 2 · 2026-11-23 14:12": what differs from the defaults, and when it began.
QString runDetails(const RunSummary& run);
/// "98.9 %": the test accuracy, before it is known the best validation accuracy, else nothing.
QString runFigure(const RunSummary& run);
/// "running, epoch 3 of 20", "stopped", "interrupted" …; nothing for a run that was completed.
QString runStateText(const RunSummary& run);

} // namespace torchdesk
