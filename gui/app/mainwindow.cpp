// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/mainwindow.h"

#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/plan/options.h"
#include "gui/app/runbar.h"
#include "gui/app/theme.h"
#include "gui/pages/confusionpage.h"
#include "gui/pages/curvespage.h"
#include "gui/pages/devicepanel.h"
#include "gui/pages/exportdialog.h"
#include "gui/pages/layerspage.h"
#include "gui/pages/newrunpage.h"
#include "gui/pages/runspage.h"
#include "gui/pages/tryitpage.h"
#include "gui/widgets/filedialog.h"

#include <QApplication>
#include <QCloseEvent>
#include <QEventLoop>
#include <QInputDialog>
#include <QMessageBox>
#include <QPushButton>
#include <QSessionManager>
#include <QSettings>
#include <QStackedWidget>
#include <QTabBar>
#include <QTimer>
#include <chrono>

namespace torchdesk {

namespace {

constexpr auto logoutPatience = std::chrono::seconds(5);
constexpr int panelFrom = 1250; ///< px: a narrower window has the devices as one line

QMessageBox* question(QWidget* parent, const QString& text, const QString& more)
{
    auto* box = new QMessageBox(QMessageBox::NoIcon, QCoreApplication::applicationName(), text,
                                QMessageBox::NoButton, parent);
    box->setInformativeText(more);
    box->setAttribute(Qt::WA_DeleteOnClose);
    return box;
}

} // namespace

MainWindow::MainWindow(Bridge& bridge, QWidget* parent) : QWidget(parent), m_bridge(bridge)
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(QCoreApplication::applicationName());
    setProperty("surface", "window");
    setAttribute(Qt::WA_StyledBackground);
    setMinimumSize(960, 600);
    setFocusPolicy(Qt::ClickFocus); // a click beside the fields takes the focus from them
    build();
    connectPages();
    connectDevices();
    addShortcuts();
    restore();
    setFocus();
}

void MainWindow::connectPages()
{
    connect(m_newRun, &NewRunPage::trainPressed, this, &MainWindow::train);
    connect(m_runBar, &RunBar::useWanted, this, &MainWindow::useRun);
    connect(m_runBar, &RunBar::exportWanted, this, &MainWindow::exportRun);
    connect(m_runBar, &RunBar::learningRateWanted, this, &MainWindow::askLearningRate);
    connect(m_runBar, &RunBar::trainWanted, this, [this](double factor) {
        m_bridge.trainAgain(factor);
        showPage(Curves);
    });
    connect(m_runBar, &RunBar::backWanted, this, [this] {
        m_runs->clearChoice();
        m_curves->showLive();
        m_confusion->setRun(m_bridge.runFolder());
        m_runBar->setLookingElsewhere(false);
        showPage(Curves);
        m_tabs->setFocus();
    });
    connect(m_runs, &RunsPage::runsChosen, this, &MainWindow::showRuns);
    connect(m_runs, &RunsPage::runsRenamed, this, &MainWindow::lookAt);
    connect(m_runs, &RunsPage::useWanted, this, &MainWindow::useRun);
    connect(m_runs, &RunsPage::exportWanted, this, &MainWindow::exportRun);
    connect(m_runs, &RunsPage::folderWanted, this, &MainWindow::chooseFolder);
    connect(m_runs, &RunsPage::planWanted, this, [this](const TrainingPlan& plan) {
        m_newRun->showPlan(plan);
        m_leftTabs->setCurrentIndex(0);
    });
    connect(m_runs, &RunsPage::countChanged, this, [this](int count) {
        m_leftTabs->setTabText(1, tr("Runs (%1)").arg(count));
        for (const Page page : {Confusion, TryIt})
            m_tabs->setTabEnabled(page, count > 0 || m_tabs->currentIndex() == page);
    });
    connect(&m_bridge, &Bridge::runStarted, this, [this] {
        m_tabs->setTabEnabled(Curves, true);
        m_runBar->setLookingElsewhere(false);
        m_curves->showLive();
    });
    connect(&m_bridge, &Bridge::runRefused, this, [this] {
        if (m_closeWhenEnded)
            close();
    });
    connect(&m_bridge, &Bridge::runFinished, this, [this] {
        m_tabs->setTabEnabled(Confusion, true);
        m_tabs->setTabEnabled(TryIt, true);
        if (auto* asked = findChild<QMessageBox*>(QStringLiteral("closeQuestion")))
            asked->close(); // there is nothing to stop any more
        if (m_closeWhenEnded)
            close();
    });
}

