// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/philox.h"
#include "core/formats/safetensors.h"
#include "tests/support/testsupport.h"

#include <cstring>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

NamedTensor tensor(const std::string& name, DType type, const Shape& shape, int first = 1)
{
    Bytes bytes(static_cast<std::size_t>(elementCount(shape).value()) * elementSize(type));
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::byte>(first + static_cast<int>(i));
    return {name, type, shape, std::make_shared<const Bytes>(std::move(bytes))};
}

Bytes fileWith(const std::string& header, std::size_t data, std::optional<std::uint64_t> length = {})
{
    Bytes file(8 + header.size() + data);
    const std::uint64_t announced = length.value_or(header.size());
    std::memcpy(file.data(), &announced, 8);
    std::memcpy(file.data() + 8, header.data(), header.size());
    return file;
}

std::vector<NamedTensor> someTensors()
{
    return {tensor("fc.weight", DType::F32, {3, 4}), tensor("步", DType::I64, {}),
            tensor("mask", DType::Bool, {5}),        tensor("conv.weight", DType::F32, {2, 1, 2}),
            tensor("half", DType::BF16, {3}),        tensor("nothing", DType::F32, {0, 7})};
}

} // namespace

class TestSafetensors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesTheLayoutOfTheReference();
    void readsWhatWasWritten();
    void readsAnEmptyFile();
    void takesTensorsInAnyOrder();
    void refuses_data();
    void refuses();
    void refusesAFileCutAtAnyByte();
    void refusesHugeHeadersQuickly();
    void survivesAnyBytes();
};

void TestSafetensors::writesTheLayoutOfTheReference()
{
    const Bytes file = writeSafetensors(
        {tensor("b", DType::U8, {2}, 9), tensor("a", DType::U8, {1}, 5), tensor("z", DType::F32, {1, 1}, 1)},
        {{"format", "pt"}});
    const std::string header = R"({"__metadata__":{"format":"pt"},)"
                               R"("z":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},)"
                               R"("a":{"dtype":"U8","shape":[1],"data_offsets":[4,5]},)"
                               R"("b":{"dtype":"U8","shape":[2],"data_offsets":[5,7]}})";
    const std::size_t padded = (header.size() + 7) / 8 * 8;
    Bytes expected = fileWith(header + std::string(padded - header.size(), ' '), 0);
    for (const int byte : {1, 2, 3, 4, 5, 9, 10})
        expected.push_back(static_cast<std::byte>(byte));
    QVERIFY(file == expected);
}

void TestSafetensors::readsWhatWasWritten()
{
    const auto tensors = someTensors();
    const std::map<std::string, std::string> metadata{{"format", "pt"}, {"a \"quoted\"\nkey", "值"}};
    const TemporaryFolder folder;
    VERIFY_OK(writeAtomically(folder / "model.safetensors",
                              std::span<const std::byte>(writeSafetensors(tensors, metadata))));
    const auto read = readSafetensorsFile(folder / "model.safetensors");
    VERIFY_OK(read);
    QVERIFY(read->metadata == metadata);
    QCOMPARE(read->tensors.size(), tensors.size());
    for (const NamedTensor& wanted : tensors)
        QVERIFY(std::find(read->tensors.begin(), read->tensors.end(), wanted) != read->tensors.end());
    QVERIFY(writeSafetensors(read->tensors, read->metadata) == writeSafetensors(tensors, metadata));
    VERIFY_ERROR(readSafetensorsFile(folder / "none"), "No such file");
}

void TestSafetensors::readsAnEmptyFile()
{
    const Bytes file = writeSafetensors({});
    QVERIFY(file == fileWith("{}      ", 0));
    QVERIFY(readSafetensors(file, "x").value().tensors.empty());
}

void TestSafetensors::takesTensorsInAnyOrder()
{
    const auto file = fileWith(R"({"b":{"data_offsets":[1,3],"shape":[2],"dtype":"U8"},)"
                               R"("empty":{"dtype":"U8","shape":[0],"data_offsets":[1,1]},)"
                               R"("a":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}  )",
                               3);
    const auto read = readSafetensors(file, "x");
    VERIFY_OK(read);
    QCOMPARE(read->tensors.at(0).name, std::string("a"));
    QCOMPARE(read->tensors.at(1).name, std::string("empty"));
    QCOMPARE(read->tensors.at(2).name, std::string("b"));
}

