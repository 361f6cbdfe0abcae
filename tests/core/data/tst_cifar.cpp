// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/philox.h"
#include "core/data/cifar.h"
#include "tests/support/testsupport.h"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <fstream>
#include <zlib.h>

using namespace torchdesk;
using namespace torchdesk::test;

namespace fs = std::filesystem;

namespace {

/// The form of CIFAR-10 with 3 + 3 + 2 pictures, so that tests are quick.
CifarForm smallForm(const CifarForm& of = cifar10())
{
    CifarForm form = of;
    form.files = {
        {"data_batch_1.bin", 3, false}, {"data_batch_2.bin", 3, false}, {"test_batch.bin", 2, true}};
    return form;
}

/// Records with labels first, first + 1 …; the pixels of a picture count up from its label.
std::string records(const CifarForm& form, std::int64_t count, int first)
{
    std::string text;
    for (int label = first; label < first + count; ++label) {
        if (form.labelBytes == 2)
            text += static_cast<char>(label % 20);
        text += static_cast<char>(label);
        for (int i = 0; i < CifarForm::pictureBytes; ++i)
            text += static_cast<char>(label + i);
    }
    return text;
}

void writeUnpacked(const CifarForm& form, const fs::path& folder)
{
    writeFile(folder / "data_batch_1.bin", records(form, 3, 0));
    writeFile(folder / "data_batch_2.bin", records(form, 3, 3));
    writeFile(folder / "test_batch.bin", records(form, 2, 7));
}

struct Entry
{
    std::string name;
    std::string content;
};

void writeArchive(const fs::path& file, const std::vector<Entry>& entries)
{
    fs::create_directories(file.parent_path());
    archive* out = archive_write_new();
    archive_write_add_filter_gzip(out);
    archive_write_set_format_ustar(out);
    QVERIFY(archive_write_open_filename(out, file.c_str()) == ARCHIVE_OK);
    for (const Entry& each : entries) {
        archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, each.name.c_str());
        archive_entry_set_size(entry, static_cast<la_int64_t>(each.content.size()));
        archive_entry_set_filetype(entry, each.name.ends_with('/') ? AE_IFDIR : AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        QVERIFY(archive_write_header(out, entry) == ARCHIVE_OK);
        archive_write_data(out, each.content.data(), each.content.size());
        archive_entry_free(entry);
    }
    archive_write_free(out);
}

/// As the published one: in another order, with a page and the class names.
std::vector<Entry> goodEntries(const CifarForm& form)
{
    const std::string in = form.folder + "/";
    return {{in, {}},
            {in + "test_batch.bin", records(form, 2, 7)},
            {in + "batches.meta.txt", "airplane\n"},
            {in + "data_batch_2.bin", records(form, 3, 3)},
            {in + "readme.html", "<html>"},
            {in + "data_batch_1.bin", records(form, 3, 0)}};
}

/// Without a sync, and as a new file: some file systems sync what is written over an old one.
void writeBytes(const fs::path& file, const std::string& bytes)
{
    fs::remove(file);
    std::ofstream(file, std::ios::binary) << bytes;
}

} // namespace

class TestCifar : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsThePublishedSets();
    void readsAFolderAndAnArchiveAlike();
    void readsTwoBytesOfLabels();
    void findsTheUsualPlaces();
    void notFoundNamesFilesAndFolders();
    void theVersionForPythonIsNamed();
    void refusesFilesOfTheWrongSize();
    void refusesTheOtherKind();
    void refusesLabelsBeyondTheClasses();
    void refusesDamagedArchives();
    void refusesArchivesOfOtherThings();
    void stops();
    void mutantsOfFilesNeverHarm();
    void mutantsOfArchivesNeverHarm();
};

void TestCifar::knowsThePublishedSets()
{
    for (const CifarForm* form : {&cifar10(), &cifar100()}) {
        std::int64_t train = 0;
        std::int64_t test = 0;
        for (const CifarForm::File& file : form->files)
            (file.test ? test : train) += file.records;
        QCOMPARE(train, form->description.trainCount);
        QCOMPARE(test, form->description.testCount);
        QCOMPARE(form->description.shape, (Shape{3, 32, 32}));
    }
    QCOMPARE(cifar10().bytesOf(cifar10().files[0]), std::uint64_t{30'730'000}); // as on the page of the set
    QCOMPARE(cifar100().bytesOf(cifar100().files[0]), std::uint64_t{153'700'000});
    QCOMPARE(cifar10().description.classes.size(), std::size_t{10});
    const auto& fine = cifar100().description.classes;
    QCOMPARE(fine.size(), std::size_t{100});
    QVERIFY(std::is_sorted(fine.begin(), fine.end()));
    QCOMPARE(fine[19], std::string("cattle"));
}

