// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/progressmeter.h"
#include "core/session/session.h"
#include "gui/bridge/datadownload.h"
#include "gui/bridge/plancheck.h"
#include "gui/bridge/worker.h"

#include <QElapsedTimer>
#include <QTimer>

namespace torchdesk {

/// Where the bridge gets its engine and keeps its runs; tests give others.
struct BridgeSetup
{
    std::function<Expected<std::shared_ptr<Engine>>()> loader; ///< empty: loadEngine()
    std::filesystem::path runs;                                ///< empty: runsFolder()
    bool measure = true; ///< measure the plan of the form before it is trained
};

/// The one object that knows engine and session; everyone else in the window knows its signals. It never
/// blocks: slow work runs on two worker threads (the form's, the run's) and answers with a signal. GUI thread
/// only.
class Bridge final : public QObject
{
    Q_OBJECT

public:
    enum class Phase
    {
        Idle, ///< no run was started yet
        Starting,
        Running,
        Paused,
        Stopping, ///< asked to stop, or writing the last files
        Ended,    ///< the last run's result can be looked at
    };
    Q_ENUM(Phase)

    explicit Bridge(BridgeSetup setup = {}, QObject* parent = nullptr);
    /// Stops a run that still goes on (weights are kept) and waits for its files.
    ~Bridge() override;

    /// Reads the catalogue, opens the data of the plan and loads the engine. Call once the window has
    /// painted.
    void begin();

    const TrainingPlan& plan() const { return m_plan; }
    const Verdict& verdict() const { return m_verdict; }
    const Catalogue& catalogue() const { return m_catalogue; }
    /// The data and the model that the form chose, as soon as they are there.
    const DataSet& data() const { return m_data; }
    /// What is known of the folder of pictures that the form chose; nullptr: none, or not known yet.
    const std::shared_ptr<const FolderFacts>& folder() const { return m_folder; }
    /// Fetches a data set of the catalogue; when it has arrived, catalogue and plan are looked at again.
    DataDownload& download() { return m_download; }

    std::shared_ptr<Engine> engine() const { return m_engine; } ///< empty while it is not loaded
    const EngineInfo& engineInfo() const { return m_engineInfo; }
    const std::vector<DeviceInfo>& devices() const { return m_devices; }
    const QString& engineProblem() const
    {
        return m_engineProblem;
    } ///< why there is no engine; empty while loading
    ErrorKind engineProblemKind() const { return m_engineProblemKind; } ///< of engineProblem()
    const std::filesystem::path& runs() const { return m_runs; }

    Phase phase() const { return m_phase; }
    bool busy() const; ///< a run is starting, going on or stopping
    bool canTrain() const;
    /// Why Train cannot be pressed, as a sentence; empty where it can.
    QString whyNotTrain() const;
    const ProgressMeter& meter() const { return m_meter; }
    const std::filesystem::path& runFolder() const
    {
        return m_runFolder;
    } ///< of the run started last; empty: none
    const TrainingPlan& runPlan() const { return m_runPlan; }
    const std::shared_ptr<const TrainingJob>& runJob() const { return m_runJob; } ///< of the run started last
    double runLearningRate() const { return m_learningRate; }                     ///< the one in use now
    double runSeconds() const;                             ///< since the run was started
    bool runHasWeights() const { return m_runHasWeights; } ///< the run that ended last left a checkpoint

public Q_SLOTS:
    void setPlan(const torchdesk::TrainingPlan& plan);
    /// The form holds a value that is no plan: says so and checks nothing.
    void rejectPlan(const QString& field, const QString& message);
    void train();
    void pause();
    void resume();
    void stopNow();
    void stopAfterEpoch();
    void changeLearningRate(double value);
    /// Puts the last run's plan, changed by \p factor in its learning rate, into the form and trains it.
    void trainAgain(double factor = 1);
    void tryEngineAgain();
    /// Ends what is being done to check the plan, such as reading a large folder: the verdict says so.
    void stopReading();
    void readAgain();

Q_SIGNALS:
    void catalogueReady();
    void engineReady(const torchdesk::EngineInfo& info, const std::vector<torchdesk::DeviceInfo>& devices);
    void engineFailed(const QString& text);
    void devicesChanged(const std::vector<torchdesk::DeviceInfo>& devices);
    void planChanged(const torchdesk::TrainingPlan& plan); ///< by someone else than the form
    void planChecked(const torchdesk::Verdict& verdict);
    void dataReady(const torchdesk::DataSet& data);
    /// As soon as a folder of pictures has been looked through, and with nullptr when it is no longer the
    /// form's. The pictures are decoded later: see dataReady().
    void folderScanned(const std::shared_ptr<const torchdesk::FolderFacts>& folder);
    /// \p frozenNodes: so many of the first nodes keep their weights.
    void modelReady(const torchdesk::LoweredModel& model, int frozenNodes);
    void dataProgress(double share, const QString& what);
    void runStarted(const std::filesystem::path& folder);
    void runRefused(const QString& text);                            ///< the run could not even begin
    void eventsArrived(const std::vector<torchdesk::Event>& events); ///< at most five times a second
    void runFinished(const torchdesk::Finished& finished,
                     const std::filesystem::path& folder); ///< all is on disk
    void stateChanged();

private:
    /// Of a check and of the measurement after it: the newest of both counts.
    static constexpr auto checkKey = "check";

    void refreshCatalogue();
    void loadTheEngine();
    void setVerdict(Verdict verdict);
    void setPhase(Phase phase);
    void check();
    void checked(CheckedPlan checked);
    void setFolder(const std::shared_ptr<const FolderFacts>& folder);
    void measure();
    struct Measured
    {
        Expected<Measurement> measurement;
        std::vector<ShorterPlan> shorter;
    };
    void takeMeasured(Measured measured);
    void startRun();
    void stopMeasuring();
    void started(Expected<std::unique_ptr<Session>> session);
    void wake();
    void drain();
    void follow(const Event& event);
    void closeRun(const Finished& finished);
    void post(const Command& command);
    Progress progressSink();
    FolderWatch folderWatch();
    struct WakeTarget;

    BridgeSetup m_setup;
    std::filesystem::path m_runs;
    TrainingPlan m_plan;
    Catalogue m_catalogue;
    Verdict m_verdict;
    DataSet m_data;
    std::shared_ptr<const FolderFacts> m_folder;
    std::shared_ptr<Engine> m_engine;
    EngineInfo m_engineInfo;
    std::vector<DeviceInfo> m_devices;
    QString m_engineProblem;
    ErrorKind m_engineProblemKind = ErrorKind::NotFound;

    Phase m_phase = Phase::Idle;
    std::shared_ptr<Session> m_session;
    ProgressMeter m_meter;
    std::filesystem::path m_runFolder;
    TrainingPlan m_runPlan;
    std::shared_ptr<const TrainingJob> m_runJob;
    double m_learningRate = 0;
    QElapsedTimer m_runClock;
    qint64 m_runMilliseconds = 0; ///< of the run that ended
    QTimer m_drainTimer;
    QElapsedTimer m_sinceDrain;
    bool m_trainWhenChecked = false;
    bool m_runHasWeights = false;
    bool m_stopAtStart = false; ///< asked to stop while the run was starting
    bool m_begun = false;
    CallQueue m_calls; ///< from session and tasks
    std::shared_ptr<WakeTarget> m_wakeTarget;

    // Last, so that they are gone before anything they answer to.
    Worker m_formWorker;
    Worker m_runWorker;
    DataDownload m_download;
};

} // namespace torchdesk
