// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/philox.h"
#include "core/formats/statedict.h"
#include "tests/support/testsupport.h"

#include <cstring>
#include <map>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

/// Files that PyTorch wrote (statedicts/make.py).
Bytes fileOf(const std::string& name)
{
    return readBytes(std::filesystem::path(TORCHDESK_SOURCE_DIR) / "tests/core/formats/statedicts" / name)
        .value_or(Bytes());
}

std::map<std::string, NamedTensor> byName(const StateDict& dict)
{
    std::map<std::string, NamedTensor> named;
    for (const NamedTensor& tensor : dict.tensors)
        named[tensor.name] = tensor;
    return named;
}

template <class T>
std::vector<T> valuesOf(const NamedTensor& tensor)
{
    std::vector<T> values(tensor.bytes->size() / sizeof(T));
    std::memcpy(values.data(), tensor.bytes->data(), tensor.bytes->size());
    return values;
}

using Floats = std::vector<float>;

} // namespace

/// What PyTorch itself writes, in both of its forms.
class TestStateDictFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stateDictOfAModule_data();
    void stateDictOfAModule();
    void viewsAndSharedStorages_data();
    void viewsAndSharedStorages();
    void refuses_data();
    void refuses();
    void bigEndian();
    void flippedBitOfAWeight();
    void cutAnywhere();
    void manyViewsOfOneStorage();
    void mutants_data();
    void mutants();
};

void TestStateDictFile::stateDictOfAModule_data()
{
    QTest::addColumn<QString>("prefix");
    QTest::addColumn<QString>("key");
    QTest::newRow("plain.pth") << ""
                               << "";
    QTest::newRow("older.pth") << ""
                               << "";
    QTest::newRow("checkpoint.pth") << "module."
                                    << "state_dict";
    QTest::newRow("checkpoint-older.pth") << "module."
                                          << "state_dict";
}

void TestStateDictFile::stateDictOfAModule()
{
    QFETCH(QString, prefix);
    QFETCH(QString, key);
    const auto read = readStateDict(fileOf(QTest::currentDataTag()), "w.pth");
    VERIFY_OK(read);
    QCOMPARE(read->key, key.toStdString());
    std::string names;
    for (const NamedTensor& tensor : read->tensors)
        names += tensor.name.substr(static_cast<std::size_t>(prefix.size())) + " ";
    QCOMPARE(names, std::string("conv.weight conv.bias bn.weight bn.bias bn.running_mean bn.running_var "
                                "bn.num_batches_tracked "));
    QCOMPARE(read->tensors[0].name, prefix.toStdString() + "conv.weight");
    QCOMPARE(read->tensors[0].shape, (Shape{2, 1, 2, 2}));
    if (key.isEmpty()) { // the checkpoint was trained for a step
        QCOMPARE(valuesOf<float>(read->tensors[0]), (Floats{0, 1, 2, 3, 4, 5, 6, 7}));
        QCOMPARE(valuesOf<float>(read->tensors[1]), (Floats{-1, 0.5f}));
        QCOMPARE(valuesOf<std::int64_t>(read->tensors[6]), std::vector<std::int64_t>{0});
    } else {
        QCOMPARE(valuesOf<std::int64_t>(read->tensors[6]), std::vector<std::int64_t>{1});
    }
    QCOMPARE(read->tensors[6].type, DType::I64);
    QVERIFY(read->tensors[6].shape.empty());
}

void TestStateDictFile::viewsAndSharedStorages_data()
{
    QTest::addColumn<QString>("file");
    QTest::newRow("zip") << "views.pth";
    QTest::newRow("older") << "views-older.pth";
}