void TestCifar::readsAFolderAndAnArchiveAlike()
{
    const TemporaryFolder folder;
    const CifarForm form = smallForm();
    writeUnpacked(form, folder / "bin");
    writeArchive(folder / form.archive, goodEntries(form));
    const auto unpacked = readCifar(form, folder / "bin");
    std::vector<double> shares;
    const auto packed = readCifar(form, folder / form.archive,
                                  [&](double share, const std::string&) { shares.push_back(share); });
    VERIFY_OK(unpacked);
    VERIFY_OK(packed);
    const std::vector<std::int64_t> train = {0, 1, 2, 3, 4, 5};
    const std::vector<std::int64_t> test = {7, 8};
    for (const auto* data : {&*unpacked, &*packed}) {
        QVERIFY(std::ranges::equal(data->train->labels(), train));
        QVERIFY(std::ranges::equal(data->test->labels(), test));
        const auto pixels = data->train->samples();
        QCOMPARE(pixels.size(), std::size_t{6 * 3072});
        QCOMPARE(pixels[4 * 3072], std::uint8_t{4});               // red of the first pixel
        QCOMPARE(pixels[4 * 3072 + 1024], std::uint8_t(4 + 1024)); // green
        QCOMPARE(pixels[4 * 3072 + 2048 + 33], std::uint8_t(4 + 2048 + 33));
        QCOMPARE(data->test->samples()[3072 + 5], std::uint8_t{13});
        QCOMPARE(data->description.trainCount, std::int64_t{6});
        QCOMPARE(data->description.fingerprint.size(), std::size_t{64});
    }
    QCOMPARE(unpacked->description.fingerprint, packed->description.fingerprint);
    QCOMPARE(packed->description.folder, (folder / form.archive).string());
    QVERIFY(!shares.empty() && std::is_sorted(shares.begin(), shares.end()) && shares.back() == 1);
}

void TestCifar::readsTwoBytesOfLabels()
{
    const TemporaryFolder folder;
    const CifarForm form = smallForm(cifar100());
    writeUnpacked(form, folder.path());
    writeFile(folder / "data_batch_2.bin", records(form, 3, 97));
    const auto data = readCifar(form, folder.path());
    VERIFY_OK(data);
    QCOMPARE(data->train->labels()[5], std::int64_t{99});
    QCOMPARE(data->train->samples()[5 * 3072 + 1], std::uint8_t{100});
    std::string coarse = records(form, 3, 3);
    coarse[static_cast<std::size_t>(form.recordBytes())] = 20;
    writeFile(folder / "data_batch_2.bin", coarse);
    VERIFY_ERROR(readCifar(form, folder.path()),
                 "data_batch_2.bin: the coarse label of picture 2 is 20, wanted 0 to 19.");
}

void TestCifar::findsTheUsualPlaces()
{
    const TemporaryFolder folder;
    const CifarForm form = smallForm();
    writeUnpacked(form, folder / "a/cifar-10-batches-bin");
    writeUnpacked(form, folder / "b/cifar-10/cifar-10-batches-bin");
    writeUnpacked(form, folder / "c");
    writeArchive(folder / "d/cifar-10/cifar-10-binary.tar.gz", goodEntries(form));
    QCOMPARE(findCifar(form, {folder / "none", folder / "a"}).value(), folder / "a/cifar-10-batches-bin");
    QCOMPARE(findCifar(form, {folder / "b"}).value(), folder / "b/cifar-10/cifar-10-batches-bin");
    QCOMPARE(findCifar(form, {folder / "c"}).value(), folder / "c");
    QCOMPARE(findCifar(form, {folder / "d"}).value(), folder / "d/cifar-10/cifar-10-binary.tar.gz");
}

void TestCifar::notFoundNamesFilesAndFolders()
{
    const TemporaryFolder folder;
    const CifarForm form = smallForm();
    writeUnpacked(form, folder / "part");
    fs::remove(folder / "part/data_batch_2.bin");
    const auto found = findCifar(form, {folder / "none", folder / "part"});
    QVERIFY(!found && found.error().kind == ErrorKind::NotFound);
    VERIFY_ERROR(
        found, "CIFAR-10 was not found: neither its archive cifar-10-binary.tar.gz nor cifar-10-batches-bin");
    VERIFY_ERROR(found, (folder / "none").string() + " (not there)");
    VERIFY_ERROR(found, (folder / "part").string() + " (lacks data_batch_2.bin)");
    VERIFY_ERROR(found, "Download it (170 MB: torchdesk-cli data get cifar-10)");
}

