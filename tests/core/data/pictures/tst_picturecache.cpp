// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/picturecache.h"
#include "tests/core/data/pictures/encodetiff.h"
#include "tests/core/data/pictures/memorysource.h"
#include "tests/support/testsupport.h"

#include <algorithm>
#include <csignal>
#include <sys/resource.h>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

namespace fs = std::filesystem;

OpenPictures opener(const std::vector<Stored>& pictures, int& opened)
{
    return [&pictures, &opened]() -> Expected<std::unique_ptr<PictureSource>> {
        ++opened;
        return std::make_unique<MemorySource>(pictures);
    };
}

std::string deepPng(const std::vector<std::uint16_t>& values)
{
    std::string rows;
    for (const std::uint16_t value : values) {
        rows += static_cast<char>(value >> 8);
        rows += static_cast<char>(value & 255);
    }
    return encodePng({static_cast<int>(values.size()), 1, 16, 0, rows, {}});
}

PictureSettings settings(const Shape& shape, const std::string& fit = "crop")
{
    PictureSettings value;
    value.shape = shape;
    value.fit = fit;
    return value;
}

std::vector<std::uint8_t> sampleOf(const CachedPictures& cached, std::int64_t index)
{
    const auto part = cached.samples->part(index, 1);
    return {part.begin(), part.end()};
}

} // namespace

class TestPictureCache : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void samplesAreThoseOfToSample();
    void theSecondTimeNothingIsDecoded();
    void settingsHaveFilesOfTheirOwn();
    void damagedCachesAreMadeAgain();
    void unreadablePicturesAreListed();
    void sixteenBitsHaveOneRange();
    void aGivenRangeIsKept();
    void morePagesAreSaid();
    void aBrokenSetIsAnError();
    void stops();
    void aFullDiskIsASentence();
    void refusesWhatCannotBe();

private:
    std::unique_ptr<TemporaryFolder> m_folder;
    std::unique_ptr<ScopedVariable> m_cache;
    int m_opened = 0;
};

void TestPictureCache::init()
{
    m_cache.reset();
    m_folder = std::make_unique<TemporaryFolder>();
    m_cache = std::make_unique<ScopedVariable>("TORCHDESK_CACHE", m_folder->path().string());
    m_opened = 0;
}

void TestPictureCache::samplesAreThoseOfToSample()
{
    const std::vector<Stored> pictures = photographs(60);
    for (const std::string fit : {"crop", "fill", "squash"}) {
        const PictureSettings wanted = settings({3, 9, 9}, fit);
        const auto cached = cachePictures("a", opener(pictures, m_opened), 60, wanted);
        VERIFY_OK(cached);
        QVERIFY(cached->unreadable.empty() && !cached->range && !cached->fromCache);
        QCOMPARE(cached->samples->count(), std::int64_t{60});
        Preprocessing rules;
        rules.shape = wanted.shape;
        rules.picture = fit;
        for (std::int64_t i = 0; i < 60; ++i) {
            const std::string& bytes = pictures[static_cast<std::size_t>(i)].bytes;
            const auto picture = decodePicture(std::as_bytes(std::span(bytes)), "", wishFor(rules));
            VERIFY_OK(picture);
            QVERIFY(sampleOf(*cached, i) == toSample(*picture, rules));
        }
    }
    QCOMPARE(m_opened, 3);
}

void TestPictureCache::theSecondTimeNothingIsDecoded()
{
    const std::vector<Stored> pictures = photographs(5);
    const auto first = cachePictures("a", opener(pictures, m_opened), 5, settings({3, 8, 8}));
    VERIFY_OK(first);
    const auto second = cachePictures("a", opener(pictures, m_opened), 5, settings({3, 8, 8}));
    VERIFY_OK(second);
    QCOMPARE(m_opened, 1);
    QVERIFY(second->fromCache);
    QVERIFY(std::ranges::equal(first->samples->all(), second->samples->all()));
}

void TestPictureCache::settingsHaveFilesOfTheirOwn()
{
    const std::vector<Stored> pictures = photographs(2);
    const auto make = [&](const std::string& fingerprint, const PictureSettings& wanted) {
        return cachePictures(fingerprint, opener(pictures, m_opened), 2, wanted).has_value();
    };
    PictureSettings ranged = settings({3, 8, 8});
    ranged.range = PictureRange{1, 2};
    QVERIFY(make("a", settings({3, 8, 8})) && make("b", settings({3, 8, 8})));
    QVERIFY(make("a", settings({3, 8, 9})) && make("a", settings({1, 8, 8})));
    QVERIFY(make("a", settings({3, 8, 8}, "fill")) && make("a", ranged));
    QCOMPARE(m_opened, 6);
    QVERIFY(make("a", settings({3, 8, 8}, "squash")) && make("a", settings({3, 8, 8}, "fit")));
    QCOMPARE(m_opened, 7);
}

