// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/philox.h"
#include "core/data/idx.h"
#include "tests/core/data/idxfiles.h"
#include "tests/support/testsupport.h"

#include <fstream>
#include <zlib.h>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

std::string packed(const std::string& plain, int level = 6)
{
    z_stream stream{};
    deflateInit2(&stream, level, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, plain.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

Expected<IdxArray> parse(const std::string& text)
{
    return parseIdx(std::as_bytes(std::span(text)), "images");
}

/// Not synced, as the many files of a loop need not be.
void write(const std::filesystem::path& file, const std::string& content)
{
    std::ofstream(file, std::ios::binary) << content;
}

/// Changes one to four bytes, and sometimes the length.
std::string mutated(std::string text, std::uint32_t number)
{
    Random random(7, Purpose::Augmentation, 0, number);
    for (std::uint32_t i = 0, changes = 1 + random.below(4); i < changes; ++i)
        text[random.below(static_cast<std::uint32_t>(text.size()))] = static_cast<char>(random.below(256));
    if (random.below(3) == 0)
        text.resize(random.below(static_cast<std::uint32_t>(text.size())));
    return text;
}

/// A value that was read must be what its sizes say.
bool isConsistent(const IdxArray& array)
{
    std::int64_t count = 1;
    for (const std::int64_t size : array.sizes)
        count *= size;
    return count == static_cast<std::int64_t>(array.values.size());
}

} // namespace

class TestIdx : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsSizesAndValues();
    void readsPlainAndPackedFiles();
    void readsSeveralPackedMembers();
    void refusesEveryCut();
    void refusesEveryPackedCut();
    void refusesWrongMagicAndTypes();
    void refusesCountsThatDisagree();
    void refusesHugeCountsBeforeTakingMemory();
    void refusesDamagedPacking();
    void stopsUnpackingAtTheHeadersCount();
    void stopsUnpackingWhatIsNoIdx();
    void namesAMissingFile();
    void survivesMutants();
};

void TestIdx::readsSizesAndValues()
{
    const auto array = parse(idxFile({2, 3, 4}));
    VERIFY_OK(array);
    QCOMPARE(array->sizes, (std::vector<std::int64_t>{2, 3, 4}));
    QCOMPARE(array->values.size(), std::size_t{24});
    QCOMPARE(array->values[23], std::uint8_t{23});
    const auto none = parse(idxFile({0}));
    VERIFY_OK(none);
    QVERIFY(none->values.empty());
}

void TestIdx::readsPlainAndPackedFiles()
{
    const TemporaryFolder folder;
    const std::string plain = idxFile({50, 28, 28});
    writeFile(folder / "plain.gz", plain); // told by its bytes, not by its name
    writeFile(folder / "packed", packed(plain));
    for (const char* name : {"plain.gz", "packed"}) {
        const auto array = readIdx(folder / name);
        VERIFY_OK(array);
        QCOMPARE(array->values.size(), std::size_t{50 * 28 * 28});
        QCOMPARE(array->values[1000], static_cast<std::uint8_t>(1000 % 256));
    }
}

void TestIdx::readsSeveralPackedMembers()
{
    const TemporaryFolder folder;
    const std::string plain = idxFile({100});
    writeFile(folder / "labels", packed(plain.substr(0, 5)) + packed(plain.substr(5)));
    const auto array = readIdx(folder / "labels");
    VERIFY_OK(array);
    QCOMPARE(array->values.size(), std::size_t{100});
}

void TestIdx::refusesEveryCut()
{
    const std::string whole = idxFile({2, 3, 4});
    for (std::size_t size = 0; size < whole.size(); ++size)
        VERIFY_ERROR(parse(whole.substr(0, size)), "images is cut short");
    VERIFY_ERROR(parse(whole.substr(0, 20)),
                 "images is cut short: its header counts 2×3×4 = 24 values, 4 follow. Fetch the file again.");
}

void TestIdx::refusesEveryPackedCut()
{
    const TemporaryFolder folder;
    const std::string whole = packed(idxFile({2, 3, 4}));
    for (std::size_t size = 2; size < whole.size(); ++size) {
        write(folder / "cut", whole.substr(0, size));
        VERIFY_ERROR(readIdx(folder / "cut"), "cut is cut short: its gzip data ends too early");
    }
}

