// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/philox.h"
#include "core/engine/statedict.h"
#include "core/formats/pickle.h"
#include "core/formats/statedict.h"
#include "tests/support/testsupport.h"

using namespace torchdesk;

namespace {

NamedTensor random(const std::string& name, const Shape& shape, DType type, std::uint32_t index)
{
    auto bytes =
        std::make_shared<Bytes>(static_cast<std::size_t>(elementCount(shape).value()) * elementSize(type));
    Random numbers(1, Purpose::DrawnDigits, 0, index);
    for (std::byte& byte : *bytes)
        byte = static_cast<std::byte>(type == DType::Bool ? numbers.below(2) : numbers.next());
    return {name, type, shape, std::move(bytes)};
}

std::vector<NamedTensor> someTensors()
{
    return {random("features.0.weight", {4, 3, 2, 2}, DType::F32, 1),
            random("b.bias", {7}, DType::F64, 2),
            random("a.count", {}, DType::I64, 3),
            random("half", {2, 3}, DType::F16, 4),
            random("brain", {5}, DType::BF16, 5),
            random("mask", {9}, DType::Bool, 6),
            random("bytes", {3, 1}, DType::U8, 7),
            random("none", {0, 4}, DType::F32, 8)};
}

std::span<const std::byte> asBytes(std::string_view text)
{
    return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

} // namespace

class TestStateDict : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundTripKeepsOrderAndBits();
    void tensorsThatItCannotHold();
    void badBytesAreRefused();
    void pickleThatIsNoStateDict();
    void cutAnywhere();
    void mutants();
    void pickleMutants();
};

void TestStateDict::roundTripKeepsOrderAndBits()
{
    const auto tensors = someTensors();
    const auto file = writeStateDict(tensors);
    VERIFY_OK(file);
    const auto read = readStateDict(*file, "weights.pt");
    VERIFY_OK(read);
    QVERIFY(read->tensors == tensors);
    VERIFY_OK(readStateDict(writeStateDict({}).value(), "empty.pt"));
}

void TestStateDict::tensorsThatItCannotHold()
{
    VERIFY_ERROR(writeStateDict({random("x", {2}, DType::U32, 1)}), "'x' is U32");
    VERIFY_ERROR(writeStateDict({random("x", {2}, DType::F32, 1), random("x", {2}, DType::F32, 2)}),
                 "named 'x'");
}

void TestStateDict::badBytesAreRefused()
{
    VERIFY_ERROR(readStateDict({}, "weights.pt"),
                 "weights.pt: it is not a PyTorch state dict, or it is damaged");
    VERIFY_ERROR(readStateDict(asBytes("PK\3\4 no archive"), "weights.pt"),
                 "weights.pt: it is not a whole zip");
}

void TestStateDict::pickleThatIsNoStateDict()
{
    using namespace std::string_view_literals;
    // os.system('true'), the classic
    VERIFY_ERROR(readPickle(asBytes("\x80\2cos\nsystem\nX\4\0\0\0true\x85R."sv), "w.pt"),
                 "'os system' does not belong");
    VERIFY_ERROR(readPickle(asBytes("\x80\2"sv), "w.pt"), "ends too early");
    VERIFY_ERROR(readPickle(asBytes("\x80\2X\xff\xff\xff\xfftrue."sv), "w.pt"), "longer than the file");
    VERIFY_ERROR(readPickle(asBytes("\x80\2}}s."sv), "w.pt"), "without a value");
    VERIFY_ERROR(readPickle(asBytes("\x80\2\x93."sv), "w.pt"), "opcode 147");
    VERIFY_ERROR(readPickle(asBytes("."sv), "w.pt"), "stack is empty");
}

void TestStateDict::cutAnywhere()
{
    const Bytes file = writeStateDict({random("w", {3}, DType::F32, 1)}).value();
    for (std::size_t length = 0; length < file.size(); length += 7)
        QVERIFY(!readStateDict(std::span(file).first(length), "cut.pt"));
}

void TestStateDict::mutants()
{
    const auto tensors = someTensors();
    const Bytes file = writeStateDict(tensors).value();
    int refused = 0;
    for (std::uint32_t i = 0; i < 10000; ++i) {
        Random numbers(2, Purpose::DrawnDigits, 0, i);
        Bytes mutant = file;
        for (std::uint32_t n = 0; n <= numbers.below(3); ++n)
            mutant[numbers.below(static_cast<std::uint32_t>(mutant.size()))] =
                static_cast<std::byte>(numbers.next());
        const auto read = readStateDict(mutant, "mutant.pt");
        refused += !read;
        if (read)
            for (const NamedTensor& tensor : read->tensors)
                QCOMPARE(tensor.bytes->size(), static_cast<std::size_t>(elementCount(tensor.shape).value()) *
                                                   elementSize(tensor.type));
        else
            QVERIFY2(read.error().message.starts_with("mutant.pt"), read.error().message.c_str());
    }
    QVERIFY(refused > 100);
}

void TestStateDict::pickleMutants()
{
    using namespace std::string_view_literals;
    const std::string good("\x80\2}q\0(X\1\0\0\0wq\1ctorch._utils\n_rebuild_tensor_v2\nq\2(("
                           "X\7\0\0\0storageq\3ctorch\nFloatStorage\n"
                           "q\4X\1\0\0\0"
                           "0q\5X\3\0\0\0cpuq\6K\3tq\7QK\0K\3\x85q\x08K\1\x85q\x09\x89"
                           "ccollections\nOrderedDict\nq\x0a)Rq\x0btq\x0cRq\x0du."sv);
    const auto read = readPickle(asBytes(good), "good");
    VERIFY_OK(read);
    const auto& dict = std::get<PickleDict>(read->value);
    QCOMPARE(std::get<PickleTensor>(dict.items().front().second.value).shape, (Shape{3}));
    for (std::uint32_t i = 0; i < 20000; ++i) {
        Random numbers(3, Purpose::DrawnDigits, 0, i);
        std::string mutant = good;
        for (std::uint32_t n = 0; n <= numbers.below(4); ++n)
            mutant[numbers.below(static_cast<std::uint32_t>(mutant.size()))] =
                static_cast<char>(numbers.next());
        if (const auto result = readPickle(asBytes(mutant), "mutant"); !result)
            QVERIFY(result.error().message.starts_with("mutant: "));
    }
}

QTEST_GUILESS_MAIN(TestStateDict)
#include "tst_statedict.moc"
