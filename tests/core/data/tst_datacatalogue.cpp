// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/catalogue.h"
#include "core/data/cifar.h"
#include "tests/core/data/idxfiles.h"
#include "tests/support/testsupport.h"

#include <thread>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

void writeSmallSet(const std::filesystem::path& folder, unsigned classes = 10)
{
    for (const std::string part : {"train", "t10k"}) {
        writeFile(folder / (part + "-images-idx3-ubyte"), idxFile({20, 28, 28}));
        writeFile(folder / (part + "-labels-idx1-ubyte"), idxFile({20}, classes));
    }
}

} // namespace

class TestDataCatalogue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void listsAllSets();
    void opensByNameAndKeepsTheCopy();
    void opensAFolderByPath();
    void opensCifarByNameAndByFolder();
    void readsChangedFilesAgain();
    void unknownNamesOfferTheClosest();
    void stops();
    void callersShareOneCopy();
};

void TestDataCatalogue::listsAllSets()
{
    const TemporaryFolder folder;
    const ScopedVariable home("HOME", folder.path().string());
    const ScopedVariable list("TORCHDESK_DATA", "");
    const auto absent = dataCatalogue(folder / "first");
    QCOMPARE(absent.size(), std::size_t{5});
    QCOMPARE(absent[0].downloadBytes, std::uint64_t{0});
    QCOMPARE(absent[1].downloadBytes, std::uint64_t{11'594'722});
    QCOMPARE(absent[2].description.name, std::string("fashion-mnist"));
    QCOMPARE(absent[3].description.name, std::string("cifar-10"));
    QCOMPARE(absent[4].description.name, std::string("cifar-100"));
    QCOMPARE(absent[4].downloadBytes, std::uint64_t{168'513'733});
    QCOMPARE(absent[0].description.name, std::string("synthetic-digits"));
    QCOMPARE(absent[0].description.label, std::string("Drawn digits (built in)"));
    QVERIFY(absent[0].available);
    QCOMPARE(absent[1].description.name, std::string("mnist"));
    QCOMPARE(absent[1].description.label, std::string("MNIST"));
    QVERIFY(!absent[1].available);
    QVERIFY(absent[1].hint.find((folder / "first").string()) != std::string::npos);
    QVERIFY(absent[1].hint.find((folder / "TorchDesk/data").string()) != std::string::npos);
    writeSmallSet(folder / "TorchDesk/data/mnist");
    const auto present = dataCatalogue();
    QVERIFY(present[1].available && present[1].hint.empty());
    QCOMPARE(present[1].description.folder, (folder / "TorchDesk/data/mnist").string());
}

void TestDataCatalogue::opensByNameAndKeepsTheCopy()
{
    const TemporaryFolder folder;
    writeSmallSet(folder.path());
    const auto first = openData("mnist", folder.path());
    const auto again = openData("mnist", folder.path());
    VERIFY_OK(first);
    VERIFY_OK(again);
    QCOMPARE(first->description.name, std::string("mnist"));
    QCOMPARE(first->train.get(), again->train.get());
}

void TestDataCatalogue::opensAFolderByPath()
{
    const TemporaryFolder folder;
    writeSmallSet(folder / "letters");
    const std::string path = (folder / "letters").string();
    const auto data = openData(path);
    VERIFY_OK(data);
    QCOMPARE(data->description.name, path);
    QCOMPARE(data->description.label, std::string("letters"));
    VERIFY_ERROR(openData(path + "/none"), path + "/none is not there.");
    writeFile(folder / "file", "x");
    writeFile(folder / "python/cifar-10-batches-py/data_batch_1", "x");
    VERIFY_ERROR(openData((folder / "python").string()), "cifar-10-batches-py is the version for Python");
    VERIFY_ERROR(openData((folder / "file").string()), "file is no folder and no archive");
    std::filesystem::remove(folder / "letters/t10k-labels-idx1-ubyte");
    VERIFY_ERROR(openData(path), "Of the four it lacks t10k-labels-idx1-ubyte.");
}

