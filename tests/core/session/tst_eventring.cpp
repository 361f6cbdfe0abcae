// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/eventring.h"
#include "tests/support/testsupport.h"

#include <thread>

using namespace torchdesk;

class TestEventRing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsOrderAndLosesNothingBetweenThreads();
    void putWaitsWhileFull();
    void closeEndsEveryWait();
    void takenEventsHoldNothing();
};

namespace {

Event numbered(std::int64_t number)
{
    return SettingChanged{"learning_rate", 0.1, number};
}

std::int64_t numberOf(const Event& event)
{
    return std::get<SettingChanged>(event).step;
}

} // namespace

void TestEventRing::keepsOrderAndLosesNothingBetweenThreads()
{
    constexpr std::int64_t count = 20'000;
    EventRing ring(7); // far smaller than what goes through
    std::jthread producer([&ring] {
        for (std::int64_t i = 0; i < count; ++i)
            ring.put(numbered(i));
    });
    std::int64_t next = 0;
    while (next < count) {
        const std::vector<Event> events = ring.take();
        QVERIFY(!events.empty() && events.size() <= 7);
        for (const Event& event : events)
            QCOMPARE(numberOf(event), next++);
    }
    QCOMPARE(ring.size(), std::size_t{0});
}

void TestEventRing::putWaitsWhileFull()
{
    EventRing ring(2);
    ring.put(numbered(1));
    ring.put(numbered(2));
    std::atomic<bool> third = false;
    std::jthread producer([&] {
        ring.put(numbered(3));
        third = true;
    });
    QVERIFY(!third); // cannot be in before something is taken
    QCOMPARE(ring.take().size(), std::size_t{2});
    QCOMPARE(numberOf(ring.take().front()), std::int64_t{3});
    producer.join();
    QVERIFY(third);
}

void TestEventRing::closeEndsEveryWait()
{
    EventRing full(1);
    full.put(numbered(1));
    std::jthread producer([&] { full.put(numbered(2)); });
    full.close();
    producer.join();                              // the second put came back
    QCOMPARE(full.take().size(), std::size_t{1}); // what was in is still given
    QVERIFY(full.take().empty());

    EventRing empty(1);
    std::jthread consumer([&] { QVERIFY(empty.take().empty()); });
    empty.close();
    consumer.join();
}

void TestEventRing::takenEventsHoldNothing()
{
    EventRing ring(4);
    const auto snapshot = std::make_shared<const Snapshot>();
    ring.put(SnapshotReady{snapshot});
    ring.take();
    QCOMPARE(snapshot.use_count(), 1L); // a free slot must not keep weights in memory
}

QTEST_APPLESS_MAIN(TestEventRing)
#include "tst_eventring.moc"
