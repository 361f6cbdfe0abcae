// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/catalogue.h"
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
    void listsBothSets();
    void opensByNameAndKeepsTheCopy();
    void opensAFolderByPath();
    void readsChangedFilesAgain();
    void unknownNamesOfferTheClosest();
    void stops();
    void callersShareOneCopy();
};

void TestDataCatalogue::listsBothSets()
{
    const TemporaryFolder folder;
    const ScopedVariable home("HOME", folder.path().string());
    const ScopedVariable list("TORCHDESK_DATA", "");
    const auto absent = dataCatalogue(folder / "first");
    QCOMPARE(absent.size(), std::size_t{2});
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
    VERIFY_ERROR(openData((folder / "file").string()), "file is no folder.");
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
    VERIFY_ERROR(
        data, "There is no data set \"minst\". Did you mean \"mnist\"? There are: synthetic-digits, mnist.");
    QVERIFY(data.error().kind == ErrorKind::NotFound);
    VERIFY_ERROR(openData("something else"), "There are: synthetic-digits, mnist.");
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
