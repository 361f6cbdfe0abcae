// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/curvespage.h"

#include "core/base/text.h"
#include "gui/app/runtext.h"
#include "gui/charts/curvesview.h"
#include "gui/pages/commonestclass.h"
#include "gui/pages/runcurves.h"
#include "gui/pages/scalarsview.h"

#include <QStackedLayout>
#include <QTimer>
#include <cmath>

namespace torchdesk {

namespace {

constexpr int figureInterval = 500; // ms

} // namespace

CurvesPage::CurvesPage(Bridge& bridge, QWidget* parent) : QWidget(parent), m_bridge(bridge)
{
    setObjectName(QStringLiteral("curvesPage"));
    m_stack = new QStackedLayout(this);
    m_live = new CurvesView;
    m_live->setObjectName(QStringLiteral("liveCurves"));
    m_runs = new RunCurves;
    m_runs->setObjectName(QStringLiteral("runCurves"));
    m_folder = new ScalarsView;
    m_folder->setObjectName(QStringLiteral("folderCurves"));
    m_stack->addWidget(m_live);
    m_stack->addWidget(m_runs);
    m_stack->addWidget(m_folder);
    connect(&bridge, &Bridge::runStarted, this, &CurvesPage::begin);
    connect(&bridge, &Bridge::eventsArrived, this, &CurvesPage::follow);
    // The legend's figures move twice a second: the last ones have their turn a little later.
    connect(&bridge, &Bridge::runFinished, this,
            [this] { QTimer::singleShot(figureInterval, m_live, &CurvesView::flush); });
}

bool CurvesPage::isLive() const
{
    return m_stack->currentWidget() == m_live;
}

void CurvesPage::showLive()
{
    m_stack->setCurrentWidget(m_live);
    m_live->flush();
}

void CurvesPage::showRuns(const std::vector<std::filesystem::path>& runs)
{
    m_runs->setRuns(runs);
    m_stack->setCurrentWidget(m_runs);
}

void CurvesPage::showFolder(const std::filesystem::path& folder)
{
    m_folder->setFolder(folder);
    m_stack->setCurrentWidget(m_folder);
}

// ---- the live run

void CurvesPage::begin()
{
    m_live->clear();
    m_run = m_live->addRun(runName(m_bridge.runFolder(), m_bridge.runPlan())).value_or(0);
    m_seconds = 0;
    if (const auto& job = m_bridge.runJob())
        if (const auto share = commonestShare(*job))
            m_live->setReference(*share, tr("always answering the commonest class: %1")
                                             .arg(QString::fromStdString(percent(*share, 0))));
}

void CurvesPage::follow(const std::vector<Event>& events)
{
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
}

void CurvesPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_live->flush();
}

} // namespace torchdesk
