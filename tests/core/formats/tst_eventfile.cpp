// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/formats/eventfile.h"
#include "tests/core/formats/eventbytes.h"
#include "tests/support/testsupport.h"

#include <cmath>
#include <csignal>
#include <limits>
#include <sys/resource.h>
#include <unistd.h>

using namespace torchdesk;
using namespace torchdesk::test;

class TestEventFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesTheBytesOfTensorBoard();
    void namesFilesAsTensorBoardDoes();
    void readsWhatWasWritten();
    void pollsAGrowingFile();
    void givesAtMostWhatWasAsked();
    void understandsScalarTensors();
    void passesOverWhatIsNoScalar();
    void writesASessionStart();
    void keepsWhatAFullDiskRefused();
};

void TestEventFile::writesTheBytesOfTensorBoard()
{
    const TemporaryFolder folder;
    auto writer = EventFileWriter::create(folder.path());
    VERIFY_OK(writer);
    writer->add({"loss", 300, 1.5, 0.25F});
    VERIFY_OK(writer->flush());
    const std::string content = readText(writer->file()).value();
    // wall_time differs: the first record is checked around it.
    QCOMPARE(content.substr(0, 8), raw(std::uint64_t{24}));
    QCOMPARE(content.substr(8, 4), sum(content.substr(0, 8)));
    QCOMPARE(content.substr(12, 1), std::string("\x09"));
    QCOMPARE(content.substr(21, 15), "\x1A\x0D"
                                     "brain.Event:2");
    QCOMPARE(content.substr(36, 4), sum(content.substr(12, 24)));
    const std::string value = "\x0A\x04loss\x15" + raw(0.25F);
    const std::string event = "\x09" + raw(1.5) + "\x10\xAC\x02" + field(5, field(1, value));
    QCOMPARE(content.substr(40), record(event));
}

void TestEventFile::namesFilesAsTensorBoardDoes()
{
    const TemporaryFolder folder;
    const auto first = EventFileWriter::create(folder / "train");
    const auto second = EventFileWriter::create(folder / "train");
    VERIFY_OK(first);
    VERIFY_OK(second);
    QVERIFY(first->file() != second->file());
    const std::string name = first->file().filename().string();
    QVERIFY(isEventFileName(name));
    const auto parts = splitText(name, '.');
    QVERIFY(parts.size() >= 7);
    QCOMPARE(joined({parts[0], parts[1], parts[2]}, "."), std::string("events.out.tfevents"));
    QCOMPARE(parts[3].size(), std::size_t{10});
    QCOMPARE(parts[parts.size() - 2], std::to_string(getpid()));
    QVERIFY(!isEventFileName("run.json"));
}

void TestEventFile::readsWhatWasWritten()
{
    const TemporaryFolder folder;
    auto writer = EventFileWriter::create(folder.path());
    VERIFY_OK(writer);
    std::vector<ScalarPoint> points;
    for (int i = 0; i < 200'000; ++i)
        points.push_back({i % 2 ? "loss" : "räte/模型", i, 1e9 + i, static_cast<float>(i) * 0.1F});
    points.push_back({"loss", -1, 0, std::numeric_limits<float>::infinity()});
    points.push_back({std::string(500, 'x'), INT64_MAX, 0, 0});
    for (const ScalarPoint& point : points)
        writer->add(point);
    VERIFY_OK(writer->flush());
    EventFileReader reader(writer->file());
    const auto read = reader.poll();
    VERIFY_OK(read);
    QVERIFY(*read == points);
    writer->add({"loss", 1, 0, std::nanf("")});
    VERIFY_OK(writer->flush());
    QVERIFY(std::isnan(reader.poll().value().at(0).value));
}

void TestEventFile::pollsAGrowingFile()
{
    const TemporaryFolder folder;
    const std::string whole = record(eventWith("\x0A\x04loss\x15" + raw(0.5F)));
    const auto file = folder / "events.out.tfevents.1";
    EventFileReader reader(file);
    VERIFY_ERROR(reader.poll(), "Cannot open");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        writeFile(file, whole + whole.substr(0, size));
        const auto points = reader.poll();
        VERIFY_OK(points);
        QCOMPARE(points->size(), std::size_t{size == 0 ? 1u : 0u});
    }
    writeFile(file, whole + whole);
    QCOMPARE(reader.poll().value(), (std::vector<ScalarPoint>{{"loss", 3, 1.5, 0.5F}}));
    VERIFY_OK(reader.poll());
    writeFile(file, whole);
    VERIFY_ERROR(reader.poll(), "was cut to");
}