void TestCifar::theVersionForPythonIsNamed()
{
    const TemporaryFolder folder;
    const CifarForm form = smallForm();
    writeFile(folder / "packed/cifar-10-python.tar.gz", "x");
    writeFile(folder / "unpacked/cifar-10-batches-py/data_batch_1", "x");
    for (const fs::path& place :
         {folder / "packed", folder / "unpacked", folder / "unpacked/cifar-10-batches-py"})
        VERIFY_ERROR(findCifar(form, {place}),
                     " is the version for Python, which is not read: the binary version, "
                     "cifar-10-binary.tar.gz, is wanted. ");
}

void TestCifar::refusesFilesOfTheWrongSize()
{
    const TemporaryFolder folder;
    const CifarForm form = smallForm();
    writeUnpacked(form, folder.path());
    for (const std::string& content :
         {records(form, 3, 3).substr(1), records(form, 3, 3) + "x", records(form, 2, 3)}) {
        writeFile(folder / "data_batch_2.bin", content);
        VERIFY_ERROR(readCifar(form, folder.path()),
                     " bytes, 9,219 were wanted (3 pictures of CIFAR-10, 3,073 bytes each).");
    }
    writeFile(folder / "data_batch_2.bin", "");
    VERIFY_ERROR(readCifar(form, folder.path()), "data_batch_2.bin has 0 bytes, 9,219 were wanted");
    auto entries = goodEntries(form);
    entries[3].content += 'x';
    writeArchive(folder / "packed.tar.gz", entries);
    VERIFY_ERROR(readCifar(form, folder / "packed.tar.gz"), "cifar-10-batches-bin/data_batch_2.bin in ");
}

void TestCifar::refusesTheOtherKind()
{
    const TemporaryFolder folder;
    const CifarForm form = smallForm();
    const CifarForm other = smallForm(cifar100());
    writeUnpacked(other, folder.path());
    VERIFY_ERROR(readCifar(form, folder.path()), "It has records as long as those of CIFAR-100.");
    writeArchive(folder / "packed.tar.gz", goodEntries(other));
    VERIFY_ERROR(readCifar(form, folder / "packed.tar.gz"), "It has records as long as those of CIFAR-100.");
    // In the real sizes, without a byte in them.
    for (const CifarForm::File& file : cifar10().files) {
        writeFile(folder / ("real/" + file.name), "");
        fs::resize_file(folder / ("real/" + file.name), 30'740'000);
    }
    VERIFY_ERROR(readCifar(cifar10(), folder / "real"),
                 "has 30,740,000 bytes, 30,730,000 were wanted (10,000 pictures of CIFAR-10, 3,073 bytes "
                 "each). It has "
                 "the size of test.bin of CIFAR-100.");
    writeArchive(folder / "names.tar.gz",
                 {{"cifar-100-binary/train.bin", "x"}, {"cifar-100-binary/test.bin", "x"}});
    VERIFY_ERROR(readCifar(form, folder / "names.tar.gz"),
                 "lacks data_batch_1.bin, data_batch_2.bin, test_batch.bin: it is not the binary version of "
                 "CIFAR-10.");
}

void TestCifar::refusesLabelsBeyondTheClasses()
{
    const TemporaryFolder folder;
    const CifarForm form = smallForm();
    writeUnpacked(form, folder.path());
    writeFile(folder / "test_batch.bin", records(form, 2, 9));
    VERIFY_ERROR(readCifar(form, folder.path()),
                 "test_batch.bin: the label of picture 2 is 10, wanted 0 to 9.");
}

void TestCifar::refusesDamagedArchives()
{
    const TemporaryFolder folder;
    const CifarForm form = smallForm();
    const fs::path file = folder / form.archive;
    writeArchive(file, goodEntries(form));
    const std::string good = readText(file).value();
    for (const std::size_t length : {std::size_t{0}, std::size_t{5}, good.size() / 2, good.size() - 4}) {
        writeBytes(file, good.substr(0, length));
        VERIFY_ERROR(readCifar(form, file), form.archive + " "); // lacks …, or is cut short
    }
    std::string flipped = good;
    flipped[good.size() - 6] ^= 1; // in gzip's check sum
    writeBytes(file, flipped);
    VERIFY_ERROR(readCifar(form, file), "is damaged or cut short, or is no .tar.gz.");
    writeBytes(file, "This is no archive at all, but a page that says why there is none.");
    VERIFY_ERROR(readCifar(form, file), "is damaged or cut short, or is no .tar.gz.");
}

