// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/scalarreader.h"
#include "tests/support/testsupport.h"

#include <QSignalSpy>

using namespace torchdesk;

namespace {

EventFileWriter writerIn(const std::filesystem::path& folder)
{
    auto writer = EventFileWriter::create(folder);
    if (!writer)
        qFatal("%s", writer.error().message.c_str());
    return std::move(*writer);
}

} // namespace

class TestScalarReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsFoldersBelow();
    void readsEveryFolderAndWhatIsAddedLater();
    void tellsOfADamagedFileOnce();
    void newFoldersBeginAnew();
};

void TestScalarReader::findsFoldersBelow()
{
    test::TemporaryFolder root;
    QVERIFY(eventFolders(root.path()).empty());
    QVERIFY(eventFolders(root / "absent").empty());
    writerIn(root / "a/train");
    writerIn(root / "b");
    test::writeFile(root / "c/notes.txt", "no events");
    QCOMPARE(eventFolders(root.path()), (std::vector<std::filesystem::path>{root / "a/train", root / "b"}));
}

void TestScalarReader::readsEveryFolderAndWhatIsAddedLater()
{
    test::TemporaryFolder root;
    auto first = writerIn(root / "a");
    auto second = writerIn(root / "b");
    first.add({"loss", 1, 100.0, 0.5f});
    second.add({"accuracy", 7, 101.0, 0.25f});
    VERIFY_OK(first.flush());
    VERIFY_OK(second.flush());

    ScalarReader reader;
    std::vector<ScalarBatch> all;
    connect(&reader, &ScalarReader::arrived, this, [&](const std::vector<ScalarBatch>& batches) {
        all.insert(all.end(), batches.begin(), batches.end());
    });
    reader.setFolders({root / "a", root / "b"});
    QTRY_COMPARE(all.size(), std::size_t{2});
    QCOMPARE(all[0].folder, std::size_t{0});
    QCOMPARE(all[0].tag, std::string("loss"));
    QCOMPARE(all[0].values, std::vector<double>{0.5});
    QCOMPARE(all[1].folder, std::size_t{1});
    QCOMPARE(all[1].steps, std::vector<double>{7});

    first.add({"loss", 2, 102.0, 0.25f});
    VERIFY_OK(first.flush());
    reader.setActive(true);
    QTRY_COMPARE(all.size(), std::size_t{3});
    QCOMPARE(all[2].steps, std::vector<double>{2});
}

void TestScalarReader::tellsOfADamagedFileOnce()
{
    test::TemporaryFolder root;
    test::writeFile(root / "events.out.tfevents.1.x", std::string(64, 'x'));
    ScalarReader reader;
    QSignalSpy problems(&reader, &ScalarReader::problem);
    reader.setFolders({root.path()});
    QTRY_COMPARE(problems.count(), 1);
    QVERIFY(problems.first().first().toString().contains("events.out.tfevents.1.x"));
}

void TestScalarReader::newFoldersBeginAnew()
{
    test::TemporaryFolder root;
    auto writer = writerIn(root / "a");
    writer.add({"loss", 1, 100.0, 0.5f});
    VERIFY_OK(writer.flush());
    ScalarReader reader;
    int arrived = 0;
    connect(&reader, &ScalarReader::arrived, this, [&] { ++arrived; });
    reader.setFolders({root / "a"});
    QTRY_COMPARE(arrived, 1);
    reader.setFolders({root / "a"});
    QTRY_COMPARE(arrived, 2);
}

QTEST_GUILESS_MAIN(TestScalarReader)
#include "tst_scalarreader.moc"