void TestSafetensors::refuses_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<int>("data");
    QTest::addColumn<QString>("why");
    const auto row = [](const char* name, const char* header, int data, const char* why) {
        QTest::newRow(name) << QByteArray(header) << data << QString(why);
    };
    row("overlap",
        R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})",
        3, "\"b\" begins at byte 1 of the data and overlaps the one before it, which ends at 2");
    row("hole",
        R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}})",
        4, "there is a hole of 2 bytes before the tensor \"b\"");
    row("hole first", R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})", 2,
        "there is a hole of 1 bytes before");
    row("backwards", R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}})", 1,
        "ends at byte 0 of the data, before it begins at 1");
    row("wrong size", R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,7]}})", 7,
        "has 7 bytes, its shape and type need 8");
    row("too little data", R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})", 3,
        "it is cut short: 3 bytes of tensors are there, 4 were announced");
    row("trailing bytes", R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})", 6,
        "2 bytes follow after the last tensor");
    row("product overflows", R"({"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}})",
        0, "the shape of the tensor \"a\" is too large");
    row("bytes overflow", R"({"a":{"dtype":"F64","shape":[4611686018427387904],"data_offsets":[0,0]}})", 0,
        "the shape of the tensor \"a\" is too large");
    row("size overflows", R"({"a":{"dtype":"U8","shape":[18446744073709551615],"data_offsets":[0,0]}})", 0,
        "the shape of \"a\" is too large");
    row("duplicate name",
        R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})",
        0, "the name \"a\" stands twice");
    row("duplicate field", R"({"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}})", 0,
        "\"a\" has dtype twice");
    row("duplicate metadata", R"({"__metadata__":{"k":"1","k":"2"}})", 0,
        "the key \"k\" of __metadata__ stands twice");
    row("metadata twice", R"({"__metadata__":{},"__metadata__":{}})", 0,
        "the name \"__metadata__\" stands twice");
    row("metadata number", R"({"__metadata__":{"k":1}})", 0,
        "__metadata__ holds 1 for \"k\", a text was wanted");
    row("metadata text", R"({"__metadata__":"k"})", 0, "\"__metadata__\" is \"k\", an object was wanted");
    row("unknown type", R"({"a":{"dtype":"F33","shape":[0],"data_offsets":[0,0]}})", 0,
        "\"a\" has the type \"F33\", known are BOOL U8");
    row("type number", R"({"a":{"dtype":1,"shape":[0],"data_offsets":[0,0]}})", 0,
        "\"a\" has 1 in dtype, wanted a text");
    row("type array", R"({"a":{"dtype":["F32"],"shape":[0],"data_offsets":[0,0]}})", 0,
        "\"a\" has an array in dtype");
    row("negative size", R"({"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,0]}})", 0,
        "\"a\" has -1 in shape, wanted whole numbers, not negative");
    row("size 1.5", R"({"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,0]}})", 0,
        "\"a\" has 1.5 in shape");
    row("size null", R"({"a":{"dtype":"U8","shape":null,"data_offsets":[0,0]}})", 0,
        "\"a\" has null in shape");
    row("deep", R"({"a":{"dtype":"U8","shape":[[[[[[1]]]]]],"data_offsets":[0,0]}})", 0,
        "\"a\" has an array in shape");
    row("nested", R"({"a":{"dtype":{},"shape":[],"data_offsets":[0,0]}})", 0, "\"a\" has an object in dtype");
    row("three offsets", R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0,0]}})", 0,
        "\"a\" has more than two data_offsets");
    row("one offset", R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0]}})", 0,
        "\"a\" lacks its two data_offsets");
    row("no type", R"({"a":{"shape":[0],"data_offsets":[0,0]}})", 0, "\"a\" lacks dtype");
    row("no shape", R"({"a":{"dtype":"U8","data_offsets":[0,0]}})", 0, "\"a\" lacks shape");
    row("unknown field", R"({"a":{"dtype":"U8","shap":[0],"data_offsets":[0,0]}})", 0,
        "\"a\" has the unknown field \"shap\"");
    row("no object", R"({"a":7})", 0, "\"a\" is 7, an object was wanted");
    row("array", "[]", 0, "its header does not begin with '{'");
    row("blank first", " {}", 0, "its header does not begin with '{'");
    row("broken", R"({"a":)", 0, "its header is no valid JSON at byte 6");
    row("two", "{}{}", 0, "its header is no valid JSON at byte 3");
    row("no UTF-8", "{\"\xFF\":{}}", 0, "its header is no valid JSON");
    row("no header", "", 0, "its header does not begin with '{'");
}