void MainWindow::connectDevices()
{
    const auto tell = [this] {
        m_devices->setEngine(m_bridge.engineInfo(), m_bridge.devices());
        m_deviceLine->setEngine(m_bridge.engineInfo());
    };
    const auto tellProblem = [this] {
        const bool none = !m_bridge.engine() && !m_bridge.engineProblem().isEmpty();
        const bool missing = m_bridge.engineProblemKind() == ErrorKind::NotFound;
        m_devices->setEngineProblem(!none ? QString() : missing ? tr("missing") : tr("cannot be used"));
    };
    connect(&m_bridge, &Bridge::engineFailed, this, tellProblem);
    connect(&m_bridge, &Bridge::stateChanged, this, tellProblem); // tried again
    connect(&m_bridge, &Bridge::engineReady, this, tell);
    connect(&m_bridge, &Bridge::devicesChanged, this, tell);
    connect(&m_bridge, &Bridge::eventsArrived, this, &MainWindow::showRunFacts);
    connect(&m_bridge, &Bridge::planChecked, this, [this](const Verdict& verdict) {
        if (verdict.measurement && !m_bridge.busy())
            m_devices->setDevice(QString::fromStdString(verdict.measurement->device));
    });
}

// What the run really uses.
void MainWindow::showRunFacts(const std::vector<Event>& events)
{
    for (const Event& event : events) {
        const auto* started = std::get_if<Started>(&event);
        if (!started)
            continue;
        m_devices->setDevice(QString::fromStdString(started->device));
        m_devices->setRunFacts(
            {{tr("Device"), QString::fromStdString(started->device)},
             {tr("Threads"), QString::number(started->threads)},
             {tr("Steps an epoch"), QString::fromStdString(grouped(started->stepsPerEpoch))},
             {tr("Training samples"), QString::fromStdString(grouped(started->trainSamples))}});
    }
}

void MainWindow::showPage(Page page)
{
    m_tabs->setTabEnabled(page, true);
    m_tabs->setCurrentIndex(page);
}

// Pressing Train is the user's own wish to watch, so the curves come to the front; nothing else opens by
// itself.
void MainWindow::train()
{
    if (!m_bridge.canTrain())
        return;
    m_bridge.train();
    showPage(Curves);
}

void MainWindow::trainPlan(const TrainingPlan& plan)
{
    m_newRun->showPlan(plan);
    m_bridge.train();
    showPage(Curves);
}

void MainWindow::showRuns(const std::vector<std::filesystem::path>& runs)
{
    lookAt(runs);
    showPage(Curves);
}

/// In curves, bar, Confusion and Try it, whatever page is open.
void MainWindow::lookAt(const std::vector<std::filesystem::path>& runs)
{
    const bool live = runs.size() == 1 && runs.front() == m_bridge.runFolder();
    live ? m_curves->showLive() : m_curves->showRuns(runs);
    const auto chosen = m_runs->chosen();
    m_runBar->setLookingElsewhere(!live, chosen.size() == 1 ? &chosen.front() : nullptr);
    if (runs.size() != 1)
        return;
    m_confusion->setRun(runs.front());
    m_tryIt->setRun(runs.front());
}

void MainWindow::openFolder(const std::filesystem::path& folder)
{
    m_curves->showFolder(folder);
    m_runBar->setLookingElsewhere(true);
    showPage(Curves);
}

void MainWindow::useRun(const std::filesystem::path& run)
{
    m_tryIt->setRun(run);
    showPage(TryIt);
}

void MainWindow::exportRun(const std::filesystem::path& run)
{
    auto* dialog = new ExportDialog(m_bridge, run, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::chooseFolder()
{
    auto* dialog = fileDialog(this, FileKind::TensorBoardFolder, tr("A TensorBoard folder"));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString& folder) { openFolder(userPath(folder.toStdString())); });
    dialog->open();
}

void MainWindow::choosePlanFile()
{
    auto* dialog = fileDialog(this, FileKind::Plan, tr("A plan"));
    connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::usePlanFile);
    dialog->open();
}

void MainWindow::usePlanFile(const QString& file)
{
    if (const auto plan = readPlan(file.toStdString()))
        m_newRun->showPlan(*plan);
    else
        question(this, tr("The plan cannot be used."), QString::fromStdString(plan.error().message))->open();
}

void MainWindow::askLearningRate()
{
    TrainingPlan now = m_bridge.runPlan();
    now.learningRate = m_bridge.runLearningRate();
    askLearningRateAgain(QString::fromStdString(optionText(now, *findOption("learning_rate"))), {});
}

