// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/cachebuild.h"
#include "tests/core/data/pictures/memorysource.h"
#include "tests/support/testsupport.h"

#include <algorithm>
#include <thread>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

namespace fs = std::filesystem;

const CacheKey buildKey{std::string(64, 'c'), 200, 3 * 9 * 9};

PictureSettings buildSettings()
{
    PictureSettings settings;
    settings.shape = {3, 9, 9};
    return settings;
}

/// Asks to stop, or fails, when some pictures have been given.
class ShortSource final : public MemorySource
{
public:
    ShortSource(const std::vector<Stored>& pictures, std::stop_source* stop)
        : MemorySource(pictures), m_stop(stop)
    {}
    Expected<std::optional<EncodedPicture>> next() override
    {
        if (--m_left < 0 && !m_stop)
            return failure(ErrorKind::Unreadable, "set.zip is cut short.");
        if (m_left < 0)
            m_stop->request_stop();
        return MemorySource::next();
    }

private:
    std::atomic<int> m_left{20};
    std::stop_source* m_stop;
};

} // namespace

class TestCacheBuild : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anyNumberOfThreadsGivesTheSame();
    void stopsOnTheWay();
    void anErrorOnTheWayEndsIt();
    void theGateHoldsItsBound();
};

void TestCacheBuild::anyNumberOfThreadsGivesTheSame()
{
    std::vector<Stored> pictures = photographs(200);
    pictures[17].bytes = "words";
    pictures[150].bytes = "words";
    std::vector<std::uint8_t> serial;
    for (const int threads : {1, 2, 9}) {
        const TemporaryFolder folder;
        const auto writer = CacheWriter::create(folder.path(), buildKey);
        VERIFY_OK(writer);
        CacheBuild build(**writer, 200, buildSettings(), threads);
        const auto notes =
            build.run([&] { return std::make_unique<MemorySource>(pictures); }, {}, std::stop_token());
        VERIFY_OK(notes);
        QCOMPARE(notes->unreadable.size(), std::size_t{2});
        QCOMPARE(notes->unreadable[0].index, std::int64_t{17});
        const auto made = (*writer)->finish(*notes);
        VERIFY_OK(made);
        const auto all = made->samples->all();
        if (threads == 1)
            serial.assign(all.begin(), all.end());
        QVERIFY(std::ranges::equal(all, serial));
    }
}

void TestCacheBuild::stopsOnTheWay()
{
    const std::vector<Stored> pictures = photographs(200);
    const TemporaryFolder folder;
    const auto writer = CacheWriter::create(folder.path(), buildKey);
    VERIFY_OK(writer);
    std::stop_source stop;
    CacheBuild build(**writer, 200, buildSettings(), 3);
    const auto notes =
        build.run([&] { return std::make_unique<ShortSource>(pictures, &stop); }, {}, stop.get_token());
    QVERIFY(!notes && notes.error().kind == ErrorKind::Cancelled);
}

void TestCacheBuild::anErrorOnTheWayEndsIt()
{
    const std::vector<Stored> pictures = photographs(200);
    const TemporaryFolder folder;
    const auto writer = CacheWriter::create(folder.path(), buildKey);
    VERIFY_OK(writer);
    CacheBuild build(**writer, 200, buildSettings(), 3);
    VERIFY_ERROR(build.run([&] { return std::make_unique<ShortSource>(pictures, nullptr); }, {}, {}),
                 "set.zip is cut short.");
}

void TestCacheBuild::theGateHoldsItsBound()
{
    MemoryGate gate(100);
    std::atomic<int> held{0};
    std::atomic<int> most{0};
    std::atomic<int> together{0}; // beside the one that is larger than the bound
    const auto use = [&](int bytes) {
        const MemoryGate::Pass pass(gate, static_cast<std::uint64_t>(bytes));
        const int now = held += bytes;
        if (now > 100 && now != 500)
            ++together;
        int seen = most;
        while (now > seen && !most.compare_exchange_weak(seen, now)) {
        }
        std::this_thread::yield();
        held -= bytes;
    };
    {
        std::vector<std::jthread> threads;
        for (const int bytes : {30, 40, 60, 500}) {
            threads.emplace_back([&use, bytes] {
                for (int i = 0; i < 300; ++i)
                    use(bytes);
            });
        }
    }
    QCOMPARE(together.load(), 0);
    QCOMPARE(most.load(), 500);
    QCOMPARE(held.load(), 0);
}

QTEST_APPLESS_MAIN(TestCacheBuild)
#include "tst_cachebuild.moc"