void TestPictureCache::damagedCachesAreMadeAgain()
{
    const std::vector<Stored> pictures = photographs(4);
    std::vector<std::uint8_t> pixels;
    for (int round = 0; round < 3; ++round) {
        const auto cached = cachePictures("a", opener(pictures, m_opened), 4, settings({1, 8, 8}));
        VERIFY_OK(cached);
        QCOMPARE(m_opened, round + 1);
        if (round == 0)
            pixels.assign(cached->samples->all().begin(), cached->samples->all().end());
        QVERIFY(std::ranges::equal(cached->samples->all(), pixels));
        const fs::path file = fs::directory_iterator(*m_folder / "pictures")->path();
        std::string content = readText(file).value();
        if (round == 0)
            content[4096 + 70] ^= 1;
        else
            content.resize(content.size() / 2);
        fs::remove(file); // what is mapped stays as it is
        writeFile(file, content);
    }
}

void TestPictureCache::unreadablePicturesAreListed()
{
    std::vector<Stored> pictures = photographs(7);
    pictures[1].bytes = "words";
    pictures[3] = {"gone.png", "", "gone.png: No such file."};
    pictures[5].bytes.resize(pictures[5].bytes.size() / 2);
    pictures[6].bytes.clear();
    for (int round = 0; round < 2; ++round) {
        const auto cached = cachePictures("a", opener(pictures, m_opened), 7, settings({1, 8, 8}));
        VERIFY_OK(cached);
        QCOMPARE(cached->unreadable.size(), std::size_t{4});
        QCOMPARE(cached->unreadable[0].index, std::int64_t{1});
        QVERIFY(cached->unreadable[0].reason.starts_with("p1 is no PNG, JPEG or TIFF picture: it begins"));
        QVERIFY(cached->unreadable[1] == (UnreadablePicture{3, "gone.png", "gone.png: No such file."}));
        QVERIFY(cached->unreadable[2].reason.starts_with("p5 is a damaged JPEG picture, or cut short"));
        QCOMPARE(cached->unreadable[3].reason, std::string("p6 is empty."));
        QCOMPARE(sampleOf(*cached, 1), std::vector<std::uint8_t>(64));
        QVERIFY(sampleOf(*cached, 0) != std::vector<std::uint8_t>(64));
    }
    QCOMPARE(m_opened, 1);
    // The set says eight, but one does not come.
    const auto cached = cachePictures("b", opener(pictures, m_opened), 8, settings({1, 8, 8}));
    VERIFY_OK(cached);
    QCOMPARE(cached->unreadable.back().index, std::int64_t{7});
    QVERIFY(cached->unreadable.back().reason.starts_with("picture 8 was not there any more"));
}

void TestPictureCache::sixteenBitsHaveOneRange()
{
    std::vector<Stored> pictures = {
        {"a", deepPng({100, 300})},
        {"b", deepPng({500, 200})},
        {"c", encodePng(Picture{2, 1, 1, {3, 250}})},
        {"d", encodeTiff({2, 1, 16, 1, bytesOf(std::vector<std::uint16_t>{610, 100})})},
    };
    for (int round = 0; round < 2; ++round) {
        const auto cached = cachePictures("a", opener(pictures, m_opened), 4, settings({1, 1, 2}));
        VERIFY_OK(cached);
        QVERIFY(cached->range == (PictureRange{100, 610}));
        // (v - 100) × 255 / 510
        QVERIFY(std::ranges::equal(cached->samples->all(),
                                   std::vector<std::uint8_t>{0, 100, 200, 50, 3, 250, 255, 0}));
    }
    QCOMPARE(m_opened, 2); // twice for the first, none for the second
    for (const std::uint16_t value : {std::uint16_t{0}, std::uint16_t{700}, std::uint16_t{65535}}) {
        const std::vector<Stored> flat = {{"a", deepPng({value, value})}};
        const auto cached =
            cachePictures(std::to_string(value), opener(flat, m_opened), 1, settings({1, 1, 2}));
        VERIFY_OK(cached);
        QVERIFY(cached->range && cached->range->low < cached->range->high && cached->range->high <= 65535);
    }
}

