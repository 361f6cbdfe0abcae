// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/curvespage.h"

#include "core/base/text.h"
#include "core/session/commonestclass.h"
#include "gui/app/runtext.h"
#include "gui/charts/curvesview.h"
#include "gui/pages/runcurves.h"
#include "gui/pages/scalarsview.h"

#include <QStackedLayout>
#include <cmath>

namespace torchdesk {

CurvesPage::CurvesPage(Bridge& bridge, QWidget* parent) : QWidget(parent), m_bridge(bridge)
{
    setObjectName(QStringLiteral("curvesPage"));
    m_stack = new QStackedLayout(this);
    connect(&bridge, &Bridge::runStarted, this, &CurvesPage::begin);
    connect(&bridge, &Bridge::eventsArrived, this, &CurvesPage::follow);
}

// Charts take their time to make, and the window is to be up at once: each view is made when it is first
// wanted.
template <class View>
View* CurvesPage::wanted(View*& view, const char* name)
{
    if (!view) {
        view = new View;
        view->setObjectName(QLatin1String(name));
        m_stack->addWidget(view);
    }
    return view;
}

CurvesView* CurvesPage::live()
{
    return wanted(m_live, "liveCurves");
}

bool CurvesPage::isLive() const
{
    return !m_stack->currentWidget() || m_stack->currentWidget() == m_live;
}

void CurvesPage::showLive()
{
    m_stack->setCurrentWidget(live());
    m_live->flush();
}

void CurvesPage::showRuns(const std::vector<std::filesystem::path>& runs)
{
    wanted(m_runs, "runCurves")->setRuns(runs);
    m_stack->setCurrentWidget(m_runs);
}

void CurvesPage::showFolder(const std::filesystem::path& folder)
{
    wanted(m_folder, "folderCurves")->setFolder(folder);
    m_stack->setCurrentWidget(m_folder);
}

// ---- the live run

void CurvesPage::begin()
{
    live()->clear();
    m_run = m_live->addRun(runName(m_bridge.runFolder(), m_bridge.runPlan())).value_or(0);
    m_seconds = 0;
    if (const auto& job = m_bridge.runJob())
        if (const auto share = commonestShare(*job))
            m_live->setReference(*share, commonestText(*share));
}

void CurvesPage::follow(const std::vector<Event>& events)
{
    live();
    for (const Event& event : events) {
        if (const auto* started = std::get_if<Started>(&event))
            m_live->setStepsPerEpoch(static_cast<double>(started->stepsPerEpoch));
        else if (const auto* steps = std::get_if<StepsDone>(&event))
            add(*steps);
        else if (const auto* epoch = std::get_if<EpochDone>(&event))
            add(*epoch);
    }
    // What is not seen is drawn when it comes into view.
    if (m_live->isVisible())
        m_live->flush();
}

void CurvesPage::add(const StepsDone& steps)
{
    std::vector<double> at, losses, accuracies, seconds;
    for (std::size_t i = 0; i < steps.losses.size(); ++i) {
        if (i < steps.seconds.size())
            m_seconds += static_cast<double>(steps.seconds[i]);
        if (!std::isfinite(steps.losses[i]) || i >= steps.accuracies.size())
            continue;
        at.push_back(static_cast<double>(steps.firstStep) + static_cast<double>(i));
        losses.push_back(static_cast<double>(steps.losses[i]));
        accuracies.push_back(static_cast<double>(steps.accuracies[i]));
        seconds.push_back(m_seconds);
    }
    m_live->appendTraining(m_run, at, losses, accuracies, seconds);
}

void CurvesPage::add(const EpochDone& epoch)
{
    m_live->appendValidation(m_run, static_cast<double>(epoch.lastStep), epoch.validationLoss,
                             epoch.validationAccuracy, m_seconds);
    if (epoch.validationTop5)
        m_live->appendTopFive(m_run, static_cast<double>(epoch.lastStep), *epoch.validationTop5, m_seconds);
}

void CurvesPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (isLive())
        showLive();
}

} // namespace torchdesk
