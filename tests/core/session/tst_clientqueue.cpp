// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/clientqueue.h"
#include "tests/support/testsupport.h"

using namespace torchdesk;

namespace {

/// Steps first … first+count-1; the loss of a step is its number.
StepsDone steps(std::int64_t epoch, std::int64_t first, std::int64_t count)
{
    StepsDone all;
    all.epoch = epoch;
    all.firstStep = first;
    all.samples = count * 10;
    for (std::int64_t i = 0; i < count; ++i)
        all.losses.push_back(static_cast<float>(first + i));
    all.accuracies.assign(all.losses.size(), 0.5f);
    all.seconds.assign(all.losses.size(), 0.001f);
    all.learningRate = 0.001;
    return all;
}

Event snapshot(std::int64_t epoch)
{
    auto made = std::make_shared<Snapshot>();
    made->epoch = epoch;
    made->weights.push_back(NamedTensor{"w", DType::U8, {1}, std::make_shared<const Bytes>(1)});
    return SnapshotReady{made};
}

std::size_t tensorsIn(const Event& event)
{
    return std::get<SnapshotReady>(event).snapshot->weights.size();
}

} // namespace

class TestClientQueue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhenThereWasNothing();
    void joinsNeighboursOfOneEpochAndRate();
    void otherEventsKeepTheirPlace();
    void thinsTheOldestBeyondTheLimit();
    void onlyTheNewestSnapshotKeepsTensors();
    void statesAndRemarksAreBounded();
};

void TestClientQueue::tellsWhenThereWasNothing()
{
    ClientQueue queue(100);
    QVERIFY(queue.add(steps(1, 1, 1)));
    QVERIFY(!queue.add(steps(1, 2, 1)));
    queue.take();
    QVERIFY(queue.add(Notice{}));
}

void TestClientQueue::joinsNeighboursOfOneEpochAndRate()
{
    ClientQueue queue(100);
    queue.add(steps(1, 1, 2));
    queue.add(steps(1, 3, 1));
    queue.add(steps(2, 4, 1)); // another epoch
    queue.add(steps(2, 6, 1)); // a gap
    StepsDone faster = steps(2, 7, 1);
    faster.learningRate = 0.01;
    queue.add(faster);
    const std::vector<Event> events = queue.take();
    QCOMPARE(events.size(), std::size_t{4});
    QVERIFY(events[0] == Event(steps(1, 1, 3)));
    QVERIFY(events[3] == Event(faster));
    QCOMPARE(queue.steps(), std::size_t{0});
}

void TestClientQueue::otherEventsKeepTheirPlace()
{
    ClientQueue queue(100);
    EpochDone epoch;
    epoch.lastStep = 2;
    queue.add(steps(1, 1, 2));
    queue.add(epoch);
    queue.add(steps(1, 3, 1)); // not joined across the epoch's end
    const std::vector<Event> events = queue.take();
    QCOMPARE(events.size(), std::size_t{3});
    QVERIFY(events[1] == Event(epoch));
}

/// A client that never drains: the number of steps that wait stays within the limit, what waits is exact and
/// in order, the beginning and the newest are there.
void TestClientQueue::thinsTheOldestBeyondTheLimit()
{
    constexpr std::size_t limit = 8192;
    constexpr std::int64_t total = 200'000;
    ClientQueue queue(limit);
    for (std::int64_t first = 1; first <= total; first += 100) {
        queue.add(steps(1, first, 100));
        QVERIFY(queue.steps() <= limit);
    }
    const std::vector<Event> events = queue.take();
    QVERIFY(events.size() < 2 * limit / ClientQueue::block);
    std::int64_t last = 0;
    std::size_t waiting = 0;
    for (const Event& event : events) {
        const auto& piece = std::get<StepsDone>(event);
        QVERIFY(piece.firstStep > last);
        QCOMPARE(piece.accuracies.size(), piece.losses.size());
        QCOMPARE(piece.seconds.size(), piece.losses.size());
        for (std::size_t i = 0; i < piece.losses.size(); ++i)
            QCOMPARE(piece.losses[i], static_cast<float>(piece.firstStep + static_cast<std::int64_t>(i)));
        QVERIFY(std::abs(piece.samples - 10 * static_cast<std::int64_t>(piece.losses.size())) <= 1);
        last = piece.lastStep();
        waiting += piece.losses.size();
    }
    QCOMPARE(last, total);
    QVERIFY(waiting > limit / 2);
    QCOMPARE(std::get<StepsDone>(events.front()).firstStep, std::int64_t{1});
}

void TestClientQueue::onlyTheNewestSnapshotKeepsTensors()
{
    ClientQueue queue(100);
    for (std::int64_t epoch = 1; epoch <= 3; ++epoch)
        queue.add(snapshot(epoch));
    const std::vector<Event> events = queue.take();
    QCOMPARE(events.size(), std::size_t{3});
    QCOMPARE(tensorsIn(events[0]), std::size_t{0});
    QCOMPARE(tensorsIn(events[1]), std::size_t{0});
    QCOMPARE(tensorsIn(events[2]), std::size_t{1});
    QCOMPARE(std::get<SnapshotReady>(events[1]).snapshot->epoch, std::int64_t{2});
}

void TestClientQueue::statesAndRemarksAreBounded()
{
    ClientQueue queue(100);
    for (int i = 0; i < 5000; ++i) {
        queue.add(StateChanged{StateChanged::State::Paused});
        queue.add(StateChanged{StateChanged::State::Running});
    }
    for (int i = 0; i < 5000; ++i)
        queue.add(Notice{Notice::Severity::Warning, std::to_string(i)});
    const std::vector<Event> events = queue.take();
    QCOMPARE(events.size(), ClientQueue::remarkLimit + 1);
    QVERIFY(events.front() == Event(StateChanged{StateChanged::State::Running}));
    QCOMPARE(std::get<Notice>(events.back()).message, std::string("4999"));
    QCOMPARE(std::get<Notice>(events[1]).message, std::string("4000"));
}

QTEST_APPLESS_MAIN(TestClientQueue)
#include "tst_clientqueue.moc"