// Labels are all 0, pixels black: the size is what makes it CIFAR.
void TestDataCatalogue::opensCifarByNameAndByFolder()
{
    const TemporaryFolder folder;
    for (const CifarForm::File& file : cifar10().files) {
        writeFile(folder / ("cifar-10/cifar-10-batches-bin/" + file.name), "");
        std::filesystem::resize_file(folder / ("cifar-10/cifar-10-batches-bin/" + file.name),
                                     cifar10().bytesOf(file));
    }
    const auto named = openData("cifar-10", folder.path());
    VERIFY_OK(named);
    QCOMPARE(named->train->count(), std::int64_t{50'000});
    QCOMPARE(named->test->count(), std::int64_t{10'000});
    const std::string path = (folder / "cifar-10").string();
    const auto byFolder = openData(path);
    VERIFY_OK(byFolder);
    QCOMPARE(byFolder->description.name, path);
    QCOMPARE(byFolder->description.classes[9], std::string("truck"));
    QCOMPARE(byFolder->train.get(), named->train.get()); // one copy
    VERIFY_OK(checkDataFolder(path));
    writeSmallSet(folder / "cifar-10/mnist");
    VERIFY_ERROR(checkDataFolder(path), "holds MNIST and CIFAR-10. Choose the folder of one of them.");
}

void TestDataCatalogue::readsChangedFilesAgain()
{
    const TemporaryFolder folder;
    writeSmallSet(folder.path());
    const auto first = openData("mnist", folder.path());
    VERIFY_OK(first);
    writeFile(folder / "t10k-images-idx3-ubyte", idxFile({10, 28, 28}));
    writeFile(folder / "t10k-labels-idx1-ubyte", idxFile({10}, 10));
    const auto second = openData("mnist", folder.path());
    VERIFY_OK(second);
    QCOMPARE(second->test->count(), std::int64_t{10});
    QCOMPARE(first->test->count(), std::int64_t{20});
}

void TestDataCatalogue::unknownNamesOfferTheClosest()
{
    const auto data = openData("minst");
    VERIFY_ERROR(data, "There is no data set \"minst\". Did you mean \"mnist\"? There are: synthetic-digits, "
                       "mnist, fashion-mnist, cifar-10, cifar-100.");
    QVERIFY(data.error().kind == ErrorKind::NotFound);
    VERIFY_ERROR(openData("something else"),
                 "There are: synthetic-digits, mnist, fashion-mnist, cifar-10, cifar-100.");
    VERIFY_ERROR(openData(""), "There is no data set \"\"");
}

void TestDataCatalogue::stops()
{
    std::stop_source stop;
    const auto early = [&](double, const std::string&) { stop.request_stop(); };
    const auto data = openData("synthetic-digits", {}, early, stop.get_token());
    QVERIFY(!data && data.error().kind == ErrorKind::Cancelled);
    // A stopped opening leaves nothing half made: the next one is whole.
    const auto whole = openData("synthetic-digits");
    VERIFY_OK(whole);
    QCOMPARE(whole->train->count(), std::int64_t{60000});
}

void TestDataCatalogue::callersShareOneCopy()
{
    const TemporaryFolder folder;
    writeSmallSet(folder.path());
    std::vector<Expected<DataSet>> opened(4, failure(ErrorKind::Internal, "not opened"));
    {
        std::vector<std::jthread> threads;
        for (auto& data : opened)
            threads.emplace_back([&data, &folder] { data = openData("mnist", folder.path()); });
    }
    for (const auto& data : opened) {
        VERIFY_OK(data);
        QCOMPARE(data->train.get(), opened[0]->train.get());
    }
}

QTEST_APPLESS_MAIN(TestDataCatalogue)
#include "tst_datacatalogue.moc"
