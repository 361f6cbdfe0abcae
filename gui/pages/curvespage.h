// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/bridge.h"

#include <QWidget>

class QStackedLayout;

namespace torchdesk {

class CurvesView;
class RunCurves;
class ScalarsView;

/// Loss above accuracy: of the run that goes on, or of runs and TensorBoard folders that are being looked at.
class CurvesPage final : public QWidget
{
    Q_OBJECT

public:
    explicit CurvesPage(Bridge& bridge, QWidget* parent = nullptr);

    /// The run that the bridge started last.
    void showLive();
    /// Up to eight runs, one over the other.
    void showRuns(const std::vector<std::filesystem::path>& runs);
    /// Every scalar of a TensorBoard folder.
    void showFolder(const std::filesystem::path& folder);
    bool isLive() const;

protected:
    void showEvent(QShowEvent* event) override;

private:
    template <class View>
    View* wanted(View*& view, const char* name);
    CurvesView* live();
    void begin();
    void follow(const std::vector<Event>& events);
    void add(const StepsDone& steps);
    void add(const EpochDone& epoch);

    Bridge& m_bridge;
    QStackedLayout* m_stack = nullptr;
    CurvesView* m_live = nullptr; ///< of the run started last, also while others are looked at
    RunCurves* m_runs = nullptr;
    ScalarsView* m_folder = nullptr;
    int m_run = 0;        ///< the live run's handle
    double m_seconds = 0; ///< of training so far
};

} // namespace torchdesk
