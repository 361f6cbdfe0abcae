// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/mnist.h"
#include "tests/core/data/idxfiles.h"
#include "tests/support/testsupport.h"

#include <algorithm>
#include <unistd.h>

using namespace torchdesk;
using namespace torchdesk::test;

namespace fs = std::filesystem;

namespace {

constexpr const char* trainPictures = "train-images-idx3-ubyte";
constexpr const char* trainLabels = "train-labels-idx1-ubyte";
constexpr const char* testPictures = "t10k-images-idx3-ubyte";
constexpr const char* testLabels = "t10k-labels-idx1-ubyte";

void writeSmallSet(const fs::path& folder)
{
    writeFile(folder / trainPictures, idxFile({20, 6, 5}));
    writeFile(folder / trainLabels, idxFile({20}, 10));
    writeFile(folder / testPictures, idxFile({8, 6, 5}));
    writeFile(folder / testLabels, idxFile({8}, 10));
}

std::string errorOf(const fs::path& folder)
{
    const auto data = readMnist(folder);
    return data ? std::string("it was read") : data.error().message;
}

#define COMPARE_END(text, end) QVERIFY2((text).ends_with(end), (text).c_str())
#define COMPARE_PART(text, part) QVERIFY2((text).find(part) != std::string::npos, (text).c_str())

} // namespace

class TestMnist : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsASetOfAnySize();
    void fingerprintFollowsTheContent();
    void findsTheUsualFolders();
    void notFoundNamesFilesAndFolders();
    void unreadableFoldersAreNamedAsSuch();
    void refusesLabelsBeyondTheClasses();
    void refusesCountsThatDisagree();
    void refusesExchangedFiles();
    void refusesAMissingFile();
    void stops();
    void fashionIsToldFromMnist();
    void readsRealMnist();
};

void TestMnist::readsASetOfAnySize()
{
    const TemporaryFolder folder;
    writeSmallSet(folder.path());
    std::vector<double> shares;
    const auto data =
        readMnist(folder.path(), [&](double share, const std::string&) { shares.push_back(share); });
    VERIFY_OK(data);
    QCOMPARE(data->description.shape, (Shape{1, 6, 5}));
    QCOMPARE(data->description.trainCount, std::int64_t{20});
    QCOMPARE(data->description.testCount, std::int64_t{8});
    QCOMPARE(data->description.folder, folder.path().string());
    QCOMPARE(data->description.summary,
             std::string("28 grey pictures of 6×5 in 10 classes, written by hand"));
    QCOMPARE(data->train->count(), std::int64_t{20});
    QCOMPARE(data->train->labels()[13], std::int64_t{3});
    QCOMPARE(data->test->samples()[77], std::uint8_t{77});
    QVERIFY(!shares.empty() && std::is_sorted(shares.begin(), shares.end()) && shares.back() == 1);
}

void TestMnist::fingerprintFollowsTheContent()
{
    const TemporaryFolder folder;
    writeSmallSet(folder.path());
    const auto before = readMnist(folder.path());
    writeFile(folder / testLabels, idxFile({8}, 9));
    const auto same = readMnist(folder.path());
    writeFile(folder / testLabels, idxFile({8}, 3));
    const auto after = readMnist(folder.path());
    VERIFY_OK(before);
    VERIFY_OK(after);
    QCOMPARE(before->description.fingerprint.size(), std::size_t{64});
    QCOMPARE(before->description.fingerprint, same->description.fingerprint);
    QVERIFY(before->description.fingerprint != after->description.fingerprint);
}

void TestMnist::findsTheUsualFolders()
{
    const TemporaryFolder folder;
    writeSmallSet(folder / "a/mnist");
    writeSmallSet(folder / "b/MNIST/raw");
    writeSmallSet(folder / "c");
    fs::rename(folder / "c" / trainPictures, (folder / "c" / trainPictures).concat(".gz"));
    QCOMPARE(findMnist({folder / "none", folder / "a"}).value(), folder / "a/mnist");
    QCOMPARE(findMnist({folder / "b", folder / "a"}).value(), folder / "b/MNIST/raw");
    QCOMPARE(findMnist({folder / "c"}).value(), folder / "c");
}

void TestMnist::notFoundNamesFilesAndFolders()
{
    const TemporaryFolder folder;
    writeSmallSet(folder / "part");
    fs::remove(folder / "part" / testLabels);
    writeFile(folder / "file", "no folder");
    const auto found = findMnist({folder / "none", folder / "part", folder / "file"});
    QVERIFY(!found);
    QVERIFY(found.error().kind == ErrorKind::NotFound);
    const std::string& message = found.error().message;
    for (const char* name : {trainPictures, trainLabels, testPictures, testLabels})
        COMPARE_PART(message, name);
    COMPARE_PART(message, (folder / "none").string() + " (not there)");
    COMPARE_PART(message, (folder / "part").string() + " (lacks t10k-labels-idx1-ubyte)");
    COMPARE_PART(message, (folder / "part/MNIST/raw").string() + " (not there)");
    COMPARE_PART(message, (folder / "file").string() + " (no folder)");
    COMPARE_END(message, "Download it (11.6 MB: torchdesk-cli data get mnist), put the files into one "
                         "of these, or choose the folder that has them.");
}

void TestMnist::unreadableFoldersAreNamedAsSuch()
{
    const TemporaryFolder folder;
    fs::create_symlink(folder / "loop", folder / "loop");
    const auto looped = findMnist({folder / "loop"});
    VERIFY_ERROR(looped, (folder / "loop").string() + " (cannot be read: ");
    if (geteuid() == 0)
        QSKIP("permissions do not bind this user");
    VERIFY_OK(makeFolder(folder / "closed"));
    fs::permissions(folder / "closed", fs::perms::none);
    const auto closed = findMnist({folder / "closed"});
    fs::permissions(folder / "closed", fs::perms::owner_all);
    VERIFY_ERROR(closed, (folder / "closed").string() + " (cannot be read: Permission denied)");
}

