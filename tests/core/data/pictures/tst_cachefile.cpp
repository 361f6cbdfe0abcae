// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/cachefile.h"
#include "core/data/pictures/cachefolder.h"
#include "tests/support/testsupport.h"

#include <chrono>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

namespace fs = std::filesystem;

const CacheKey key{std::string(64, 'a'), 3, 4};
const CacheNotes someNotes{PictureRange{5, 900}, {{1, "b/2.png", "b/2.png is damaged."}}, {0, 2}};

Expected<OpenedCache> written(const fs::path& folder, const CacheKey& as = key)
{
    auto writer = CacheWriter::create(folder, as);
    if (!writer)
        return failure(writer);
    for (const std::int64_t index : {2, 0}) {
        const std::vector<std::uint8_t> sample(4, static_cast<std::uint8_t>(10 + index));
        if (auto put = (*writer)->put(index, sample); !put)
            return failure(put);
    }
    return (*writer)->finish(someNotes);
}

std::vector<std::uint8_t> pixels(const MappedSamples& samples)
{
    return {samples.all().begin(), samples.all().end()};
}

std::string content(const fs::path& file)
{
    return readText(file).value();
}

std::size_t filesIn(const fs::path& folder)
{
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

void age(const fs::path& file, int hours)
{
    fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(hours));
}

} // namespace

class TestCacheFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goesThroughTheDisk();
    void everyDamageIsSeen();
    void anotherKeyIsNotBelieved();
    void whatIsNotFinishedIsGone();
    void aStoreIsARunOfSamples();
    void theOldestIsRemoved();
    void whatIsInUseStays();
    void whatWasBrokenOffIsRemoved();
    void theLimitIsRead();
};

void TestCacheFile::goesThroughTheDisk()
{
    const TemporaryFolder folder;
    const auto made = written(folder.path());
    VERIFY_OK(made);
    const auto opened = openCacheFile(folder.path(), key);
    QVERIFY(opened.has_value());
    const std::vector<std::uint8_t> wanted{10, 10, 10, 10, 0, 0, 0, 0, 12, 12, 12, 12};
    QCOMPARE(pixels(*made->samples), wanted);
    QCOMPARE(pixels(*opened->samples), wanted);
    QVERIFY(opened->notes == someNotes);
    QCOMPARE(filesIn(folder.path()), std::size_t{1});
}

void TestCacheFile::everyDamageIsSeen()
{
    const TemporaryFolder folder;
    VERIFY_OK(written(folder.path()));
    const fs::path file = folder / cacheFileName(key);
    const std::string whole = content(file);
    QVERIFY(openCacheFile(folder.path(), key).has_value());
    for (std::size_t at = 0; at<whole.size(); at += at> 120 && at < 4080 ? 512 : 1) {
        std::string damaged = whole;
        damaged[at] ^= 0x10;
        writeFile(file, damaged);
        // The rest of the header's page is empty, and nobody reads it.
        QVERIFY2(openCacheFile(folder.path(), key).has_value() == (at >= 112 && at < 4096),
                 std::to_string(at).c_str());
    }
    for (std::size_t size = 0; size < whole.size(); size += 97) {
        writeFile(file, whole.substr(0, size));
        QVERIFY(!openCacheFile(folder.path(), key));
    }
    writeFile(file, whole + "x");
    QVERIFY(!openCacheFile(folder.path(), key));
    writeFile(file, whole);
    QVERIFY(openCacheFile(folder.path(), key).has_value());
}

void TestCacheFile::anotherKeyIsNotBelieved()
{
    const TemporaryFolder folder;
    VERIFY_OK(written(folder.path()));
    CacheKey other = key;
    other.name.back() = 'b';
    QVERIFY(!openCacheFile(folder.path(), other));
    fs::copy_file(folder / cacheFileName(key), folder / cacheFileName(other));
    QVERIFY(!openCacheFile(folder.path(), other));
}

void TestCacheFile::whatIsNotFinishedIsGone()
{
    const TemporaryFolder folder;
    {
        const auto writer = CacheWriter::create(folder.path(), key);
        VERIFY_OK(writer);
        QCOMPARE(filesIn(folder.path()), std::size_t{1});
    }
    QCOMPARE(filesIn(folder.path()), std::size_t{0});
    VERIFY_ERROR(CacheWriter::create(folder / "absent", key), "Cannot keep the decoded pictures in");
    // Two at once: each has a file of its own, and the last one to be ready stays.
    auto first = CacheWriter::create(folder.path(), key);
    auto second = CacheWriter::create(folder.path(), key);
    VERIFY_OK(first);
    VERIFY_OK(second);
    VERIFY_OK((*first)->put(1, std::vector<std::uint8_t>(4, 7)));
    VERIFY_OK((*second)->put(1, std::vector<std::uint8_t>(4, 7)));
    const auto one = (*first)->finish({});
    const auto two = (*second)->finish({});
    VERIFY_OK(one);
    VERIFY_OK(two);
    QCOMPARE(pixels(*one->samples), pixels(*two->samples));
    QCOMPARE(filesIn(folder.path()), std::size_t{1});
}