void TestCifar::refusesArchivesOfOtherThings()
{
    const TemporaryFolder folder;
    const CifarForm form = smallForm();
    const fs::path file = folder / form.archive;
    writeArchive(file, {{"cifar-10-batches-py/data_batch_1", std::string(2 << 20, 'x')}});
    VERIFY_ERROR(readCifar(form, file),
                 "holds cifar-10-batches-py/data_batch_1 (2.1 MB), which is none of the files");
    std::vector<Entry> many(100, {"a", ""});
    writeArchive(file, many);
    VERIFY_ERROR(readCifar(form, file), "holds more than 64 files.");
    auto twice = goodEntries(form);
    twice.push_back(twice.back());
    writeArchive(file, twice);
    VERIFY_ERROR(readCifar(form, file), "is there twice.");
    // A few packed bytes that unpack to very many.
    auto entries = goodEntries(form);
    writeArchive(file, entries);
    const std::string packed = readText(file).value();
    gzFile bomb = gzopen((folder / "zeros").c_str(), "wb");
    const std::string zeros(1 << 20, '\0');
    for (int i = 0; i < 64; ++i)
        gzwrite(bomb, zeros.data(), static_cast<unsigned>(zeros.size()));
    gzclose(bomb);
    writeBytes(file, packed + readText(folder / "zeros").value());
    VERIFY_ERROR(readCifar(form, file), "goes on after its last file.");
}

void TestCifar::stops()
{
    const TemporaryFolder folder;
    const CifarForm form = smallForm();
    writeUnpacked(form, folder / "bin");
    writeArchive(folder / form.archive, goodEntries(form));
    for (const char* place : {"bin", "cifar-10-binary.tar.gz"}) {
        std::stop_source stop;
        const auto stopping = [&](double, const std::string&) { stop.request_stop(); };
        const auto data = readCifar(form, folder / place, stopping, stop.get_token());
        QVERIFY(!data && data.error().kind == ErrorKind::Cancelled);
    }
}

void TestCifar::mutantsOfFilesNeverHarm()
{
    const TemporaryFolder folder;
    const CifarForm form = smallForm();
    const std::string good = records(form, 2, 7);
    writeUnpacked(form, folder.path());
    int accepted = 0;
    for (std::uint32_t mutant = 0; mutant < 10'000; ++mutant) {
        Random random(1, Purpose::Order, 0, mutant);
        std::string bytes = good;
        for (std::uint32_t i = 0, count = 1 + random.below(3); i < count; ++i) {
            const std::size_t at = random.below(static_cast<std::uint32_t>(bytes.size()));
            if (random.below(8) == 0)
                bytes.erase(at, 1 + random.below(4000));
            else if (random.below(8) == 0)
                bytes.insert(at, 1 + random.below(4000), static_cast<char>(random.next()));
            else
                bytes[random.below(2) ? at : at % 2 * 3073] = static_cast<char>(random.next());
            bytes += bytes.empty() ? "x" : "";
        }
        writeBytes(folder / "test_batch.bin", bytes);
        const auto data = readCifar(form, folder.path());
        if (data)
            QVERIFY(++accepted && data->test->labels()[0] < 10 && data->test->labels()[1] < 10);
        else
            QVERIFY2(data.error().message.find("test_batch.bin") != std::string::npos,
                     data.error().message.c_str());
    }
    QVERIFY2(accepted > 100, "too few mutants pass: the test would see nothing of what happens then");
}

// Half of them in the packed bytes, half in the tar, packed anew: those reach the reader of the tar.
void TestCifar::mutantsOfArchivesNeverHarm()
{
    const TemporaryFolder folder;
    const CifarForm form = smallForm();
    const fs::path file = folder / form.archive;
    writeArchive(file, goodEntries(form));
    const std::string packed = readText(file).value();
    std::string tar(64 << 10, '\0');
    gzFile in = gzopen(file.c_str(), "rb");
    tar.resize(static_cast<std::size_t>(gzread(in, tar.data(), static_cast<unsigned>(tar.size()))));
    gzclose(in);
    for (std::uint32_t mutant = 0; mutant < 10'000; ++mutant) {
        Random random(2, Purpose::Order, 0, mutant);
        std::string bytes = mutant % 2 ? tar : packed;
        for (std::uint32_t i = 0, count = 1 + random.below(4); i < count; ++i) {
            const std::size_t block = random.below(static_cast<std::uint32_t>(bytes.size() / 512 + 1)) * 512;
            const std::size_t at = mutant % 2 ? std::min(block + random.below(160), bytes.size() - 1)
                                              : random.below(static_cast<std::uint32_t>(bytes.size()));
            bytes[at] = static_cast<char>(random.next());
            if (random.below(6) == 0)
                bytes.resize(1 + random.below(static_cast<std::uint32_t>(bytes.size())));
        }
        writeBytes(file, bytes); // plain tar is read too
        if (const auto data = readCifar(form, file); !data)
            QVERIFY2(data.error().message.find(form.archive) != std::string::npos,
                     data.error().message.c_str());
    }
}

QTEST_APPLESS_MAIN(TestCifar)
#include "tst_cifar.moc"
