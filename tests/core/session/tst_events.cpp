// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/philox.h"
#include "core/session/events.h"
#include "tests/support/testsupport.h"

#include <cmath>
#include <cstring>
#include <limits>

using namespace torchdesk;

namespace {

const double notANumber = std::numeric_limits<double>::quiet_NaN();

EpochDone sampleEpoch()
{
    EpochDone epoch;
    epoch.epoch = 3;
    epoch.lastStep = 1266;
    epoch.trainLoss = 0.125;
    epoch.trainAccuracy = 0.96;
    epoch.validationLoss = 0.0625;
    epoch.validationAccuracy = 0.98;
    epoch.trainSeconds = 1.5;
    epoch.learningRate = 0.001;
    epoch.best = true;
    return epoch;
}

StepsDone sampleSteps()
{
    StepsDone steps;
    steps.epoch = 2;
    steps.firstStep = 423;
    steps.samples = 256;
    steps.losses = {0.1f, 2.3025851f};
    steps.accuracies = {0.5f, 0.9921875f};
    steps.seconds = {0.0037f, 1e-6f};
    steps.learningRate = 0.001;
    return steps;
}

Finished sampleFinished()
{
    Finished finished;
    finished.outcome = Outcome::Diverged;
    finished.message = "Stopped at step 812: the loss is not a number.";
    finished.lastStep = 812;
    finished.bestEpoch = 2;
    finished.testLoss = 0.25;
    finished.testAccuracy = 0.9;
    finished.lastTestAccuracy = 0.875;
    return finished;
}

std::vector<Event> samples()
{
    std::vector<Event> events{
        Started{"cuda:0", "NVIDIA \"RTX\" 4090", "eager", 2, 20, 422, 54000, 6000, 10000},
        Started{
            "cpu", "AMD EPYC", "lane (avx2)", 2, 1, 1, 1, 0, 0, {{"eager", 0.25}, {"lane (avx2)", 0.125}}},
        sampleSteps(),
        sampleEpoch(),
        SettingChanged{"learning_rate", 3e-4, 77},
        Notice{Notice::Severity::Warning, "The disk is full: Änderung\n2"},
        Notice{Notice::Severity::Information, ""},
        sampleFinished()};
    using State = StateChanged::State;
    for (const auto state :
         {State::Running, State::Paused, State::Validating, State::Testing, State::Stopping})
        events.push_back(StateChanged{state});
    return events;
}

} // namespace

class TestEvents : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyEventComesBack();
    void everyOutcomeComesBack();
    void epochIsTheLineOfTheContract();
    void finishedIsTheLineOfTheContract();
    void floatsAreShortAndExact();
    void notFiniteAndNotMeasuredAreNull();
    void snapshotsAreWrittenWithoutTensors();
    void wrongInputIsNamed_data();
    void wrongInputIsNamed();
    void mutantsNeverThrow();
};

void TestEvents::everyEventComesBack()
{
    for (const Event& event : samples()) {
        const std::string text = toJson(event).dump();
        const auto json = parseJson(text, "line");
        VERIFY_OK(json);
        const auto back = eventFromJson(*json);
        VERIFY_OK(back);
        QVERIFY2(*back == event, text.c_str());
        QCOMPARE(toJson(*back).dump(), text);
    }
}

void TestEvents::everyOutcomeComesBack()
{
    for (const Outcome outcome : {Outcome::Completed, Outcome::Stopped, Outcome::Diverged, Outcome::Failed}) {
        Finished finished;
        finished.outcome = outcome;
        const Json json = toJson(Event(finished));
        QCOMPARE(json["outcome"].get<std::string>(), std::string(outcomeName(outcome)));
        const auto back = eventFromJson(json);
        VERIFY_OK(back);
        QVERIFY(*back == Event(finished));
    }
}

void TestEvents::epochIsTheLineOfTheContract()
{
    QCOMPARE(toJson(Event(sampleEpoch())).dump(),
             std::string(R"({"event":"epoch","epoch":3,"train_loss":0.125,"train_accuracy":0.96,)"
                         R"("validation_loss":0.0625,"validation_accuracy":0.98,"train_seconds":1.5,)"
                         R"("last_step":1266,"learning_rate":0.001,"best":true})"));
}

void TestEvents::finishedIsTheLineOfTheContract()
{
    const Json json = toJson(sampleFinished(), "/runs/2026-11-23_1412_lenet-mnist");
    QCOMPARE(json.dump(),
             std::string(
                 R"({"event":"finished","outcome":"diverged","run":"/runs/2026-11-23_1412_lenet-mnist",)"
                 R"("test_loss":0.25,"test_accuracy":0.9,"last_test_loss":null,"last_test_accuracy":0.875,)"
                 R"("best_epoch":2,"last_step":812,)"
                 R"("message":"Stopped at step 812: the loss is not a number."})"));
    const auto back = eventFromJson(json);
    VERIFY_OK(back);
    QVERIFY(*back == Event(sampleFinished()));
}

void TestEvents::floatsAreShortAndExact()
{
    StepsDone steps = sampleSteps();
    QCOMPARE(toJson(Event(steps))["losses"].dump(), std::string("[0.1,2.3025851]"));
    Random random(7, Purpose::Order);
    for (int i = 0; i < 5000; ++i) {
        const std::uint32_t bits = random.next();
        float value = 0;
        std::memcpy(&value, &bits, sizeof value);
        if (!std::isfinite(value))
            continue;
        steps.losses = {value, -value};
        const auto back = eventFromJson(Json::parse(toJson(Event(steps)).dump()));
        VERIFY_OK(back);
        QVERIFY(std::get<StepsDone>(*back).losses == steps.losses);
    }
}

