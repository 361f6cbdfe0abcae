// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/eventfile.h"
#include "core/run/runfolder.h"
#include "core/session/fakeengine.h"
#include "core/session/faketrainer.h"
#include "core/session/session.h"
#include "tests/core/session/sessionclient.h"
#include "tests/support/fulldisk.h"
#include "tests/support/samplejob.h"
#include "tests/support/testsupport.h"

#include <cmath>

using namespace torchdesk;
using namespace torchdesk::test;
using namespace std::chrono_literals;

namespace fs = std::filesystem;

namespace {

std::vector<ScalarPoint> pointsOf(const fs::path& folder, const std::string& tag)
{
    std::vector<ScalarPoint> points;
    for (const auto& entry : fs::directory_iterator(folder)) {
        EventFileReader reader(entry.path());
        const auto read = reader.poll();
        for (const ScalarPoint& point : read ? *read : std::vector<ScalarPoint>()) {
            if (point.tag == tag)
                points.push_back(point);
        }
    }
    return points;
}

/// NaN equals NaN here, which == would deny.
bool sameFloats(const std::vector<float>& a, const std::vector<float>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](float x, float y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

} // namespace

class TestSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aCompletedRunIsWholeOnDisk();
    void theRecordSaysWhereItRan();
    void aLossThatIsNotANumber();
    void outOfMemoryIsAFailure();
    void stopNowInASlowEpoch();
    void stopAfterTheEpoch();
    void pauseAndResume();
    void aStopIsToldOnce();
    void aSecondStopWaitsForNoFullDisk();
    void changeAndSnapshotOnDemand();
    void aStalledClientLosesNoRecord();
    void aClientWithoutWake();
    void destroyedWhileRunning();
    void destroyedWhilePaused();
    void aTrainerThatCannotBeMadeLeavesNothing();
    void aFolderThatCannotBeMade();
    void commandsAfterTheEndAreHarmless();

private:
    std::unique_ptr<Session> start(const FakeScript& script, TrainingJob job, Session::Wake wake = {});

    TemporaryFolder m_runs;
};

std::unique_ptr<Session> TestSession::start(const FakeScript& script, TrainingJob job, Session::Wake wake)
{
    auto session =
        Session::start(std::make_shared<FakeEngine>(script), std::move(job), m_runs.path(), std::move(wake));
    if (!session)
        qFatal("%s", session.error().message.c_str());
    return std::move(*session);
}

void TestSession::aCompletedRunIsWholeOnDisk()
{
    Client client;
    const auto session = start({}, sampleJob(3, 20), client.wake());
    QVERIFY(client.untilFinished(*session));
    QVERIFY(session->finished()); // Finished comes when every file is there
    const auto finished = only<Finished>(client.events);
    QCOMPARE(finished.size(), std::size_t{1});
    QVERIFY(finished[0].outcome == Outcome::Completed);

    const RunSummary summary = readRunSummary(session->folder());
    QVERIFY(summary.state == RunState::Finished);
    QVERIFY(summary.record.finished == finished[0]);
    QVERIFY(summary.record.epochs == only<EpochDone>(client.events));
    QVERIFY(summary.record.started == only<Started>(client.events)[0]);
    QCOMPARE(pointsOf(session->folder() / "train", "loss").size(), std::size_t{60});
    const auto run = openRun(session->folder());
    VERIFY_OK(run);
    QCOMPARE(run->epoch, finished[0].bestEpoch);
    FakeEngine engine;
    VERIFY_OK(engine.open(run->model.model, run->model.preprocessing, run->weights, "cpu"));
}

void TestSession::theRecordSaysWhereItRan()
{
    Client client;
    TrainingJob job = sampleJob(1, 1);
    job.plan.model = "/home/me/nets/wide.json";
    job.plan.data = "/data/faces/";
    const auto session = start({}, job, client.wake());
    QVERIFY(client.untilFinished(*session));
    const RunRecord record = readRunSummary(session->folder()).record;
    QCOMPARE(record.name, std::string("wide-faces"));
    QVERIFY(session->folder().filename().string().ends_with("_wide-faces"));
    QCOMPARE(record.dataLabel, std::string("Sample digits"));
    QVERIFY(record.plan == job.plan);
    QCOMPARE(record.environment.at("engine"), std::string("Fake 1"));
    for (const char* key : {"host", "processor", "cores", "vector_units", "torchdesk"})
        QVERIFY2(!record.environment.at(key).empty(), key);
    QVERIFY(record.startedAt > 1.7e9 && record.endedAt >= record.startedAt);
}

void TestSession::aLossThatIsNotANumber()
{
    FakeScript script;
    script.nanAtStep = 7;
    Client client;
    const auto session = start(script, sampleJob(2, 10), client.wake());
    QVERIFY(client.untilFinished(*session));
    const Finished finished = only<Finished>(client.events)[0];
    QVERIFY(finished.outcome == Outcome::Diverged);
    QVERIFY(finished.message.find("step 7") != std::string::npos);
    QVERIFY(std::isnan(lossesIn(client.events).back()));
    QVERIFY(readRunSummary(session->folder()).record.finished == finished);
    const auto run = openRun(session->folder(), Weights::Last);
    VERIFY_OK(run); // the weights before that step
}

