// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device/memorygrowth.h"
#include "core/engine/keptheap.h"

#include <QTest>
#include <cstring>
#include <memory>
#include <sys/resource.h>

using namespace torchdesk;

namespace {

constexpr std::size_t bytes = std::size_t{100} << 20;

/// Page faults of asking for a large piece \p times times, touching it and freeing it again.
long faults(int times)
{
    rusage before{};
    rusage after{};
    getrusage(RUSAGE_SELF, &before);
    for (int i = 0; i < times; ++i) {
        const std::unique_ptr<char[]> piece(new char[bytes]);
        std::memset(piece.get(), i + 1, bytes);
        asm volatile("" : : "r"(piece.get()) : "memory");
    }
    getrusage(RUSAGE_SELF, &after);
    return after.ru_minflt - before.ru_minflt;
}

} // namespace

class TestKeptHeap : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsWhatIsFreed();
};

/// The same piece again costs no page faults while one lives, and the last one gives everything back.
void TestKeptHeap::keepsWhatIsFreed()
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
    QSKIP("The heap here is not glibc's");
#else
    const std::uint64_t before = residentBytes();
    {
        const KeptHeap outer;
        const KeptHeap inner;
        faults(1);
        QVERIFY(residentBytes() > before + bytes / 2);
        QVERIFY(faults(10) < 1000);
    }
    QVERIFY(residentBytes() < before + bytes / 2);
#endif
}

QTEST_GUILESS_MAIN(TestKeptHeap)
#include "tst_keptheap.moc"
