// SPDX-License-Identifier: GPL-3.0-or-later
// How the window is put together.
#include "gui/app/enginenotice.h"
#include "gui/app/mainwindow.h"
#include "gui/app/runbar.h"
#include "gui/app/theme.h"
#include "gui/pages/confusionpage.h"
#include "gui/pages/curvespage.h"
#include "gui/pages/devicepanel.h"
#include "gui/pages/layerspage.h"
#include "gui/pages/logpage.h"
#include "gui/pages/newrunpage.h"
#include "gui/pages/overviewpage.h"
#include "gui/pages/runspage.h"
#include "gui/pages/tryitpage.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/pagestack.h"

#include <QHBoxLayout>
#include <QShortcut>
#include <QStackedWidget>
#include <QTabBar>

namespace torchdesk {

namespace {

constexpr int statusHeight = 28;

QVBoxLayout* plainColumn(QWidget* widget)
{
    auto* column = new QVBoxLayout(widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    return column;
}

QWidget* panel(const char* name)
{
    auto* made = new QWidget;
    made->setObjectName(QLatin1String(name));
    made->setProperty("surface", "panel");
    made->setAttribute(Qt::WA_StyledBackground);
    return made;
}

QTabBar* tabBar(const char* name)
{
    auto* tabs = new QTabBar;
    tabs->setObjectName(QLatin1String(name));
    tabs->setExpanding(false);
    tabs->setDrawBase(false);
    tabs->setElideMode(Qt::ElideNone);
    tabs->setUsesScrollButtons(false);
    return tabs;
}

} // namespace

void MainWindow::build()
{
    setAcceptDrops(true);
    m_sampler = new DeviceSampler(this);
    auto* column = plainColumn(this);
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    row->addWidget(buildLeft());
    row->addWidget(new Separator(nullptr, Qt::Vertical));
    row->addWidget(buildCentre(), 1);
    row->addWidget(buildRight());
    column->addLayout(row, 1);
    m_statusLine = buildStatusLine();
    column->addWidget(m_statusLine);
}

QWidget* MainWindow::buildLeft()
{
    QWidget* left = panel("leftPanel");
    left->setFixedWidth(space::leftWidth - 1);
    auto* column = plainColumn(left);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(0, 0, space::small, 0);
    m_leftTabs = tabBar("leftTabs");
    m_leftTabs->addTab(tr("New run"));
    m_leftTabs->addTab(tr("Runs (%1)").arg(0));
    m_leftTabs->setAccessibleName(tr("New run or runs"));
    top->addWidget(m_leftTabs);
    top->addStretch();
    top->addWidget(makeMenuButton());
    column->addLayout(top);
    column->addWidget(new Separator);
    m_left = new PageStack;
    m_newRun = new NewRunPage(m_bridge);
    m_runs = new RunsPage(m_bridge);
    m_left->addWidget(m_newRun);
    m_left->addWidget(m_runs);
    column->addWidget(m_left, 1);
    connect(m_leftTabs, &QTabBar::currentChanged, m_left, &QStackedWidget::setCurrentIndex);
    return left;
}

void MainWindow::addPage(QWidget* page, const QString& title, const QString& tip)
{
    const int index = m_tabs->addTab(title);
    m_tabs->setTabToolTip(index, tip);
    m_pages->addWidget(page);
}

QWidget* MainWindow::buildCentre()
{
    auto* centre = new QWidget;
    auto* column = plainColumn(centre);
    QWidget* head = panel("centreHead");
    auto* headColumn = plainColumn(head);
    m_runBar = new RunBar(m_bridge);
    m_tabs = tabBar("centreTabs");
    m_tabs->setAccessibleName(tr("Pages"));
    headColumn->addWidget(m_runBar);
    headColumn->addWidget(m_tabs);
    column->addWidget(head);
    column->addWidget(new Separator);
    m_pages = new PageStack;
    m_curves = new CurvesPage(m_bridge);
    m_layers = new LayersPage(m_bridge);
    m_confusion = new ConfusionPage(m_bridge);
    m_tryIt = new TryItPage(m_bridge);
    m_log = new LogPage(m_bridge);
    addPage(new OverviewPage(m_bridge), tr("Overview"), tr("The chosen data and model (Ctrl+1)"));
    addPage(m_curves, tr("Curves"), tr("Loss and accuracy of a run (Ctrl+2)"));
    addPage(m_layers, tr("Layers"), tr("The layers of the model (Ctrl+3)"));
    addPage(m_confusion, tr("Confusion"), tr("Which class was taken for which (Ctrl+4)"));
    addPage(m_tryIt, tr("Try it"), tr("Use a trained network (Ctrl+5)"));
    addPage(m_log, tr("Log"), tr("What happened (Ctrl+6)"));
    m_tabs->setTabEnabled(Curves, false);
    m_tabs->setTabEnabled(Confusion, false);
    m_tabs->setTabEnabled(TryIt, false);
    column->addWidget(m_pages, 1);
    connect(m_tabs, &QTabBar::currentChanged, m_pages, &QStackedWidget::setCurrentIndex);
    return centre;
}

QWidget* MainWindow::buildRight()
{
    m_right = new QWidget;
    auto* row = new QHBoxLayout(m_right);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    QWidget* side = panel("rightPanel");
    side->setFixedWidth(space::rightWidth - 1);
    auto* column = plainColumn(side);
    m_devices = new DevicePanel(m_sampler);
    column->addWidget(m_devices, 1);
    column->addWidget(new EngineNotice(m_bridge));
    row->addWidget(new Separator(nullptr, Qt::Vertical));
    row->addWidget(side);
    return m_right;
}

QWidget* MainWindow::buildStatusLine()
{
    QWidget* line = panel("statusLine");
    line->setFixedHeight(statusHeight);
    auto* column = plainColumn(line);
    column->addWidget(new Separator);
    m_deviceLine = new DeviceStatusLine(m_sampler);
    column->addWidget(m_deviceLine, 1);
    return line;
}

void MainWindow::addShortcut(const QKeySequence& keys, std::function<void()> action)
{
    connect(new QShortcut(keys, this), &QShortcut::activated, this, std::move(action));
}

void MainWindow::addShortcuts()
{
    const auto key = [](QKeyCombination keys) { return QKeySequence(keys); };
    addShortcut(key(Qt::CTRL | Qt::Key_Return), [this] { train(); });
    addShortcut(key(Qt::CTRL | Qt::Key_Enter), [this] { train(); });
    addShortcut(key(Qt::CTRL | Qt::SHIFT | Qt::Key_C), [this] { m_newRun->copyCommand(); });
    addShortcut(key(Qt::CTRL | Qt::Key_P),
                [this] { m_bridge.phase() == Bridge::Phase::Paused ? m_bridge.resume() : m_bridge.pause(); });
    addShortcut(key(Qt::CTRL | Qt::Key_Period), [this] { m_bridge.stopNow(); });
    addShortcut(key(Qt::CTRL | Qt::SHIFT | Qt::Key_Period), [this] { m_bridge.stopAfterEpoch(); });
    addShortcut(key(Qt::CTRL | Qt::Key_N), [this] {
        m_leftTabs->setCurrentIndex(0);
        m_newRun->focusFirst();
    });
    addShortcut(key(Qt::CTRL | Qt::Key_R), [this] {
        m_leftTabs->setCurrentIndex(1);
        m_runs->focusList();
    });
    addShortcut(key(Qt::CTRL | Qt::Key_O), [this] { chooseFolder(); });
    for (int page = Overview; page <= Log; ++page)
        addShortcut(key(Qt::CTRL | Qt::Key(Qt::Key_1 + page)), [this, page] {
            if (m_tabs->isTabEnabled(page))
                m_tabs->setCurrentIndex(page);
        });
    addShortcut(QKeySequence::Quit, [this] { close(); });
}

} // namespace torchdesk