void TestSession::outOfMemoryIsAFailure()
{
    FakeScript script;
    script.failAtStep = 13;
    Client client;
    const auto session = start(script, sampleJob(2, 10), client.wake());
    QVERIFY(client.untilFinished(*session));
    const Finished finished = only<Finished>(client.events)[0];
    QVERIFY(finished.outcome == Outcome::Failed);
    QCOMPARE(finished.message, std::string("The device ran out of memory: a smaller batch needs less."));
    QCOMPARE(lossesIn(client.events).size(), std::size_t{12});
    const RunSummary summary = readRunSummary(session->folder());
    QVERIFY(summary.state == RunState::Finished && summary.record.finished == finished);
    QCOMPARE(summary.record.epochs.size(), std::size_t{1});
    VERIFY_OK(openRun(session->folder())); // the weights of epoch 1
}

void TestSession::stopNowInASlowEpoch()
{
    FakeScript script;
    script.secondsPerStep = 3600; // only a stop ends this wait
    Client client;
    const auto session = start(script, sampleJob(), client.wake());
    QVERIFY(
        client.until(*session, [](const Event& event) { return std::holds_alternative<Started>(event); }));
    QVERIFY(!session->finished());
    session->post(Stop{Stop::When::Now});
    QVERIFY(client.untilFinished(*session));
    QVERIFY(only<Finished>(client.events)[0].outcome == Outcome::Stopped);
    VERIFY_OK(openRun(session->folder(), Weights::Last));

    script.secondsPerStep = 0;
    script.validationSeconds = 3600;
    Client second;
    const auto validating = start(script, sampleJob(), second.wake());
    const Event state = StateChanged{StateChanged::State::Validating};
    QVERIFY(second.until(*validating, [&](const Event& event) { return event == state; }));
    validating->post(Stop{Stop::When::Now});
    QVERIFY(second.untilFinished(*validating));
    QVERIFY(only<Finished>(second.events)[0].outcome == Outcome::Stopped);
}

void TestSession::stopAfterTheEpoch()
{
    FakeScript script;
    script.secondsPerStep = 0.001;
    Client client;
    const auto session = start(script, sampleJob(100, 10), client.wake());
    session->post(Stop{Stop::When::AfterEpoch});
    QVERIFY(client.untilFinished(*session));
    const Finished finished = only<Finished>(client.events)[0];
    QVERIFY(finished.outcome == Outcome::Stopped);
    QCOMPARE(only<EpochDone>(client.events).size(), std::size_t{1});
    QCOMPARE(finished.lastStep, std::int64_t{10});
    QVERIFY(finished.testAccuracy);
}

void TestSession::pauseAndResume()
{
    FakeScript script;
    script.secondsPerStep = 0.001;
    Client client;
    const auto session = start(script, sampleJob(1, 50), client.wake());
    const auto isState = [](StateChanged::State state) {
        return [state](const Event& event) { return event == Event(StateChanged{state}); };
    };
    session->post(Resume{}); // makes no sense yet: passed over
    session->post(Pause{});
    QVERIFY(client.until(*session, isState(StateChanged::State::Paused)));
    const std::size_t steps = lossesIn(client.events).size();
    QVERIFY(steps < 50 && !session->finished());
    QVERIFY(session->drain().empty());
    session->post(Resume{});
    QVERIFY(client.untilFinished(*session));
    QCOMPARE(lossesIn(client.events).size(), std::size_t{50});
}

void TestSession::aStopIsToldOnce()
{
    FakeScript script;
    script.secondsPerStep = 0.001;
    Client client;
    const auto session = start(script, sampleJob(50, 50), client.wake());
    session->post(Pause{});
    QVERIFY(client.until(*session, [](const Event& event) {
        return event == Event(StateChanged{StateChanged::State::Paused});
    }));
    session->post(Stop{});
    QVERIFY(client.untilFinished(*session));
    const auto states = only<StateChanged>(client.events);
    QCOMPARE(std::ranges::count(states, StateChanged{StateChanged::State::Stopping}), std::ptrdiff_t{1});
    QVERIFY(states.back() == StateChanged{StateChanged::State::Stopping});
}

// The last weights are tried again for a minute; who stops twice does not want to wait for that.
void TestSession::aSecondStopWaitsForNoFullDisk()
{
    FakeScript script;
    script.secondsPerStep = 0.001;
    Client client;
    const auto session = start(script, sampleJob(50, 50), client.wake());
    QVERIFY(
        client.until(*session, [](const Event& event) { return std::holds_alternative<StepsDone>(event); }));
    const auto begun = std::chrono::steady_clock::now();
    {
        const FullDisk full(100);
        session->post(Stop{});
        session->post(Stop{});
        QVERIFY(client.untilFinished(*session));
    }
    QVERIFY(std::chrono::steady_clock::now() - begun < 30s);
    const Finished finished = only<Finished>(client.events).front();
    QVERIFY(finished.outcome == Outcome::Failed);
    QVERIFY(finished.message.starts_with("The last weights could not be saved."));
}