void TestMnist::refusesLabelsBeyondTheClasses()
{
    const TemporaryFolder folder;
    writeSmallSet(folder.path());
    writeFile(folder / trainLabels, idxFile({20}, 11));
    const std::string message = errorOf(folder.path());
    COMPARE_END(message, "train-labels-idx1-ubyte: label number 11 is 10, wanted 0 to 9. "
                         "Only sets of ten classes can be read.");
}

void TestMnist::refusesCountsThatDisagree()
{
    const TemporaryFolder folder;
    writeSmallSet(folder.path());
    writeFile(folder / testLabels, idxFile({9}, 10));
    COMPARE_PART(errorOf(folder.path()), "t10k-labels-idx1-ubyte has 9 labels, but ");
    COMPARE_END(errorOf(folder.path()), "t10k-images-idx3-ubyte has 8 pictures. Fetch both files again.");
    writeSmallSet(folder.path());
    writeFile(folder / testPictures, idxFile({8, 6, 6}));
    COMPARE_PART(errorOf(folder.path()), "t10k-images-idx3-ubyte has pictures of 6×6, but ");
    writeFile(folder / testPictures, idxFile({0, 6, 5}));
    COMPARE_END(errorOf(folder.path()), "t10k-images-idx3-ubyte holds no pictures. Fetch the file again.");
}

void TestMnist::refusesExchangedFiles()
{
    const TemporaryFolder folder;
    writeSmallSet(folder.path());
    writeFile(folder / trainPictures, idxFile({20}, 10));
    COMPARE_PART(errorOf(folder.path()), "holds 20, wanted pictures × height × width");
    writeSmallSet(folder.path());
    writeFile(folder / trainLabels, idxFile({20, 6, 5}));
    COMPARE_PART(errorOf(folder.path()), "holds 20×6×5, wanted a single row of labels");
}

void TestMnist::refusesAMissingFile()
{
    const TemporaryFolder folder;
    writeSmallSet(folder.path());
    fs::remove(folder / testPictures);
    COMPARE_END(errorOf(folder.path()),
                "t10k-images-idx3-ubyte is missing, also as .gz. Put it beside the others.");
}

void TestMnist::stops()
{
    const TemporaryFolder folder;
    writeSmallSet(folder.path());
    std::stop_source stop;
    const auto stopping = [&](double, const std::string&) { stop.request_stop(); };
    const auto data = readMnist(folder.path(), stopping, stop.get_token());
    QVERIFY(!data && data.error().kind == ErrorKind::Cancelled);
}

// Their files are called alike: the folder's name decides, or the published labels.
void TestMnist::fashionIsToldFromMnist()
{
    const TemporaryFolder folder;
    writeSmallSet(folder / "a/fashion-mnist");
    writeSmallSet(folder / "b/FashionMNIST/raw");
    writeSmallSet(folder / "c");
    QCOMPARE(findFashionMnist({folder / "c", folder / "a"}).value(), folder / "a/fashion-mnist");
    QCOMPARE(findFashionMnist({folder / "a/fashion-mnist"}).value(), folder / "a/fashion-mnist");
    QCOMPARE(findFashionMnist({folder / "b"}).value(), folder / "b/FashionMNIST/raw");
    QCOMPARE(findFashionMnist({folder / "b/FashionMNIST/raw"}).value(), folder / "b/FashionMNIST/raw");
    VERIFY_ERROR(findFashionMnist({folder / "c"}), (folder / "c").string() + " (holds another set)");
    VERIFY_ERROR(findMnist({folder / "a/fashion-mnist"}), "fashion-mnist (holds another set)");
    VERIFY_ERROR(findMnist({folder / "a"}), "MNIST was not found");
    const auto data = readMnist(folder / "a/fashion-mnist", {}, {}, fashionMnistDescription());
    VERIFY_OK(data);
    QCOMPARE(data->description.name, std::string("fashion-mnist"));
    QCOMPARE(data->description.classes[9], std::string("Ankle boot"));
    QCOMPARE(data->description.summary,
             std::string("28 grey pictures of 6×5 in 10 classes, clothes and shoes"));
}

void TestMnist::readsRealMnist()
{
    const fs::path folder = datasets() / "mnist";
    if (datasets().empty() || !fs::is_directory(folder))
        QSKIP("MNIST is not beside the checkout (TORCHDESK_DATASETS names the folder with mnist/)");
    const auto data = readMnist(findMnist({datasets()}).value());
    VERIFY_OK(data);
    QCOMPARE(data->train->count(), std::int64_t{60000});
    QCOMPARE(data->test->count(), std::int64_t{10000});
    const std::vector<std::int64_t> firstTrain = {5, 0, 4, 1, 9, 2, 1, 3, 1, 4};
    const std::vector<std::int64_t> firstTest = {7, 2, 1, 0, 4, 1, 4, 9, 5, 9};
    QVERIFY(std::equal(firstTrain.begin(), firstTrain.end(), data->train->labels().begin()));
    QVERIFY(std::equal(firstTest.begin(), firstTest.end(), data->test->labels().begin()));
    DataDescription expected = mnistDescription();
    expected.folder = folder.string();
    expected.fingerprint = data->description.fingerprint;
    QVERIFY(data->description == expected);
}

QTEST_APPLESS_MAIN(TestMnist)
#include "tst_mnist.moc"