void TestEvents::notFiniteAndNotMeasuredAreNull()
{
    StepsDone steps = sampleSteps();
    steps.losses.back() = std::numeric_limits<float>::infinity();
    const Json json = toJson(Event(steps));
    QCOMPARE(json["losses"].dump(), std::string("[0.1,null]"));
    const auto back = eventFromJson(json);
    VERIFY_OK(back);
    QVERIFY(std::isnan(std::get<StepsDone>(*back).losses.back()));

    EpochDone epoch = sampleEpoch();
    epoch.trainLoss = notANumber;
    epoch.validationLoss = notANumber;
    epoch.validationAccuracy.reset();
    const Json row = toJson(Event(epoch));
    QVERIFY(row["train_loss"].is_null());
    QVERIFY(row["validation_loss"].is_null());
    QVERIFY(row["validation_accuracy"].is_null());
    const auto read = eventFromJson(row);
    VERIFY_OK(read);
    QVERIFY(std::isnan(std::get<EpochDone>(*read).trainLoss));
    QVERIFY(!std::get<EpochDone>(*read).validationLoss);
}

void TestEvents::snapshotsAreWrittenWithoutTensors()
{
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->epoch = 4;
    snapshot->step = 1688;
    snapshot->best = true;
    snapshot->weights.push_back(NamedTensor{"fc.weight", DType::U8, {2}, std::make_shared<const Bytes>(2)});
    const Json json = toJson(Event(SnapshotReady{snapshot}));
    QCOMPARE(json.dump(), std::string(R"({"event":"snapshot","epoch":4,"step":1688,"best":true})"));
    const auto back = eventFromJson(json);
    VERIFY_OK(back);
    const Snapshot& read = *std::get<SnapshotReady>(*back).snapshot;
    QVERIFY(read.epoch == 4 && read.step == 1688 && read.best && read.weights.empty());
    QVERIFY(toJson(Event(SnapshotReady{})).contains("epoch"));
}

void TestEvents::wrongInputIsNamed_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    QTest::newRow("array") << "[]"
                           << "event: found [], wanted a JSON object.";
    QTest::newRow("nothing") << "{}"
                             << "event: event: found nothing, wanted this field.";
    QTest::newRow("name") << R"({"event":"epok"})"
                          << R"(event: event: found "epok", wanted started, steps)";
    QTest::newRow("number") << R"({"event":1})"
                            << "event: event: found 1, wanted a text.";
    QTest::newRow("unknown key") << R"({"event":"state","state":"paused","x":1})"
                                 << "x: found an unknown key";
    QTest::newRow("state") << R"({"event":"state","state":"asleep"})"
                           << R"(state: found "asleep", wanted one of running, paused, validating)";
    QTest::newRow("severity") << R"({"event":"notice","severity":"fatal","message":""})"
                              << R"(severity: found "fatal", wanted one of information, warning)";
    QTest::newRow("missing") << R"({"event":"snapshot","epoch":1,"step":2})"
                             << "best: found nothing";
    QTest::newRow("negative") << R"({"event":"snapshot","epoch":-1,"step":2,"best":true})"
                              << "epoch: found -1, wanted";
    QTest::newRow("lengths")
        << R"({"event":"steps","epoch":1,"first_step":1,"samples":1,"losses":[1],"accuracies":[],"seconds":[0],"learning_rate":1})"
        << "accuracies: found 0 numbers, wanted as many as losses.";
    QTest::newRow("empty")
        << R"({"event":"steps","epoch":1,"first_step":1,"samples":1,"losses":[],"accuracies":[],"seconds":[],"learning_rate":1})"
        << "losses: found an empty array";
    QTest::newRow("too large")
        << R"({"event":"steps","epoch":1,"first_step":1,"samples":1,"losses":[1e300],"accuracies":[1],"seconds":[1],"learning_rate":1})"
        << "losses: found 1e+300, wanted 32-bit numbers or null.";
    QTest::newRow("huge step")
        << R"({"event":"setting","id":"learning_rate","value":1,"step":9223372036854775807})"
        << "step: found 9223372036854775807, wanted a whole number";
}

void TestEvents::wrongInputIsNamed()
{
    QFETCH(QString, text);
    QFETCH(QString, message);
    const auto json = parseJson(text.toStdString(), "line");
    VERIFY_OK(json);
    VERIFY_ERROR(eventFromJson(*json), message.toStdString());
}

/// What survives parsing is written and read again: nothing may throw, and a value that was taken must come
/// back.
void TestEvents::mutantsNeverThrow()
{
    std::vector<std::string> texts;
    for (const Event& event : samples())
        texts.push_back(toJson(event).dump());
    Random random(11, Purpose::Order);
    int taken = 0;
    int refused = 0;
    for (int i = 0; i < 6000; ++i) {
        std::string text = texts[random.below(static_cast<std::uint32_t>(texts.size()))];
        for (std::uint32_t n = random.below(3) + 1; n > 0; --n)
            text[random.below(static_cast<std::uint32_t>(text.size()))] =
                "0123456789{}[],:\"-enulltrue."[random.below(28)];
        const auto json = parseJson(text, "line");
        const auto event = json ? eventFromJson(*json) : failure(ErrorKind::InvalidInput, "");
        ++(event ? taken : refused);
        if (event)
            VERIFY_OK(eventFromJson(toJson(*event)));
    }
    QVERIFY(taken > 100);
    QVERIFY(refused > 100);
}

QTEST_APPLESS_MAIN(TestEvents)
#include "tst_events.moc"
