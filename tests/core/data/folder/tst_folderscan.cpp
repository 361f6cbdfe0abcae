// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/folder/folderscan.h"
#include "core/data/folder/picturesources.h"
#include "tests/core/data/folder/foldersupport.h"
#include "tests/core/data/pictures/encodepicture.h"
#include "tests/core/data/pictures/encodetiff.h"
#include "tests/support/testsupport.h"

#include <algorithm>
#include <numeric>
#include <unistd.h>

using namespace torchdesk;
using namespace torchdesk::test;

namespace fs = std::filesystem;

namespace {

std::string noticesText(const FolderScan& scan)
{
    std::string text;
    for (const DataNotice& notice : noticesOf(scan, statisticsOf(scan)))
        text += notice.message + '\n';
    return text;
}

/// Every picture of a scan through its source: index and bytes, or "?" and the reason.
std::vector<std::string> readAll(const FolderScan& scan)
{
    std::vector<std::size_t> order(scan.pictures.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::vector<std::string> read(order.size());
    auto source = openerOf(std::make_shared<FolderScan>(scan), order)();
    if (!source)
        return {source.error().message};
    for (;;) {
        const auto next = (*source)->next();
        if (!next)
            return {next.error().message};
        if (!*next)
            return read;
        const auto index = static_cast<std::size_t>((*next)->index);
        read[index].assign(reinterpret_cast<const char*>((*next)->bytes.data()), (*next)->bytes.size());
        if ((*next)->bytes.empty())
            read[index] = "?" + (*source)->unreadable((*next)->index);
    }
}

} // namespace

class TestFolderScan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void looksAtEveryPicture();
    void readsTheSamePicturesFromArchives_data();
    void readsTheSamePicturesFromArchives();
    void findsCopiesAcrossParts();
    void listsWhatCannotBeRead();
    void seesInTheHeadWhatIsNotRead();
    void namesArchivesInside();
    void looksThroughAWrapperWithALogo();
    void linksInACircleEnd();
    void namesThatAreNoUtf8();
    void picturesVanish();
    void stops();
    void refusesTooManyFiles();
    void hymenoptera();
};

void TestFolderScan::looksAtEveryPicture()
{
    const TemporaryFolder folder;
    writeFile(folder / "b/2.png", pngOf(1, 8, 6, 1));
    writeFile(folder / "a/1.png", pngOf(2, 20, 10, 3));
    writeFile(folder / "a/notes.txt", "x");
    writeFile(folder / "a/scan.czi", "x");
    const auto scan = scanFolder(folder.path());
    VERIFY_OK(scan);
    QVERIFY((scan->classes == std::vector<std::string>{"a", "b"}));
    QCOMPARE(scan->pictures.size(), std::size_t{2});
    QCOMPARE(scan->pictures[0].path, std::string("a/1.png"));
    QCOMPARE(scan->pictures[0].width, 20);
    QCOMPARE(scan->pictures[0].height, 10);
    QCOMPARE(scan->pictures[0].channels, 3);
    QCOMPARE(scan->pictures[1].channels, 1);
    QCOMPARE(scan->pictures[1].label, 1);
    const FolderStatistics statistics = statisticsOf(*scan);
    QCOMPARE(statistics.colour, std::int64_t{1});
    QCOMPARE(statistics.sizes, std::int64_t{2});
    QCOMPARE(statistics.mostWidth, 20);
    QCOMPARE(statistics.medianWidth, statistics.leastWidth); // of two the smaller
    QCOMPARE(statistics.medianHeight, statistics.leastHeight);
    QCOMPARE(statistics.classes.at(1).train, std::int64_t{1});
    QVERIFY(noticesText(*scan).find("Left out: 1 CZI file in a format that is not read") == 0);
}

void TestFolderScan::readsTheSamePicturesFromArchives_data()
{
    QTest::addColumn<QString>("format");
    for (const char* format : {"zip", "tar", "tar.gz"})
        QTest::newRow(format) << format;
}

