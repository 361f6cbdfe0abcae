// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/scalarreader.h"

#include <QWidget>
#include <filesystem>
#include <map>

class QLabel;

namespace torchdesk {

class CurvesView;

/// The curves of runs on disk, one or up to eight over each other, read from their event files; a run that
/// still goes on in another process grows while it is seen.
class RunCurves final : public QWidget
{
    Q_OBJECT

public:
    explicit RunCurves(QWidget* parent = nullptr);
    void setRuns(const std::vector<std::filesystem::path>& runs);
    CurvesView* view() const { return m_view; }

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    /// What has come of one event folder and waits for its other tag: loss and accuracy are drawn together.
    struct Waiting
    {
        int run = 0; ///< of the view
        bool validation = false;
        ScalarBatch losses;
        ScalarBatch accuracies;
        ScalarBatch topFive = {};
    };
    void take(const std::vector<ScalarBatch>& batches);
    void draw(Waiting& waiting);
    void addRun(const std::filesystem::path& run, const QString& name,
                std::vector<std::filesystem::path>& folders);
    double startOf(const Waiting& waiting);

    CurvesView* m_view = nullptr;
    QLabel* m_problem = nullptr;
    std::vector<Waiting> m_waiting; ///< one a folder of the reader
    std::map<int, double> m_starts; ///< wall time of each run's first point
    ScalarReader m_reader;
};

} // namespace torchdesk