void TestIdx::refusesWrongMagicAndTypes()
{
    VERIFY_ERROR(parse("%PDF-1.4 and more"), "images is no IDX file: it begins with 25 50 44 46, 00 00 08");
    VERIFY_ERROR(parse(idxHeader({1}, 0x0d) + "abcd"),
                 "images holds floats (element type 0x0d), unsigned bytes (0x08)");
    VERIFY_ERROR(parse(idxHeader({1}, 0x42) + "a"), "an unknown type (element type 0x42)");
    VERIFY_ERROR(parse(std::string({0, 0, 8, 0})), "has 0 dimensions in its header, 1 to 4 were wanted");
    VERIFY_ERROR(parse(idxFile({1, 1, 1, 1, 1})), "has 5 dimensions");
}

void TestIdx::refusesCountsThatDisagree()
{
    VERIFY_ERROR(parse(idxFile({2, 3, 4}) + "more"),
                 "images has too many bytes: its header counts 2×3×4 = 24 values, 28 follow.");
    VERIFY_ERROR(parse(idxHeader({0, 28, 28}) + "x"), "too many bytes");
}

void TestIdx::refusesHugeCountsBeforeTakingMemory()
{
    VERIFY_ERROR(parse(idxHeader({4294967295u, 4294967295u, 4294967295u}) + "x"),
                 "counts 4294967295×4294967295×4294967295 values in its header, more than the 1.1 GB");
    VERIFY_ERROR(parse(idxHeader({32768, 32768}) + "x"), "is cut short: its header counts 32768×32768");
    VERIFY_ERROR(parse(idxHeader({0, 4294967295u, 4294967295u}) + "x"), "too many bytes");
}

void TestIdx::refusesDamagedPacking()
{
    const TemporaryFolder folder;
    const std::string whole = packed(idxFile({100}));
    std::string wrongSum = whole;
    wrongSum[whole.size() - 6] ^= 0x10;
    writeFile(folder / "sum", wrongSum);
    VERIFY_ERROR(readIdx(folder / "sum"), "sum is damaged: gzip cannot unpack it at byte");
    writeFile(folder / "tail", whole + "rubbish behind the end");
    VERIFY_ERROR(readIdx(folder / "tail"), "tail is damaged");
    writeFile(folder / "method", std::string("\x1f\x8b\x07") + whole.substr(3));
    VERIFY_ERROR(readIdx(folder / "method"), "method is damaged");
}

void TestIdx::stopsUnpackingAtTheHeadersCount()
{
    const TemporaryFolder folder;
    // 64 MB of zeros in some 64 KB, behind a header that counts ten bytes.
    writeFile(folder / "bomb", packed(idxHeader({10}) + std::string(64 << 20, '\0'), 9));
    VERIFY_ERROR(readIdx(folder / "bomb"), "bomb unpacks to more than the 18 bytes that its header allows");
}

void TestIdx::stopsUnpackingWhatIsNoIdx()
{
    const TemporaryFolder folder;
    writeFile(folder / "text", packed(std::string(1 << 20, 'x')));
    VERIFY_ERROR(readIdx(folder / "text"), "text is no IDX file: it begins with 78 78 78 78");
    writeFile(folder / "huge", packed(idxHeader({4294967295u, 4294967295u}) + std::string(1 << 20, 'x')));
    VERIFY_ERROR(readIdx(folder / "huge"), "counts 4294967295×4294967295 values");
}

void TestIdx::namesAMissingFile()
{
    const TemporaryFolder folder;
    VERIFY_ERROR(readIdx(folder / "absent"), "absent: No such file");
    VERIFY_ERROR(readIdx(folder.path()), "is a folder");
}

void TestIdx::survivesMutants()
{
    const TemporaryFolder folder;
    const std::string plain = idxFile({3, 5, 4});
    const std::string small = packed(plain);
    int refused = 0;
    for (std::uint32_t i = 0; i < 10'000; ++i) {
        const auto array = parse(mutated(plain, i));
        refused += !array;
        QVERIFY(!array || isConsistent(*array));
    }
    QVERIFY(refused > 2500);
    for (std::uint32_t i = 0; i < 1500; ++i) {
        write(folder / "mutant", mutated(small, i));
        const auto array = readIdx(folder / "mutant");
        QVERIFY(!array || isConsistent(*array));
        QVERIFY(array || !array.error().message.empty());
    }
}

QTEST_APPLESS_MAIN(TestIdx)
#include "tst_idx.moc"