void TestStateDictFile::viewsAndSharedStorages()
{
    QFETCH(QString, file);
    const auto read = readStateDict(fileOf(file.toStdString()), "w.pth");
    VERIFY_OK(read);
    auto tensors = byName(*read);
    QCOMPARE(tensors.size(), 13u);
    const Floats all{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    QCOMPARE(valuesOf<float>(tensors["whole"]), all);
    QVERIFY(tensors["whole"].bytes == tensors["again"].bytes); // one memory for both
    QCOMPARE(tensors["transposed"].shape, (Shape{4, 3}));
    QCOMPARE(valuesOf<float>(tensors["transposed"]), (Floats{0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11}));
    QCOMPARE(valuesOf<float>(tensors["column"]), (Floats{1, 5, 9}));
    QCOMPARE(valuesOf<float>(tensors["end"]), (Floats{8, 9, 10, 11}));
    QCOMPARE(valuesOf<float>(tensors["expanded"]), (Floats{2, 2, 2}));
    QCOMPARE(valuesOf<float>(tensors["channels_last"]),
             (Floats{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}));
    QCOMPARE(valuesOf<std::uint16_t>(tensors["half"]), (std::vector<std::uint16_t>{0x3c00, 0xc100}));
    QCOMPARE(valuesOf<std::uint16_t>(tensors["brain"]), (std::vector<std::uint16_t>{0x3f80, 0xc020}));
    QCOMPARE(tensors["brain"].type, DType::BF16);
    QCOMPARE(valuesOf<double>(tensors["double"]), std::vector<double>{0.1});
    QCOMPARE(valuesOf<std::uint8_t>(tensors["flags"]), (std::vector<std::uint8_t>{1, 0}));
    QCOMPARE(tensors["none"].shape, (Shape{0, 3}));
    QCOMPARE(valuesOf<float>(tensors["parameter"]), Floats{7});
}

void TestStateDictFile::refuses_data()
{
    QTest::addColumn<QString>("why");
    QTest::newRow("whole.pth") << "torch.nn.modules.container Sequential";
    QTest::newRow("whole-older.pth") << "torch.nn.modules.container Sequential";
    QTest::newRow("script.pt") << "TorchScript";
    QTest::newRow("list.pth") << "no dict of tensors";
    QTest::newRow("make.py") << "it is not a PyTorch state dict";
}

void TestStateDictFile::refuses()
{
    QFETCH(QString, why);
    const Bytes file = fileOf(QTest::currentDataTag());
    QVERIFY(!file.empty());
    const auto read = readStateDict(file, "w.pth");
    VERIFY_ERROR(read, why.toStdString());
    VERIFY_ERROR(read, "model.state_dict()");
    QVERIFY(read.error().message.starts_with("w.pth: "));
}

void TestStateDictFile::bigEndian()
{
    Bytes file = fileOf("older.pth");
    const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
    const std::size_t at = text.find("little_endian");
    QVERIFY(at != std::string_view::npos);
    const std::size_t yes = text.find('\x88', at);
    file[yes] = std::byte{0x89}; // False
    VERIFY_ERROR(readStateDict(file, "w.pth"), "big-endian");
}

void TestStateDictFile::flippedBitOfAWeight()
{
    Bytes file = fileOf("plain.pth");
    const Floats values{0, 1, 2, 3, 4, 5, 6, 7};
    const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
    const std::size_t at = text.find({reinterpret_cast<const char*>(values.data()), 32});
    QVERIFY(at != std::string_view::npos);
    file[at + 9] ^= std::byte{1};
    VERIFY_ERROR(readStateDict(file, "w.pth"), "differs from its checksum");
}

void TestStateDictFile::cutAnywhere()
{
    for (const char* name : {"plain.pth", "older.pth"}) {
        const Bytes file = fileOf(name);
        for (std::size_t length = 0; length < file.size(); ++length)
            QVERIFY(!readStateDict(std::span(file).first(length), "cut.pth"));
    }
}

void TestStateDictFile::manyViewsOfOneStorage()
{
    // The storage of 'expanded' stays, its one element is repeated a million million times.
    Bytes file = fileOf("views-older.pth");
    std::string text(reinterpret_cast<const char*>(file.data()), file.size());
    const std::string small("K\x03\x85", 3);
    const std::size_t at = text.find(small, text.find("expanded"));
    QVERIFY(at != std::string::npos);
    text.replace(at, small.size(), std::string("\x8a\x06\0\0\0\0\0\1\x85", 9));
    VERIFY_ERROR(readStateDict({reinterpret_cast<const std::byte*>(text.data()), text.size()}, "w.pth"),
                 "is too large for the file");
}

void TestStateDictFile::mutants_data()
{
    QTest::addColumn<QString>("file");
    for (const char* name :
         {"plain.pth", "older.pth", "views.pth", "views-older.pth", "checkpoint.pth", "checkpoint-older.pth"})
        QTest::newRow(name) << name;
}

/// Ten thousand of each.
void TestStateDictFile::mutants()
{
    QFETCH(QString, file);
    const Bytes whole = fileOf(file.toStdString());
    QVERIFY(!whole.empty());
    int refused = 0;
    for (std::uint32_t i = 0; i < 10000; ++i) {
        Random numbers(7, Purpose::DrawnDigits, 0, i);
        Bytes mutant = whole;
        for (std::uint32_t n = 0; n <= numbers.below(4); ++n) {
            const auto at = numbers.below(static_cast<std::uint32_t>(mutant.size()));
            if (numbers.below(8) == 0)
                mutant.insert(mutant.begin() + at, mutant.begin(), mutant.begin() + numbers.below(16));
            else
                mutant[at] =
                    static_cast<std::byte>(numbers.below(2) ? numbers.next() : "RQbu}(.K"[numbers.below(8)]);
        }
        const auto read = readStateDict(mutant, "mutant.pth");
        refused += !read;
        if (read)
            for (const NamedTensor& tensor : read->tensors)
                QCOMPARE(tensor.bytes->size(), static_cast<std::size_t>(elementCount(tensor.shape).value()) *
                                                   elementSize(tensor.type));
        else
            QVERIFY2(read.error().message.starts_with("mutant.pth"), read.error().message.c_str());
    }
    QVERIFY(refused > 1000);
}

QTEST_APPLESS_MAIN(TestStateDictFile)
#include "tst_statedictfile.moc"