void TestSession::changeAndSnapshotOnDemand()
{
    FakeScript script;
    Client second;
    script.secondsPerStep = 0.001;
    const auto changed = start(script, sampleJob(50, 50), second.wake());
    changed->post(TakeSnapshot{});
    QVERIFY(second.until(*changed,
                         [](const Event& event) { return std::holds_alternative<SnapshotReady>(event); }));
    changed->post(Change{"learning_rate", 0.25});
    QVERIFY(second.until(*changed,
                         [](const Event& event) { return std::holds_alternative<SettingChanged>(event); }));
    QVERIFY(second.until(*changed, [](const Event& event) {
        const auto* steps = std::get_if<StepsDone>(&event);
        return steps && steps->learningRate == 0.25;
    }));
}

/// The client is told once and never drains. The record is compared with what the trainer sent, value by
/// value.
void TestSession::aStalledClientLosesNoRecord()
{
    FakeScript script;
    script.stepsPerEvent = 7;
    const auto engine = std::make_shared<RecordingEngine>(script);
    Client client;
    auto session = Session::start(engine, sampleJob(4, 2000), m_runs.path(), client.wake());
    VERIFY_OK(session);
    QVERIFY((*session)->waitFor(longTime));
    QCOMPARE(client.wakes(), 1);

    const std::vector<float> sent = lossesIn(engine->sent);
    QCOMPARE(sent.size(), std::size_t{8000});
    std::vector<float> recorded;
    std::int64_t step = 0;
    for (const ScalarPoint& point : pointsOf((*session)->folder() / "train", "loss")) {
        QCOMPARE(point.step, ++step);
        recorded.push_back(point.value);
    }
    QVERIFY(sameFloats(recorded, sent));
    const RunRecord record = readRunSummary((*session)->folder()).record;
    QVERIFY(record.epochs == only<EpochDone>(engine->sent));
    QVERIFY(record.finished == only<Finished>(engine->sent)[0]);

    const std::vector<Event> drained = (*session)->drain();
    QVERIFY(drained.size() < 40); // joined
    QVERIFY(sameFloats(lossesIn(drained), sent));
    QVERIFY(std::holds_alternative<Finished>(drained.back()));
    QVERIFY((*session)->drain().empty());
}

void TestSession::aClientWithoutWake()
{
    const auto session = start({}, sampleJob(1, 3));
    QVERIFY(session->waitFor(longTime));
    QVERIFY(std::holds_alternative<Finished>(session->drain().back()));
}

void TestSession::destroyedWhileRunning()
{
    FakeScript script;
    script.secondsPerStep = 3600;
    auto session = start(script, sampleJob());
    QVERIFY(!session->waitFor(0ms));
    const fs::path folder = session->folder();
    session.reset();
    const RunSummary summary = readRunSummary(folder);
    QVERIFY(summary.state == RunState::Finished);
    QVERIFY(summary.record.finished->outcome == Outcome::Stopped);
    VERIFY_OK(openRun(folder, Weights::Last));
}

void TestSession::destroyedWhilePaused()
{
    Client client;
    FakeScript script;
    script.secondsPerStep = 0.001;
    auto session = start(script, sampleJob(100, 1000), client.wake());
    session->post(Pause{});
    const Event paused = StateChanged{StateChanged::State::Paused};
    QVERIFY(client.until(*session, [&](const Event& event) { return event == paused; }));
    const fs::path folder = session->folder();
    session.reset();
    QVERIFY(readRunSummary(folder).record.finished->outcome == Outcome::Stopped);
}

void TestSession::aTrainerThatCannotBeMadeLeavesNothing()
{
    const TemporaryFolder runs;
    FakeScript script;
    script.createFails = Error{ErrorKind::OutOfMemory, "The card is full.", {}};
    VERIFY_ERROR(Session::start(std::make_shared<FakeEngine>(script), sampleJob(), runs.path()),
                 "The card is full.");
    QVERIFY(fs::is_empty(runs.path()));
}

void TestSession::aFolderThatCannotBeMade()
{
    const TemporaryFolder folder;
    writeFile(folder / "runs", "a file where the folder should be");
    const auto session = Session::start(std::make_shared<FakeEngine>(), sampleJob(), folder / "runs");
    QVERIFY(!session);
    QVERIFY2(session.error().message.find("runs") != std::string::npos, session.error().message.c_str());
}

void TestSession::commandsAfterTheEndAreHarmless()
{
    const auto session = start({}, sampleJob(1, 3));
    QVERIFY(session->waitFor(longTime));
    const RunRecord before = readRunSummary(session->folder()).record;
    for (const Command& command :
         {Command(Start{}), Command(Pause{}), Command(Stop{}), Command(TakeSnapshot{})})
        session->post(command);
    QVERIFY(session->finished());
    QVERIFY(readRunSummary(session->folder()).record == before);
}

QTEST_APPLESS_MAIN(TestSession)
#include "tst_session.moc"
