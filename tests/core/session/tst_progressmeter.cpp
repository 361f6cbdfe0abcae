// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/progressmeter.h"
#include "tests/support/testsupport.h"

#include <cmath>

using namespace torchdesk;
using namespace std::chrono_literals;

namespace {

using Time = ProgressMeter::Clock::time_point;

/// 2 epochs of 100 steps.
Started started()
{
    Started event;
    event.epochs = 2;
    event.stepsPerEpoch = 100;
    return event;
}

StepsDone steps(std::int64_t first, std::int64_t count, float seconds, std::int64_t samplesEach)
{
    StepsDone event;
    event.epoch = (first - 1) / 100 + 1;
    event.firstStep = first;
    event.samples = count * samplesEach;
    event.losses.assign(static_cast<std::size_t>(count), 1.0f);
    event.accuracies = event.losses;
    event.seconds.assign(static_cast<std::size_t>(count), seconds);
    return event;
}

EpochDone epochDone(std::int64_t epoch, double trainSeconds)
{
    EpochDone event;
    event.epoch = epoch;
    event.lastStep = epoch * 100;
    event.trainSeconds = trainSeconds;
    return event;
}

bool close(std::optional<double> value, double wanted)
{
    return value && std::abs(*value - wanted) < 1e-4 * std::max(1.0, wanted);
}

} // namespace

class TestProgressMeter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void beforeTheFirstStep();
    void countsAndSpeed();
    void speedFollowsTheLastSeconds();
    void timeLeftIsMeasuredFirst();
    void timeLeftCountsValidationAndNotPauses();
    void theEnd();
};

void TestProgressMeter::beforeTheFirstStep()
{
    ProgressMeter meter;
    QCOMPARE(meter.share(), 0.0);
    QVERIFY(!meter.samplesPerSecond() && !meter.secondsLeft());
    meter.add(started());
    QCOMPARE(meter.epoch(), std::int64_t{0});
    QCOMPARE(meter.epochs(), std::int64_t{2});
    QCOMPARE(meter.steps(), std::int64_t{200});
}

void TestProgressMeter::countsAndSpeed()
{
    ProgressMeter meter;
    meter.add(started());
    meter.add(steps(1, 50, 0.01f, 128));
    QCOMPARE(meter.epoch(), std::int64_t{1});
    QCOMPARE(meter.step(), std::int64_t{50});
    QCOMPARE(meter.share(), 0.25);
    QVERIFY(close(meter.samplesPerSecond(), 12800));
}

void TestProgressMeter::speedFollowsTheLastSeconds()
{
    ProgressMeter meter;
    meter.add(started());
    meter.add(steps(1, 50, 1.0f, 100));  // 50 s at 100 a second
    meter.add(steps(51, 50, 1.0f, 200)); // then twice as fast
    QVERIFY(close(meter.samplesPerSecond(), 200));
}

void TestProgressMeter::timeLeftIsMeasuredFirst()
{
    ProgressMeter meter;
    meter.add(started());
    meter.add(steps(1, 29, 0.1f, 128));
    QVERIFY(!meter.secondsLeft());
    meter.add(steps(30, 1, 0.1f, 128));
    QVERIFY(close(meter.secondsLeft(), 17.0)); // 170 steps of 0.1 s
}

void TestProgressMeter::timeLeftCountsValidationAndNotPauses()
{
    const Time start{};
    ProgressMeter meter;
    meter.add(started(), start);
    meter.add(steps(1, 100, 0.1f, 128), start + 10s);
    meter.add(StateChanged{StateChanged::State::Paused}, start + 10s);
    QVERIFY(meter.paused());
    meter.add(StateChanged{StateChanged::State::Running}, start + 110s);
    QVERIFY(!meter.paused());
    meter.add(epochDone(1, 10), start + 113s); // 10 s of steps, 100 s of pause, so 3 s of validation
    QVERIFY(close(meter.secondsLeft(), 13.0));
    QCOMPARE(meter.lastEpoch()->epoch, std::int64_t{1});
    meter.add(steps(101, 100, 0.1f, 128), start + 123s);
    QVERIFY(close(meter.secondsLeft(), 3.0));
}

void TestProgressMeter::theEnd()
{
    ProgressMeter meter;
    meter.add(started());
    meter.add(steps(1, 50, 0.1f, 128));
    Finished finished;
    finished.outcome = Outcome::Stopped;
    meter.add(finished);
    QCOMPARE(meter.share(), 0.25);
    QCOMPARE(*meter.secondsLeft(), 0.0);
    QVERIFY(meter.finished()->outcome == Outcome::Stopped);
    finished.outcome = Outcome::Completed;
    meter.add(finished);
    QCOMPARE(meter.share(), 1.0);
    meter.add(started()); // another run
    QVERIFY(!meter.finished() && !meter.paused());
}

QTEST_APPLESS_MAIN(TestProgressMeter)
#include "tst_progressmeter.moc"
