// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/application.h"

#include "core/base/paths.h"
#include "gui/app/englishplurals.h"
#include "gui/app/icons.h"
#include "gui/app/launchoptions.h"
#include "gui/app/mainwindow.h"
#include "gui/app/processclock.h"
#include "gui/app/theme.h"
#include "gui/app/unixsignals.h"

#include <QApplication>
#include <QTimer>
#include <cstdio>
#include <filesystem>

namespace torchdesk {

namespace {

void print(FILE* stream, const QString& text)
{
    std::fputs(text.toUtf8().constData(), stream);
    std::fputc('\n', stream);
}

bool holdsRuns(const std::filesystem::path& folder)
{
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored))
        if (std::filesystem::exists(entry.path() / "run.json", ignored))
            return true;
    return false;
}

/// What the command line wants done once the window is up.
class Launch final : public QObject
{
public:
    Launch(LaunchOptions options, std::optional<TrainingPlan> plan, std::filesystem::path folder,
           Bridge& bridge, MainWindow& window)
        : m_options(std::move(options)), m_plan(std::move(plan)), m_folder(std::move(folder)),
          m_bridge(bridge), m_window(window)
    {
        connect(&window, &MainWindow::firstPainted, this, &Launch::painted);
        connect(&bridge, &Bridge::planChecked, this, &Launch::checked);
        connect(&bridge, &Bridge::runFinished, this, &Launch::ended);
        connect(&bridge, &Bridge::eventsArrived, this, &Launch::follow);
        connect(&bridge, &Bridge::runRefused, this, [this](const QString& text) {
            print(stderr, text);
            m_failed = true;
            settle();
        });
    }

private:
    void painted()
    {
        if (m_options.exitAfterPaint) {
            print(stdout, QString::number(secondsSinceStart(), 'f', 3));
            takePicture();
            m_window.close();
            return;
        }
        m_bridge.begin();
        if (!m_folder.empty())
            m_window.openFolder(m_folder);
        if (m_plan)
            m_window.trainPlan(*m_plan);
    }
    // Without a run the picture is of the form with its measured verdict.
    void checked(const Verdict& verdict)
    {
        const bool settled = verdict.measurement || verdict.state == Verdict::State::Wrong;
        if (!m_plan && settled)
            settle();
    }
    void follow()
    {
        const bool due = m_bridge.meter().share() * 100 >= m_options.screenshotAt;
        if (m_plan && m_options.screenshotAt < 100 && due && !m_bridge.meter().finished())
            takePicture();
    }
    void ended(const Finished& finished)
    {
        m_failed = finished.outcome == Outcome::Failed || finished.outcome == Outcome::Diverged;
        settle();
    }
    // Figures move twice a second, and what has just arrived may not have found its place yet.
    void settle() { QTimer::singleShot(m_options.screenshot.isEmpty() ? 0 : 700, this, &Launch::done); }
    void done()
    {
        takePicture();
        if (m_options.exitWhenDone)
            QCoreApplication::exit(m_failed ? 1 : 0);
    }
    void takePicture()
    {
        if (m_options.screenshot.isEmpty())
            return;
        if (!m_window.grab().save(m_options.screenshot))
            print(stderr, MainWindow::tr("The picture could not be saved as %1.").arg(m_options.screenshot));
        m_options.screenshot.clear();
    }

    LaunchOptions m_options;
    std::optional<TrainingPlan> m_plan;
    std::filesystem::path m_folder;
    Bridge& m_bridge;
    MainWindow& m_window;
    bool m_failed = false;
};

int wrongUse(const Error& error)
{
    print(stderr, QString::fromStdString(error.message));
    return 2;
}

int openWindow(const LaunchOptions& options)
{
    std::optional<TrainingPlan> plan;
    if (!options.planFile.isEmpty()) {
        auto read = readPlan(options.planFile.toStdString());
        if (!read)
            return wrongUse(read.error());
        plan = *read;
    }
    std::filesystem::path folder;
    if (!options.folder.isEmpty())
        folder = userPath(options.folder.toStdString());
    if (!folder.empty() && !std::filesystem::is_directory(folder))
        return wrongUse(
            {ErrorKind::NotFound,
             "Found no folder " + shown(folder) + ", wanted a TensorBoard folder or a folder of runs.",
             {}});
    BridgeSetup setup;
    if (!folder.empty() && holdsRuns(folder))
        setup.runs = std::exchange(folder, {});
    Bridge bridge(std::move(setup));
    MainWindow window(bridge);
    Launch launch(options, plan, folder, bridge, window);
    UnixSignals unixSignals;
    QObject::connect(&unixSignals, &UnixSignals::arrived, &window, &MainWindow::stopAndClose);
    QObject::connect(qApp, &QGuiApplication::commitDataRequest, &window, &MainWindow::commitData,
                     Qt::DirectConnection);
    if (options.size)
        window.resize(*options.size);
    ThemeManager::instance().addSheet();
    window.show();
    return QApplication::exec();
}

} // namespace

void nameApplication()
{
    QCoreApplication::setOrganizationName(QStringLiteral("TorchDesk"));
    QCoreApplication::setApplicationName(QStringLiteral("TorchDesk"));
    QCoreApplication::setApplicationVersion(QStringLiteral(TORCHDESK_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("torchdesk"));
}

int runApplication(int& argc, char** argv)
{
    QStringList arguments;
    for (int i = 0; i < argc; ++i)
        arguments << QString::fromLocal8Bit(argv[i]);
    const auto options = parseLaunchOptions(arguments);
    if (!options)
        return wrongUse(options.error());
    if (options->version) {
        print(stdout, QStringLiteral("TorchDesk " TORCHDESK_VERSION));
        return 0;
    }
    QApplication application(argc, argv);
    nameApplication();
    if (options->help) {
        print(stdout, launchHelp());
        return 0;
    }
    EnglishPlurals plurals;
    QCoreApplication::installTranslator(&plurals);
    ThemeManager::instance().installWithoutSheet(application, initialAppearance(options->appearance));
    QApplication::setWindowIcon(applicationIcon());
    return openWindow(*options);
}

} // namespace torchdesk