void TestFolderScan::readsTheSamePicturesFromArchives()
{
    QFETCH(QString, format);
    const TemporaryFolder folder;
    const std::vector<PackedEntry> entries = {{"set/", {}, {}, {}},
                                              {"set/b\xc3\xa9/2.png", pngOf(1), {}, {}},
                                              {"set/a/1.png", pngOf(2), {}, {}},
                                              {"../out/3.png", pngOf(3), {}, {}},
                                              {"/abs/a/4.png", pngOf(4), {}, {}},
                                              {"set/a/link.png", {}, "1.png", {}},
                                              {"set/a/empty.png", {}, {}, {}}};
    const fs::path file = folder / ("x." + format.toStdString());
    writeFile(file, packed(entries, format.toStdString()));
    const auto scan = scanFolder(file);
    VERIFY_OK(scan);
    QVERIFY(scan->archive);
    QVERIFY((scan->classes == std::vector<std::string>{"a", "b\xc3\xa9"}));
    QVERIFY((readAll(*scan) == std::vector<std::string>{pngOf(2), pngOf(1)}));
    QCOMPARE(scan->listing.escaping.count, std::int64_t{2});
    QCOMPARE(scan->listing.links.count, std::int64_t{1});
    QCOMPARE(scan->unreadable.size(), std::size_t{1});
    QCOMPARE(scan->unreadable[0].reason, std::string("it is empty"));
    QVERIFY(!fs::exists(folder.path().parent_path() / "out"));
}

void TestFolderScan::findsCopiesAcrossParts()
{
    const TemporaryFolder folder;
    writeTwoClasses(folder / "train");
    writeFile(folder / "val/a/x.png", pngOf(1));
    writeFile(folder / "val/b/y.png", pngOf(2));
    const auto scan = scanFolder(folder.path());
    VERIFY_OK(scan);
    const FolderStatistics statistics = statisticsOf(*scan);
    QCOMPARE(statistics.copies, std::int64_t{2});
    QCOMPARE(statistics.acrossParts, std::int64_t{2});
    QCOMPARE(statistics.acrossClasses, std::int64_t{1}); // number 2 is of class a in train
    QVERIFY(noticesText(*scan).find("2 pictures were found in more than one of train, val and test") !=
            std::string::npos);
}

void TestFolderScan::listsWhatCannotBeRead()
{
    const TemporaryFolder folder;
    writeTwoClasses(folder.path(), 1);
    writeFile(folder / "a/empty.jpg", "");
    writeFile(folder / "a/text.jpg", "no picture at all");
    writeFile(folder / "b/cut.png", pngOf(1).substr(0, 20));
    const auto scan = scanFolder(folder.path());
    VERIFY_OK(scan);
    QCOMPARE(scan->pictures.size(), std::size_t{2});
    QCOMPARE(scan->unreadable.size(), std::size_t{3});
    QCOMPARE(scan->unreadable[0].path, std::string("a/empty.jpg"));
    QVERIFY(noticesText(*scan).find("Left out: 3 pictures that cannot be read: a/empty.jpg: it is empty") ==
            0);
    const TemporaryFolder all;
    writeFile(all / "a/1.jpg", "x");
    writeFile(all / "b/1.jpg", "x");
    VERIFY_ERROR(scanFolder(all.path()), "none of the 2 pictures can be read");
}

void TestFolderScan::seesInTheHeadWhatIsNotRead()
{
    const TemporaryFolder folder;
    writeTwoClasses(folder.path(), 1);
    writeFile(folder / "a/cmyk.jpg", encodeCmykJpeg(16, 16));
    TiffContent floating{1, 1, 32, 1, std::string(4, '\0')};
    floating.format = 3;
    writeFile(folder / "b/float.tif", encodeTiff(floating));
    const auto scan = scanFolder(folder.path());
    VERIFY_OK(scan);
    QCOMPARE(
        noticesText(*scan),
        std::string("Left out: 2 pictures that cannot be read: a/cmyk.jpg: it has CMYK colours, grey or RGB "
                    "were wanted; b/float.tif: it is a TIFF of 1 values of 32 bits a pixel, signed or "
                    "floating, where 8 or 16 bits, grey or RGB, were wanted.\n"));
}

void TestFolderScan::namesArchivesInside()
{
    const TemporaryFolder folder;
    const std::string inner = packed({{"a/1.png", pngOf(1), {}, {}}, {"b/1.png", pngOf(2), {}, {}}}, "zip");
    writeFile(folder / "nested.zip", packed({{"inner.zip", inner, {}, {}}}, "zip"));
    VERIFY_ERROR(scanFolder(folder / "nested.zip"), "but 1 archive inside: inner.zip. Unpack it first");
    writeTwoClasses(folder / "set", 1);
    writeFile(folder / "set/more.zip", inner);
    const auto scan = scanFolder(folder / "set");
    VERIFY_OK(scan);
    QCOMPARE(noticesText(*scan),
             std::string("Left out: 1 archive inside, whose pictures are seen once unpacked: more.zip.\n"));
}

