// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/tensor.h"
#include "tests/support/testsupport.h"

using namespace torchdesk;

class TestTensor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsElementsAndNoticesOverflow();
    void typesHaveTheNamesAndSizesOfSafetensors();
    void equalMeansEveryByte();
};

void TestTensor::countsElementsAndNoticesOverflow()
{
    QCOMPARE(elementCount({}).value(), std::int64_t{1});
    QCOMPARE(elementCount({6, 1, 5, 5}).value(), std::int64_t{150});
    QCOMPARE(elementCount({1LL << 62, 1LL << 62, 0}).value(), std::int64_t{0});
    QVERIFY(!elementCount({1LL << 32, 1LL << 31}));
    QVERIFY(!elementCount({3, -1}));
    QVERIFY(!elementCount({0, -1}));
}

void TestTensor::typesHaveTheNamesAndSizesOfSafetensors()
{
    const std::vector<std::pair<std::string, std::size_t>> wanted = {
        {"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"I16", 2}, {"U16", 2}, {"F16", 2}, {"BF16", 2},
        {"I32", 4},  {"U32", 4}, {"F32", 4}, {"F64", 8}, {"I64", 8}, {"U64", 8}};
    for (const auto& [name, size] : wanted) {
        const auto type = dtypeNamed(name);
        QVERIFY2(type.has_value(), name.c_str());
        QCOMPARE(std::string(dtypeName(*type)), name);
        QCOMPARE(elementSize(*type), size);
    }
    QVERIFY(!dtypeNamed("f32"));
    QCOMPARE(*dtypeNamed("F64"), DType::F64);
}

void TestTensor::equalMeansEveryByte()
{
    const auto bytes = [](int last) {
        return std::make_shared<const Bytes>(
            Bytes{std::byte{1}, std::byte{2}, std::byte{3}, std::byte(last)});
    };
    const NamedTensor tensor{"fc1.bias", DType::F32, {1}, bytes(4)};
    QVERIFY(tensor == (NamedTensor{"fc1.bias", DType::F32, {1}, bytes(4)}));
    QVERIFY(!(tensor == NamedTensor{"fc1.bias", DType::F32, {1}, bytes(5)}));
    QVERIFY(!(tensor == NamedTensor{"fc1.bias", DType::I32, {1}, bytes(4)}));
    QVERIFY(!(tensor == NamedTensor{"fc1.bias", DType::F32, {1, 1}, bytes(4)}));
    QVERIFY(!(tensor == NamedTensor{"fc2.bias", DType::F32, {1}, bytes(4)}));
    QVERIFY(!(tensor == NamedTensor{"fc1.bias", DType::F32, {1}, nullptr}));
}

QTEST_APPLESS_MAIN(TestTensor)
#include "tst_tensor.moc"