void TestCacheFile::aStoreIsARunOfSamples()
{
    const TemporaryFolder folder;
    const auto made = written(folder.path());
    VERIFY_OK(made);
    const MappedStore store(made->samples, 1, {4, 5});
    QCOMPARE(store.count(), std::int64_t{2});
    QCOMPARE(store.samples().size(), std::size_t{8});
    std::vector<std::uint8_t> batch(8);
    gather(store, 4, std::vector<std::int64_t>{1, 0}, batch);
    QCOMPARE(batch, (std::vector<std::uint8_t>{12, 12, 12, 12, 0, 0, 0, 0}));
}

void TestCacheFile::theOldestIsRemoved()
{
    const TemporaryFolder folder;
    for (const char* name : {"old.pictures", "older.pictures", "new.pictures", "no cache.txt"})
        writeFile(folder / name, std::string(1000, 'x'));
    age(folder / "older.pictures", 3);
    age(folder / "old.pictures", 2);
    age(folder / "no cache.txt", 4);
    VERIFY_OK(makeRoom(folder.path(), 1000, 4000));
    QCOMPARE(filesIn(folder.path()), std::size_t{4});
    VERIFY_OK(makeRoom(folder.path(), 1000, 3999));
    QVERIFY(!fs::exists(folder / "older.pictures"));
    VERIFY_OK(makeRoom(folder.path(), 2500, 3600));
    QVERIFY(!fs::exists(folder / "old.pictures"));
    QVERIFY(fs::exists(folder / "new.pictures") && fs::exists(folder / "no cache.txt"));
    VERIFY_ERROR(
        makeRoom(folder.path(), 30'000'000'000, 20'000'000'000),
        "The pictures in this size take 30.0 GB, the cache may have 20.0 GB. Set TORCHDESK_CACHE_GB to 30 or "
        "more, or choose a smaller size of picture.");
    QVERIFY(fs::exists(folder / "new.pictures"));
    // To open a file is to use it.
    VERIFY_OK(written(folder.path()));
    const fs::path file = folder / cacheFileName(key);
    age(file, 5);
    QVERIFY(openCacheFile(folder.path(), key).has_value());
    VERIFY_OK(makeRoom(folder.path(), 10, fs::file_size(file) + 100));
    QVERIFY(fs::exists(file) && !fs::exists(folder / "new.pictures"));
}

void TestCacheFile::whatIsInUseStays()
{
    const TemporaryFolder folder;
    {
        const auto inUse = written(folder.path());
        VERIFY_OK(inUse);
        VERIFY_OK(makeRoom(folder.path(), 10, 10));
        QVERIFY(fs::exists(folder / cacheFileName(key)));
    }
    {
        const auto opened = openCacheFile(folder.path(), key);
        VERIFY_OK(makeRoom(folder.path(), 10, 10));
        QVERIFY(fs::exists(folder / cacheFileName(key)));
    }
    VERIFY_OK(makeRoom(folder.path(), 10, 10));
    QCOMPARE(filesIn(folder.path()), std::size_t{0});
}

void TestCacheFile::whatWasBrokenOffIsRemoved()
{
    const TemporaryFolder folder;
    writeFile(folder / "broken.1.0.part", "what a killed process leaves");
    const auto writer = CacheWriter::create(folder.path(), key);
    VERIFY_OK(writer);
    VERIFY_OK(makeRoom(folder.path(), 10, 1000));
    QVERIFY(!fs::exists(folder / "broken.1.0.part"));
    QCOMPARE(filesIn(folder.path()), std::size_t{1}); // the one that is being made
    VERIFY_OK((*writer)->finish({}));
}

void TestCacheFile::theLimitIsRead()
{
    const ScopedVariable unset("TORCHDESK_CACHE_GB", "");
    QCOMPARE(*cacheLimit(), std::uint64_t{20'000'000'000});
    const ScopedVariable half("TORCHDESK_CACHE_GB", "0.5");
    QCOMPARE(*cacheLimit(), std::uint64_t{500'000'000});
    for (const char* wrong : {"0", "-1", "many", "nan", "1e30"}) {
        const ScopedVariable set("TORCHDESK_CACHE_GB", wrong);
        VERIFY_ERROR(cacheLimit(), "a number of gigabytes above 0 was wanted");
    }
}

QTEST_APPLESS_MAIN(TestCacheFile)
#include "tst_cachefile.moc"
