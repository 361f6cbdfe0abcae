// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/bridge.h"

#include <QWidget>

class QSessionManager;
class QStackedWidget;
class QTabBar;
class QVBoxLayout;

namespace torchdesk {

class ConfusionPage;
class CurvesPage;
class DevicePanel;
class DeviceSampler;
class DeviceStatusLine;
class LayersPage;
class LogPage;
class NewRunPage;
class RunBar;
class RunsPage;
class TryItPage;

/// The window: form and runs at the left, the active run's bar over the pages in the middle, devices at the
/// right.
class MainWindow final : public QWidget
{
    Q_OBJECT

public:
    explicit MainWindow(Bridge& bridge, QWidget* parent = nullptr);

    enum Page
    {
        Overview,
        Curves,
        Layers,
        Confusion,
        TryIt,
        Log
    };
    void showPage(Page page);
    /// Puts the plan into the form and trains it as soon as it is checked.
    void trainPlan(const TrainingPlan& plan);
    /// Shows the scalars of a TensorBoard folder.
    void openFolder(const std::filesystem::path& folder);
    /// Without a question: stops a run that goes on, keeps its weights, and closes when they are on disk.
    void stopAndClose();
    /// Stops a run that goes on, after a question where \p mayAsk, and waits for its files; false where it is
    /// to go on.
    bool stopForLogout(bool mayAsk);
    /// At logout: asks, stops the run and waits for its files.
    void commitData(QSessionManager& manager);

Q_SIGNALS:
    void firstPainted();

protected:
    void paintEvent(QPaintEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void build();
    QWidget* buildLeft();
    QWidget* buildCentre();
    QWidget* buildRight();
    QWidget* buildStatusLine();
    QWidget* makeMenuButton();
    void addPage(QWidget* page, const QString& title, const QString& tip);
    void addShortcuts();
    void addShortcut(const QKeySequence& keys, std::function<void()> action);
    void connectPages();
    void connectDevices();
    void showRunFacts(const std::vector<Event>& events);
    void restore();
    void remember() const;

    void train();
    void askToClose();
    void useRun(const std::filesystem::path& run);
    void exportRun(const std::filesystem::path& run);
    void lookAt(const std::vector<std::filesystem::path>& runs);
    void showRuns(const std::vector<std::filesystem::path>& runs);
    void chooseFolder();
    void choosePlanFile();
    void usePlanFile(const QString& file);
    void askLearningRate();
    void askLearningRateAgain(const QString& text, const QString& problem);
    void showShortcuts();
    void showAbout();

    Bridge& m_bridge;
    bool m_painted = false;
    bool m_closeWhenEnded = false;
    QTabBar* m_leftTabs = nullptr;
    QStackedWidget* m_left = nullptr;
    QTabBar* m_tabs = nullptr;
    QStackedWidget* m_pages = nullptr;
    RunBar* m_runBar = nullptr;
    NewRunPage* m_newRun = nullptr;
    RunsPage* m_runs = nullptr;
    CurvesPage* m_curves = nullptr;
    LayersPage* m_layers = nullptr;
    ConfusionPage* m_confusion = nullptr;
    TryItPage* m_tryIt = nullptr;
    LogPage* m_log = nullptr;
    QWidget* m_right = nullptr;
    QWidget* m_statusLine = nullptr;
    DeviceSampler* m_sampler = nullptr;
    DevicePanel* m_devices = nullptr;
    DeviceStatusLine* m_deviceLine = nullptr;
};

} // namespace torchdesk