void TestSafetensors::refuses()
{
    QFETCH(QByteArray, header);
    QFETCH(int, data);
    QFETCH(QString, why);
    const auto read =
        readSafetensors(fileWith(header.toStdString(), static_cast<std::size_t>(data)), "w.safetensors");
    VERIFY_ERROR(read, why.toStdString());
    VERIFY_ERROR(read, "w.safetensors cannot be used: ");
    VERIFY_ERROR(read, "Get the file again.");
}

void TestSafetensors::refusesAFileCutAtAnyByte()
{
    const Bytes file = writeSafetensors(someTensors());
    for (std::size_t size = 0; size < file.size(); ++size) {
        const auto read = readSafetensors(std::span(file).first(size), "w.safetensors");
        VERIFY_ERROR(read, size < 8 ? "a safetensors file has at least 8" : "it is cut short");
    }
}

void TestSafetensors::refusesHugeHeadersQuickly()
{
    VERIFY_ERROR(readSafetensors(fileWith("{}", 0, 100'000'001), "x"),
                 "its header is announced with 100000001 bytes, at most 100000000 are allowed");
    VERIFY_ERROR(readSafetensors(fileWith("{}", 0, UINT64_MAX), "x"), "at most 100000000 are allowed");
    VERIFY_ERROR(readSafetensors(fileWith("{}", 0, 100'000'000), "x"),
                 "it is cut short: 2 bytes of its header are there");
    // A document tree with ordered keys would take hours for these.
    std::string many = "{";
    for (int i = 0; i < 100'000; ++i)
        many += "\"" + std::to_string(i) + R"(":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},)";
    VERIFY_ERROR(readSafetensors(fileWith(many + R"("0":0})", 0), "x"), "the name \"0\" stands twice");
    VERIFY_ERROR(readSafetensors(fileWith(std::string(1'000'000, '{'), 0), "x"), "no valid JSON");
    VERIFY_ERROR(readSafetensors(fileWith("{\"a\":" + std::string(1'000'000, '['), 0), "x"),
                 "\"a\" is an array");
}

void TestSafetensors::survivesAnyBytes()
{
    const Bytes file = writeSafetensors(someTensors(), {{"format", "pt"}});
    std::size_t refused = 0;
    for (std::uint32_t mutant = 0; mutant < 4000; ++mutant) {
        Random random(2, Purpose::Order, 0, mutant);
        Bytes bytes = file;
        for (std::uint32_t i = 0, count = 1 + random.below(3); i < count; ++i) {
            const auto at = bytes.begin() + random.below(static_cast<std::uint32_t>(bytes.size()));
            if (random.below(4) == 0)
                bytes.insert(at, bytes.begin(), bytes.begin() + random.below(16));
            else
                *at = static_cast<std::byte>(random.below(2) ? random.next() : "{}[]\",:0"[random.below(8)]);
        }
        const auto read = readSafetensors(bytes, "x");
        refused += !read;
        if (read)
            VERIFY_OK(readSafetensors(writeSafetensors(read->tensors, read->metadata), "x"));
    }
    QVERIFY(refused > 2000);
}

QTEST_APPLESS_MAIN(TestSafetensors)
#include "tst_safetensors.moc"
