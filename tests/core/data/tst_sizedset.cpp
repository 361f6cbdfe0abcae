// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/catalogue.h"
#include "core/data/pictures/resample.h"
#include "core/data/sizedset.h"
#include "tests/core/data/idxfiles.h"
#include "tests/support/testsupport.h"

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

constexpr std::int64_t trains = 70;
constexpr std::int64_t tests = 9;

std::vector<std::uint8_t> noise(std::size_t count, unsigned seed)
{
    std::vector<std::uint8_t> values(count);
    for (std::uint8_t& value : values)
        value = static_cast<std::uint8_t>((seed = seed * 1103515245u + 12345u) >> 16);
    return values;
}

std::vector<std::int64_t> counted(std::int64_t count)
{
    std::vector<std::int64_t> labels;
    for (std::int64_t i = 0; i < count; ++i)
        labels.push_back(i % 3);
    return labels;
}

/// Colour pictures of 6 rows and 5 columns.
DataSet colours()
{
    DataSet data;
    data.description.classes = {"a", "b", "c"};
    data.description.shape = {3, 6, 5};
    data.description.trainCount = trains;
    data.description.testCount = tests;
    data.description.fingerprint = "of the colours";
    data.train = std::make_shared<ResidentStore>(noise(trains * 90, 1), counted(trains));
    data.test = std::make_shared<ResidentStore>(noise(tests * 90, 2), counted(tests));
    return data;
}

FolderOptions sizeOf(std::int64_t side)
{
    FolderOptions options;
    options.size = side;
    return options;
}

std::vector<std::uint8_t> scaledPlane(const SampleStore& store, std::size_t plane, int side)
{
    const auto bytes = store.samples().subspan(plane * 30, 30);
    return resample({5, 6, {bytes.begin(), bytes.end()}}, side, side).values;
}

} // namespace

class TestSizedSet : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void noSizeIsTheSetItself();
    void everyPlaneIsScaled();
    void comesFromTheCache();
    void stops();
    void aFullCacheIsASentence();
    void namedSetsHaveASize();

private:
    std::unique_ptr<TemporaryFolder> m_folder;
    std::unique_ptr<ScopedVariable> m_cache;
};

void TestSizedSet::init()
{
    m_cache.reset();
    m_folder = std::make_unique<TemporaryFolder>();
    m_cache = std::make_unique<ScopedVariable>("TORCHDESK_CACHE", m_folder->path().string());
}

void TestSizedSet::noSizeIsTheSetItself()
{
    DataSet data = colours();
    data.description.shape = {3, 5, 6};
    QCOMPARE(sizedSet(data, sizeOf(0))->train.get(), data.train.get());
    data.description.shape = {1, 9, 10};
    QVERIFY(isSizedOtherwise(data.description, sizeOf(10)));
    data.description.shape = {1, 10, 10};
    QVERIFY(sizedSet(data, sizeOf(10))->notices.empty());
    QVERIFY(!isSizedOtherwise(data.description, sizeOf(10)));
    QCOMPARE(sizedSet(data, sizeOf(10))->train.get(), data.train.get());
    QVERIFY(!std::filesystem::exists(*m_folder / "pictures"));
}

void TestSizedSet::everyPlaneIsScaled()
{
    const DataSet data = colours();
    for (const int side : {4, 11}) {
        const auto sized = sizedSet(data, sizeOf(side));
        VERIFY_OK(sized);
        QCOMPARE(sized->description, sizedAs(data.description, sizeOf(side)));
        QCOMPARE(sized->description.shape, (Shape{3, side, side}));
        QVERIFY(sized->description.fingerprint != data.description.fingerprint);
        QCOMPARE(sized->notices.size(), std::size_t{1});
        QCOMPARE(sized->train->count(), trains);
        QCOMPARE(sized->test->count(), tests);
        const auto plane = static_cast<std::size_t>(side * side);
        for (const bool train : {true, false}) {
            const SampleStore& from = train ? *data.train : *data.test;
            const SampleStore& to = train ? *sized->train : *sized->test;
            QVERIFY(std::ranges::equal(to.labels(), from.labels()));
            QCOMPARE(to.samples().size(), static_cast<std::size_t>(from.count()) * 3 * plane);
            for (std::size_t i = 0; i < static_cast<std::size_t>(from.count()) * 3; ++i)
                QVERIFY(
                    std::ranges::equal(to.samples().subspan(i * plane, plane), scaledPlane(from, i, side)));
        }
    }
}

// The second time other bytes under the same fingerprint are not looked at.
void TestSizedSet::comesFromTheCache()
{
    DataSet data = colours();
    int words = 0;
    const Progress progress = [&](double, const std::string& what) { words += what == "scaling pictures"; };
    VERIFY_OK(sizedSet(data, sizeOf(8), progress));
    QVERIFY(words > 0);
    words = 0;
    data.train = std::make_shared<ResidentStore>(std::vector<std::uint8_t>(trains * 90), counted(trains));
    const auto again = sizedSet(data, sizeOf(8), progress);
    VERIFY_OK(again);
    QCOMPARE(words, 0);
    QVERIFY(std::ranges::any_of(again->train->samples(), [](std::uint8_t byte) { return byte != 0; }));
}

void TestSizedSet::stops()
{
    std::stop_source stop;
    const auto early = [&](double, const std::string&) { stop.request_stop(); };
    const auto stopped = sizedSet(colours(), sizeOf(8), early, stop.get_token());
    QVERIFY(!stopped && stopped.error().kind == ErrorKind::Cancelled);
    QVERIFY(std::filesystem::is_empty(*m_folder / "pictures"));
    VERIFY_OK(sizedSet(colours(), sizeOf(8)));
}

void TestSizedSet::aFullCacheIsASentence()
{
    const ScopedVariable small("TORCHDESK_CACHE_GB", "0.001");
    VERIFY_ERROR(sizedSet(colours(), sizeOf(128)), "TORCHDESK_CACHE_GB");
}

void TestSizedSet::namedSetsHaveASize()
{
    const std::filesystem::path folder = *m_folder / "mnist"; // not the cache's
    for (const std::string part : {"train", "t10k"}) {
        writeFile(folder / (part + "-images-idx3-ubyte"), idxFile({20, 28, 28}));
        writeFile(folder / (part + "-labels-idx1-ubyte"), idxFile({20}, 10));
    }
    DataRequest request{"mnist", folder, {}, {3, 224, 224}};
    const auto own = openData(request);
    QCOMPARE(own->description.shape, (Shape{1, 28, 28}));
    request.pictures.size = 28; // as it is: one copy
    QCOMPARE(openData(request)->train.get(), own->train.get());
    for (const std::string& data : {std::string("mnist"), folder.string()}) {
        request.data = data;
        request.pictures.size = 40;
        double last = 0;
        const auto sized = openData(request, [&](double share, const std::string&) {
            QVERIFY(share >= last && share <= 1);
            last = share;
        });
        VERIFY_OK(sized);
        QCOMPARE(sized->description.shape, (Shape{1, 40, 40}));
        QCOMPARE(preprocessingFor(*sized).picture, std::string("digit"));
        QCOMPARE(sized->train.get(), openData(request)->train.get()); // one copy
    }
}

QTEST_APPLESS_MAIN(TestSizedSet)
#include "tst_sizedset.moc"