void TestPictureCache::aGivenRangeIsKept()
{
    const std::vector<Stored> pictures = {{"a", deepPng({0, 150})}};
    PictureSettings ranged = settings({1, 1, 2});
    ranged.range = PictureRange{100, 200};
    const auto cached = cachePictures("a", opener(pictures, m_opened), 1, ranged);
    VERIFY_OK(cached);
    QCOMPARE(m_opened, 1);
    QVERIFY(cached->range == ranged.range);
    QCOMPARE(sampleOf(*cached, 0), (std::vector<std::uint8_t>{0, 128}));
}

void TestPictureCache::morePagesAreSaid()
{
    TiffContent pages{2, 1, 8, 1, "ab"};
    pages.pages = 2;
    const std::vector<Stored> pictures = {
        {"a", encodeTiff(pages)}, {"b", encodeTiff({2, 1, 8, 1, "cd"})}, {"c", encodeTiff(pages)}};
    const auto cached = cachePictures("a", opener(pictures, m_opened), 3, settings({1, 1, 2}));
    VERIFY_OK(cached);
    QCOMPARE(cached->morePages, (std::vector<std::int64_t>{0, 2}));
    QCOMPARE(sampleOf(*cached, 2), (std::vector<std::uint8_t>{'a', 'b'}));
}

void TestPictureCache::aBrokenSetIsAnError()
{
    class Broken final : public PictureSource
    {
        std::int64_t count() const override { return 2; }
        Expected<std::optional<EncodedPicture>> next() override
        {
            return failure(ErrorKind::Unreadable, "set.zip is cut short.");
        }
        std::string unreadable(std::int64_t) const override { return {}; }
    };
    const OpenPictures broken = []() -> Expected<std::unique_ptr<PictureSource>> {
        return std::make_unique<Broken>();
    };
    VERIFY_ERROR(cachePictures("a", broken, 2, settings({1, 8, 8})), "set.zip is cut short.");
    const OpenPictures absent = []() -> Expected<std::unique_ptr<PictureSource>> {
        return failure(ErrorKind::NotFound, "set.zip is gone.");
    };
    VERIFY_ERROR(cachePictures("a", absent, 2, settings({1, 8, 8})), "set.zip is gone.");
    QVERIFY(fs::is_empty(*m_folder / "pictures"));
}

void TestPictureCache::stops()
{
    const std::vector<Stored> pictures = photographs(20);
    std::stop_source stop;
    stop.request_stop();
    const auto cached =
        cachePictures("a", opener(pictures, m_opened), 20, settings({1, 8, 8}), {}, stop.get_token());
    QVERIFY(!cached && cached.error().kind == ErrorKind::Cancelled);
    QVERIFY(fs::is_empty(*m_folder / "pictures"));
}

void TestPictureCache::aFullDiskIsASentence()
{
    const std::vector<Stored> pictures = photographs(20);
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const rlimit small{10'000, before.rlim_max};
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small); // the system's own refusal to let a file grow
    const auto cached = cachePictures("a", opener(pictures, m_opened), 20, settings({3, 32, 32}));
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    QVERIFY(!cached && cached.error().kind == ErrorKind::DiskFull);
    VERIFY_ERROR(cached, "Cannot keep the decoded pictures in");
    VERIFY_ERROR(cached, "Free some space");
    QVERIFY(fs::is_empty(*m_folder / "pictures"));
    const ScopedVariable limit("TORCHDESK_CACHE_GB", "0.00001");
    VERIFY_ERROR(cachePictures("a", opener(pictures, m_opened), 20, settings({3, 32, 32})),
                 "The pictures in this size take 61.4 kB, the cache may have 10.0 kB.");
}

void TestPictureCache::refusesWhatCannotBe()
{
    const std::vector<Stored> pictures = photographs(1);
    const auto make = [&](std::int64_t count, const PictureSettings& wanted) {
        return cachePictures("a", opener(pictures, m_opened), count, wanted);
    };
    VERIFY_ERROR(make(0, settings({1, 8, 8})), "The set has 0 pictures");
    VERIFY_ERROR(make(1, settings({2, 8, 8})), "Pictures of 2×8×8 cannot be kept");
    VERIFY_ERROR(make(1, settings({1, 8})), "Pictures of 1×8 cannot be kept");
    VERIFY_ERROR(make(1, settings({1, 8, 100'000})), "from 1 to 16384 were wanted");
    VERIFY_ERROR(make(1, settings({1, 8, 8}, "stretch")), "Pictures cannot be fitted by \"stretch\"");
    QCOMPARE(m_opened, 0);
}

QTEST_APPLESS_MAIN(TestPictureCache)
#include "tst_picturecache.moc"