// What is typed goes through the option table, as in the form; what that refuses is asked for again.
void MainWindow::askLearningRateAgain(const QString& text, const QString& problem)
{
    auto* dialog = new QInputDialog(this);
    dialog->setObjectName(QStringLiteral("learningRateDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Learning rate"));
    const QString wanted = tr("The learning rate from the next step on:");
    dialog->setLabelText(problem.isEmpty() ? wanted : problem + QLatin1Char('\n') + wanted);
    dialog->setTextValue(text);
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& typed) {
        TrainingPlan plan = m_bridge.runPlan();
        const auto ok = setOption(plan, "learning_rate", typed.toStdString());
        if (ok)
            m_bridge.changeLearningRate(plan.learningRate);
        else
            askLearningRateAgain(typed, QString::fromStdString(ok.error().message));
    });
    dialog->open();
}

// ---- closing

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (m_bridge.busy()) {
        event->ignore();
        askToClose();
        return;
    }
    remember();
    QWidget::closeEvent(event);
}

void MainWindow::askToClose()
{
    if (m_closeWhenEnded) // asked again: a full disk is waited for no longer
        return m_bridge.stopNow();
    if (findChild<QMessageBox*>(QStringLiteral("closeQuestion")))
        return;
    QMessageBox* box =
        question(this, tr("A run is going on."),
                 tr("Stop it and close? The weights are kept, and the run can be used later."));
    box->setObjectName(QStringLiteral("closeQuestion"));
    auto* stop = box->addButton(tr("&Stop and close"), QMessageBox::AcceptRole);
    stop->setObjectName(QStringLiteral("stopAndClose"));
    box->setDefaultButton(box->addButton(tr("&Keep training"), QMessageBox::RejectRole));
    connect(stop, &QAbstractButton::clicked, this, &MainWindow::stopAndClose);
    box->open();
}

void MainWindow::stopAndClose()
{
    m_closeWhenEnded = true;
    m_bridge.stopNow();
    if (!m_bridge.busy())
        close();
}

void MainWindow::commitData(QSessionManager& manager)
{
    const bool mayAsk = m_bridge.busy() && manager.allowsInteraction();
    const bool ends = stopForLogout(mayAsk);
    if (mayAsk)
        manager.release();
    if (!ends)
        manager.cancel();
}

bool MainWindow::stopForLogout(bool mayAsk)
{
    if (m_bridge.busy() && mayAsk) {
        QMessageBox box(QMessageBox::NoIcon, QCoreApplication::applicationName(), tr("A run is going on."),
                        QMessageBox::NoButton, this);
        box.setObjectName(QStringLiteral("logoutQuestion"));
        box.setInformativeText(tr("Stop it and log out? The weights are kept."));
        auto* stop = box.addButton(tr("&Stop and log out"), QMessageBox::AcceptRole);
        stop->setObjectName(QStringLiteral("stopAndLogOut"));
        box.addButton(tr("&Keep training"), QMessageBox::RejectRole)
            ->setObjectName(QStringLiteral("keepTraining"));
        box.exec();
        if (m_bridge.busy() && box.clickedButton() != stop)
            return false;
    }
    QEventLoop wait;
    connect(&m_bridge, &Bridge::runFinished, &wait, &QEventLoop::quit);
    connect(&m_bridge, &Bridge::runRefused, &wait, &QEventLoop::quit); // it was only starting
    m_bridge.stopNow();
    // A desktop that logs out does not wait for long, and neither does a full disk deserve it.
    QTimer::singleShot(logoutPatience, &wait, [this] { m_bridge.stopNow(); });
    if (m_bridge.busy())
        wait.exec();
    return true;
}

// ---- the window itself

void MainWindow::paintEvent(QPaintEvent* event)
{
    QWidget::paintEvent(event);
    if (!std::exchange(m_painted, true))
        QMetaObject::invokeMethod(this, &MainWindow::firstPainted, Qt::QueuedConnection);
}

void MainWindow::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const bool wide = width() >= panelFrom;
    m_right->setVisible(wide);
    m_statusLine->setVisible(!wide);
}

void MainWindow::restore()
{
    resize(1280, 800);
    restoreGeometry(QSettings().value(QStringLiteral("geometry")).toByteArray());
}

void MainWindow::remember() const
{
    QSettings().setValue(QStringLiteral("geometry"), saveGeometry());
}

} // namespace torchdesk
