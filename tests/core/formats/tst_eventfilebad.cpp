// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/philox.h"
#include "core/formats/eventfile.h"
#include "core/formats/protobuf.h"
#include "tests/core/formats/eventbytes.h"
#include "tests/support/testsupport.h"

#include <fstream>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

const std::string good = record(eventWith("\x0A\x04loss\x15" + raw(0.5F)));

/// Reads to the end or to the error, and returns the number of points.
std::size_t readAll(EventFileReader& reader)
{
    std::size_t count = 0;
    for (;;) {
        const auto points = reader.poll();
        if (!points || points->empty())
            return count;
        count += points->size();
    }
}

} // namespace

class TestEventFileBad : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysWhereARecordIsDamaged_data();
    void saysWhereARecordIsDamaged();
    void refusesWhatIsNoFile();
    void leavesAHugeRecordThatHasNotCome();
    void stopsAtABrokenField();
    void survivesAnyBytes();
};

void TestEventFileBad::saysWhereARecordIsDamaged_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("why");
    std::string length = good;
    length[0] ^= 1;
    std::string data = good;
    data[20] ^= 1;
    std::string dataSum = good;
    dataSum.back() ^= 1;
    const std::string huge = raw(std::uint64_t{1} << 40);
    const auto row = [](const char* name, const std::string& bytes, const char* why) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString(why);
    };
    row("length", length, "the checksum of its length does not match");
    row("data", data, "the checksum of its data does not match");
    row("checksum", dataSum, "the checksum of its data does not match");
    row("huge", huge + sum(huge) + good, "it is 1.1 TB long, at most 1.1 GB were expected");
    row("no event", record("no event at all"), "it is no event of TensorBoard");
    row("summary", record(field(5, "\x0A\x7F")), "it is no event of TensorBoard");
}

void TestEventFileBad::saysWhereARecordIsDamaged()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, why);
    const TemporaryFolder folder;
    const auto file = folder / "events.out.tfevents.1";
    writeFile(file, good + good + bytes.toStdString() + good);
    EventFileReader reader(file);
    QCOMPARE(reader.poll().value().size(), std::size_t{2});
    const std::string where =
        file.string() + ": the record at byte " + std::to_string(2 * good.size()) + " is damaged: ";
    VERIFY_ERROR(reader.poll(), where + why.toStdString());
    VERIFY_ERROR(reader.poll(), where);
}

void TestEventFileBad::refusesWhatIsNoFile()
{
    const TemporaryFolder folder;
    EventFileReader missing(folder / "none");
    VERIFY_ERROR(missing.poll(), "No such file");
    EventFileReader directory(folder.path());
    VERIFY_ERROR(directory.poll(), "is no regular file");
}

void TestEventFileBad::leavesAHugeRecordThatHasNotCome()
{
    const TemporaryFolder folder;
    const std::string big = raw(std::uint64_t{1} << 29);
    writeFile(folder / "events", good + big + sum(big) + "the rest has not come");
    EventFileReader reader(folder / "events");
    QCOMPARE(reader.poll().value().size(), std::size_t{1});
    QCOMPARE(reader.poll().value().size(), std::size_t{0});
}

void TestEventFileBad::stopsAtABrokenField()
{
    const auto intact = [](const std::string& message) {
        ProtobufReader reader(std::as_bytes(std::span(message)));
        while (reader.next()) {
        }
        return reader.intact();
    };
    QVERIFY(intact(""));
    QVERIFY(intact(std::string("\x08\x96\x01", 3)));
    QVERIFY(!intact(std::string("\x00\x01", 2)));       // field number 0
    QVERIFY(!intact("\x08"));                           // a varint without its value
    QVERIFY(!intact("\x08" + std::string(11, '\xFF'))); // a varint without an end
    QVERIFY(!intact("\x0D"
                    "abc")); // three bytes of four
    QVERIFY(!intact("\x0A\x05"
                    "abc"));  // three bytes of five
    QVERIFY(!intact("\x0B")); // a group
    QVERIFY(!intact("\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"));
}

// Mutants with good checksums reach the protobuf reader, mutants with bad ones the records.
void TestEventFileBad::survivesAnyBytes()
{
    const TemporaryFolder folder;
    const auto file = folder / "events";
    const std::string tensor =
        field(8, varintField(1, 1) + field(2, field(2, varintField(1, 1))) + field(4, raw(1.0F)));
    const std::string data =
        eventWith(field(1, "loss") + "\x15" + raw(0.5F)) + eventWith(field(1, "loss") + tensor);
    for (std::uint32_t mutant = 0; mutant < 4000; ++mutant) {
        Random random(1, Purpose::Order, 0, mutant);
        std::string bytes = mutant % 2 ? data : good + record(data) + good;
        for (std::uint32_t i = 0, count = 1 + random.below(4); i < count; ++i) {
            const std::size_t at = random.below(static_cast<std::uint32_t>(bytes.size()));
            if (random.below(4) == 0)
                bytes.erase(at, 1 + random.below(8));
            else
                bytes[at] = static_cast<char>(random.next());
            bytes += "x";
        }
        std::ofstream(file, std::ios::binary) << (mutant % 2 ? record(bytes) : bytes);
        EventFileReader reader(file);
        QVERIFY(readAll(reader) <= 4);
    }
}

QTEST_APPLESS_MAIN(TestEventFileBad)
#include "tst_eventfilebad.moc"