void TestEventFile::givesAtMostWhatWasAsked()
{
    const TemporaryFolder folder;
    auto writer = EventFileWriter::create(folder.path());
    VERIFY_OK(writer);
    for (int i = 0; i < 10; ++i)
        writer->add({"loss", i, 0, 0});
    VERIFY_OK(writer->flush());
    EventFileReader reader(writer->file());
    QCOMPARE(reader.poll(4).value().size(), std::size_t{4});
    QCOMPARE(reader.poll(4).value().front().step, std::int64_t{4});
    QCOMPARE(reader.poll(4).value().size(), std::size_t{2});
    QCOMPARE(reader.poll(4).value().size(), std::size_t{0});
}

void TestEventFile::understandsScalarTensors()
{
    const TemporaryFolder folder;
    const std::string tag = field(1, "loss");
    const std::string one = field(2, field(2, varintField(1, 1))); // the shape [1]
    const std::string floats = varintField(1, 1);
    const std::string doubles = varintField(1, 2);
    std::string content;
    content += record(eventWith(tag + field(8, floats + field(4, raw(1.0F))))); // tensor_content
    content += record(eventWith(tag + field(8, doubles + one + field(4, raw(2.0)))));
    content +=
        record(eventWith(tag + field(8, floats + field(2, "") + field(5, raw(3.0F))))); // float_val, packed
    content += record(eventWith(tag + field(8, doubles + field(6, raw(4.0)))));
    content += record(eventWith(tag + field(8, floats + "\x2D" + raw(5.0F)))); // float_val, not packed
    content += record(eventWith(field(9, field(2, "shown")) + field(8, floats + field(4, raw(6.0F))) + tag));
    writeFile(folder / "events", content);
    EventFileReader reader(folder / "events");
    const auto points = reader.poll();
    VERIFY_OK(points);
    QCOMPARE(points->size(), std::size_t{6});
    for (std::size_t i = 0; i < 6; ++i)
        QCOMPARE(points->at(i), (ScalarPoint{"loss", 3, 1.5, static_cast<float>(i + 1)}));
}

void TestEventFile::passesOverWhatIsNoScalar()
{
    const TemporaryFolder folder;
    const std::string tag = field(1, "weights");
    const std::string two = field(2, field(2, varintField(1, 2)));
    std::string content;
    content += record(eventWith(tag + field(8, varintField(1, 1) + two + field(4, raw(1.0F) + raw(2.0F)))));
    content += record(eventWith(tag + field(8, varintField(1, 7) + field(8, "a text")))); // DT_STRING
    content += record(eventWith(tag + field(8, varintField(1, 1) + field(4, "abc"))));
    content += record(eventWith(tag + field(5, "a histogram")));
    content += record(eventWith(tag));
    content += record(field(4, "a graph") + field(100 % 16, "unknown") + varintField(13, 1));
    content += record("");
    content += record(eventWith(field(1, "loss\x01") + "\x15" + raw(1.0F)));
    writeFile(folder / "events", content);
    EventFileReader reader(folder / "events");
    QCOMPARE(reader.poll().value(), (std::vector<ScalarPoint>{{"loss?", 3, 1.5, 1.0F}}));
}

void TestEventFile::writesASessionStart()
{
    const TemporaryFolder folder;
    auto writer = EventFileWriter::create(folder.path());
    VERIFY_OK(writer);
    writer->addSessionStart(5);
    VERIFY_OK(writer->flush());
    const std::string content = readText(writer->file()).value();
    const std::string data = content.substr(40 + 12);
    QCOMPARE(data.substr(9, 6), std::string("\x10\x05\x3A\x02\x08\x01"));
    QCOMPARE(data.size(), std::size_t{9 + 6 + 4});
    EventFileReader reader(writer->file());
    QCOMPARE(reader.poll().value().size(), std::size_t{0});
}

void TestEventFile::keepsWhatAFullDiskRefused()
{
    const TemporaryFolder folder;
    auto writer = EventFileWriter::create(folder.path());
    VERIFY_OK(writer);
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit small{1000, before.rlim_max}; // not a multiple of a record: the last write is cut short
    for (int i = 1; i <= 100; ++i)
        writer->add({"loss", i, 0, static_cast<float>(i)});
    const std::size_t all = writer->pending();
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto refused = writer->flush();
    const auto again = writer->flush();
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &before), 0);
    VERIFY_ERROR(refused, "Cannot write");
    QVERIFY(refused.error().kind == ErrorKind::DiskFull);
    VERIFY_ERROR(again, "Cannot write");
    QCOMPARE(writer->pending(), all);
    QCOMPARE(std::filesystem::file_size(writer->file()), std::uintmax_t{40});
    writer->add({"loss", 101, 0, 101});
    VERIFY_OK(writer->flush());
    EventFileReader reader(writer->file());
    const auto points = reader.poll();
    VERIFY_OK(points);
    QCOMPARE(points->size(), std::size_t{101});
    for (int i = 1; i <= 101; ++i)
        QCOMPARE(points->at(static_cast<std::size_t>(i - 1)).step, std::int64_t{i});
}

QTEST_APPLESS_MAIN(TestEventFile)
#include "tst_eventfile.moc"