void TestFolderScan::looksThroughAWrapperWithALogo()
{
    const TemporaryFolder folder;
    writeTwoClasses(folder / "flowers", 1);
    writeFile(folder / "logo.png", pngOf(7));
    const auto scan = scanFolder(folder.path());
    VERIFY_OK(scan);
    QVERIFY((scan->classes == std::vector<std::string>{"a", "b"}));
    QCOMPARE(
        noticesText(*scan),
        std::string("Left out: 1 picture outside 'flowers', whose folders are the classes: logo.png.\n"));
}

void TestFolderScan::linksInACircleEnd()
{
    const TemporaryFolder folder;
    const TemporaryFolder elsewhere;
    writeTwoClasses(folder.path(), 1);
    writeFile(elsewhere / "3.png", pngOf(3));
    fs::create_directory_symlink(folder.path(), folder / "a/round");
    fs::create_directory_symlink("..", folder / "b/up");
    fs::create_directory_symlink(folder / "a", folder / "b/sister");
    fs::create_directory_symlink(elsewhere.path(), folder / "b/more");
    fs::create_directory_symlink(folder.path(), elsewhere / "back");
    fs::create_symlink("nowhere.png", folder / "a/broken.png");
    const auto scan = scanFolder(folder.path());
    VERIFY_OK(scan);
    QCOMPARE(scan->pictures.size(), std::size_t{3});
    QCOMPARE(scan->pictures[2].path, std::string("b/more/3.png"));
    QCOMPARE(scan->listing.links.count, std::int64_t{4});
    QCOMPARE(scan->listing.broken.names.at(0), std::string("a/broken.png"));
}

void TestFolderScan::namesThatAreNoUtf8()
{
    const TemporaryFolder folder;
    writeTwoClasses(folder.path(), 1);
    writeFile(folder / "a/\xff\xfe.png", pngOf(7));
    writeFile(folder / "\xe9t\xe9/1.png", pngOf(8));
    const auto scan = scanFolder(folder.path());
    VERIFY_OK(scan);
    QCOMPARE(scan->classes.size(), std::size_t{2});
    QCOMPARE(scan->pictures.size(), std::size_t{3}); // a file's own name does not matter
    QCOMPARE(noticesText(*scan),
             std::string("Left out: 1 picture in a folder whose name is no UTF-8 (rename it): ?t?/1.png.\n"));
    QCOMPARE(readAll(*scan).at(1), pngOf(7));
}

void TestFolderScan::picturesVanish()
{
    const TemporaryFolder folder;
    writeTwoClasses(folder.path(), 2);
    const auto scan = scanFolder(folder.path());
    VERIFY_OK(scan);
    fs::remove(folder / "a/1.png");
    writeFile(folder / "b/0.png", pngOf(99));
    const auto read = readAll(*scan);
    QCOMPARE(read.at(0), pngOf(0));
    QVERIFY(read.at(1).find("No such file") != std::string::npos);
    QCOMPARE(read.at(2), std::string("?it was changed while it was read"));
}

void TestFolderScan::stops()
{
    const TemporaryFolder folder;
    writeTwoClasses(folder.path(), 1);
    std::stop_source stop;
    stop.request_stop();
    const auto scan = scanFolder(folder.path(), {}, stop.get_token());
    QVERIFY(!scan && scan.error().kind == ErrorKind::Cancelled);
}

void TestFolderScan::refusesTooManyFiles()
{
    const TemporaryFolder folder;
    writeTwoClasses(folder.path(), 4);
    VERIFY_OK(listFolder(folder.path(), {}, 10));
    VERIFY_ERROR(listFolder(folder.path(), {}, 9), "found more than 9 files and folders");
}

void TestFolderScan::hymenoptera()
{
    const fs::path folder = datasets() / "hymenoptera";
    if (datasets().empty() || !fs::exists(folder))
        QSKIP("the data set hymenoptera is not here");
    const auto scan = scanFolder(folder);
    VERIFY_OK(scan);
    QVERIFY((scan->classes == std::vector<std::string>{"ants", "bees"}));
    const FolderStatistics statistics = statisticsOf(*scan);
    // As torchvision's ImageFolder counts them, without the GIF.
    QCOMPARE(statistics.classes[0].train, std::int64_t{123});
    QCOMPARE(statistics.classes[1].train, std::int64_t{121});
    QCOMPARE(statistics.classes[0].validation, std::int64_t{70});
    QCOMPARE(statistics.classes[1].validation, std::int64_t{83});
    QVERIFY(noticesText(*scan).find("1 GIF file") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestFolderScan)
#include "tst_folderscan.moc"
