// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/philox.h"
#include "core/data/folder/archivereader.h"
#include "core/data/folder/folderscan.h"
#include "tests/core/data/folder/foldersupport.h"
#include "tests/support/testsupport.h"

#include <clocale>

using namespace torchdesk;
using namespace torchdesk::test;

namespace fs = std::filesystem;

namespace {

/// Of each format; 10,200 in all where a fault cannot pass unseen.
#ifdef __SANITIZE_ADDRESS__
constexpr std::uint32_t mutants = 3400;
#else
constexpr std::uint32_t mutants = 700;
#endif

/// The archive's names in order, read to the end; the error where it breaks off.
Expected<std::vector<std::string>> namesIn(const fs::path& file, const ArchiveLimits& limits = {})
{
    auto archive = ArchiveReader::open(file, limits);
    if (!archive)
        return failure(archive);
    std::vector<std::string> names;
    for (;;) {
        const auto entry = archive->next();
        if (!entry)
            return failure(entry);
        if (!*entry)
            return names;
        names.push_back((*entry)->path + ((*entry)->leadsOut ? "!" : ""));
        if (const auto content = archive->read(); !content)
            return failure(content);
    }
}

std::vector<PackedEntry> smallSet()
{
    std::vector<PackedEntry> entries = {{"s/", {}, {}, {}}, {"s/a/link.png", {}, "../../x", {}}};
    for (int i = 0; i < 3; ++i) {
        entries.push_back({"s/a/" + std::to_string(i) + ".png", pngOf(i), {}, {}});
        entries.push_back({"s/b/" + std::to_string(i) + ".png", pngOf(i + 1000), {}, {}});
    }
    entries.push_back({"s/b/hard.png", {}, {}, "s/b/0.png"});
    return entries;
}

/// Changes a few bytes, cuts, doubles a piece.
std::string damagedCopy(std::string bytes, Random& random)
{
    const auto somewhere = [&] { return random.below(static_cast<std::uint32_t>(bytes.size())); };
    for (std::uint32_t edits = 1 + random.below(6); edits > 0 && !bytes.empty(); --edits) {
        const std::size_t at = somewhere();
        switch (random.below(8)) {
        case 0:
            bytes.resize(at);
            break;
        case 1:
            bytes.insert(at, bytes.substr(somewhere(), random.below(64)));
            break;
        case 2:
            bytes.erase(at, 1 + random.below(16));
            break;
        case 3:
            for (std::size_t i = at; i < std::min(bytes.size(), at + 4); ++i)
                bytes[i] = '\xff';
            break;
        default:
            bytes[at] = static_cast<char>(random.below(256));
        }
    }
    return bytes;
}

} // namespace

class TestArchive : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsNamesUnderAnyLocale();
    void tellsLinksAndWaysOut();
    void limitsEntries();
    void refusesBombs();
    void saysWhatIsNoArchive();
    void saysWhereItIsCut();
    void mutantsDoNoHarm_data();
    void mutantsDoNoHarm();
};

void TestArchive::readsNamesUnderAnyLocale()
{
    const TemporaryFolder folder;
    const std::vector<PackedEntry> entries = {{"caf\xc3\xa9/\xe4\xb8\xad.png", "x", {}, {}}};
    std::setlocale(LC_ALL, "C");
    for (const std::string format : {"zip", "tar"}) {
        writeFile(folder / format, packed(entries, format));
        const auto names = namesIn(folder / format);
        VERIFY_OK(names);
        QCOMPARE(names->at(0), entries[0].path);
    }
}

void TestArchive::tellsLinksAndWaysOut()
{
    const TemporaryFolder folder;
    writeFile(folder / "x.tar", packed({{"../a.png", "x", {}, {}},
                                        {"/b.png", "x", {}, {}},
                                        {"c/../../d.png", "x", {}, {}},
                                        {"./e..f.png", "x", {}, {}}},
                                       "tar"));
    const auto names = namesIn(folder / "x.tar");
    VERIFY_OK(names);
    QVERIFY((*names == std::vector<std::string>{"../a.png!", "/b.png!", "c/../../d.png!", "e..f.png"}));
    writeFile(folder / "y.tar", packed(smallSet(), "tar"));
    const auto scan = scanFolder(folder / "y.tar");
    VERIFY_OK(scan);
    QCOMPARE(scan->pictures.size(), std::size_t{6});
    QCOMPARE(scan->listing.links.count, std::int64_t{2});
}

void TestArchive::limitsEntries()
{
    const TemporaryFolder folder;
    writeFile(folder / "x.zip", packed(smallSet(), "zip"));
    ArchiveLimits limits;
    limits.entries = 5;
    VERIFY_ERROR(namesIn(folder / "x.zip", limits), "found more than 5 entries");
}

void TestArchive::refusesBombs()
{
    const TemporaryFolder folder;
    writeFile(folder / "x.tar.gz", packed({{"a/1.png", std::string(20 << 20, '\0'), {}, {}}}, "tar.gz"));
    ArchiveLimits limits;
    limits.freeBytes = 1 << 20;
    VERIFY_ERROR(namesIn(folder / "x.tar.gz", limits), "which is more than can be meant");
    limits = {};
    limits.totalBytes = 10 << 20;
    VERIFY_ERROR(namesIn(folder / "x.tar.gz", limits), "which is more than can be meant");
    limits = {};
    limits.entryBytes = 1 << 20;
    VERIFY_OK(namesIn(folder / "x.tar.gz", limits)); // only that entry is unreadable
}

void TestArchive::saysWhatIsNoArchive()
{
    const TemporaryFolder folder;
    writeFile(folder / "x.zip", "this is no archive, however long the text goes on");
    VERIFY_ERROR(scanFolder(folder / "x.zip"), "no archive that TorchDesk reads");
    writeFile(folder / "x.doc", "x");
    VERIFY_ERROR(scanFolder(folder / "x.doc"), "is no folder and no archive");
    VERIFY_ERROR(scanFolder(folder / "none.zip"), "is not there");
    writeFile(folder / "empty.zip", "");
    VERIFY_ERROR(scanFolder(folder / "empty.zip"), "no archive that TorchDesk reads");
}

void TestArchive::saysWhereItIsCut()
{
    const TemporaryFolder folder;
    std::vector<PackedEntry> entries = smallSet();
    entries.push_back({"s/b/long.png", std::string(100'000, 'x'), {}, {}});
    const std::string whole = packed(entries, "tar");
    writeFile(folder / "x.tar", whole.substr(0, whole.size() - 90'000));
    VERIFY_ERROR(scanFolder(folder / "x.tar"), "is damaged or cut after 10 entries");
}

void TestArchive::mutantsDoNoHarm_data()
{
    QTest::addColumn<QString>("format");
    for (const char* format : {"zip", "tar", "tar.gz"})
        QTest::newRow(format) << format;
}

/// Damaged archives through the whole scan: each ends in a scan or an error.
void TestArchive::mutantsDoNoHarm()
{
    QFETCH(QString, format);
    const TemporaryFolder folder;
    const fs::path file = folder / ("x." + format.toStdString());
    const std::string whole = packed(smallSet(), format.toStdString());
    int scanned = 0;
    for (std::uint32_t i = 0; i < mutants; ++i) {
        Random random(1, Purpose::Verification, 0, i);
        writeFile(file, damagedCopy(whole, random));
        const auto scan = scanFolder(file);
        scanned += scan ? 1 : 0;
        QVERIFY(scan || !scan.error().message.empty());
    }
    QVERIFY(scanned > 0 && scanned < static_cast<int>(mutants));
}

QTEST_APPLESS_MAIN(TestArchive)
#include "tst_archive.moc"
