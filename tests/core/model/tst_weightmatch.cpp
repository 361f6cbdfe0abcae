// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/weightmatch.h"
#include "tests/core/model/modelsupport.h"
#include "tests/support/testsupport.h"

#include <algorithm>
#include <cstring>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

NamedTensor tensorOf(const std::string& name, const Shape& shape, DType type = DType::F32)
{
    return {name, type, shape,
            std::make_shared<const Bytes>(static_cast<std::size_t>(elementCount(shape).value()) *
                                          elementSize(type))};
}

/// A model's own tensors, as a file would hold them.
std::vector<NamedTensor> tensorsOf(const LoweredModel& model, const std::string& prefix = {})
{
    std::vector<NamedTensor> tensors;
    for (const LoweredNode& node : model.nodes) {
        for (const ParameterSpec& spec : node.parameters)
            tensors.push_back(tensorOf(prefix + spec.name, spec.shape));
        if (node.kind == "batchnorm2d")
            tensors.push_back(tensorOf(prefix + node.name + ".num_batches_tracked", {}, DType::I64));
    }
    return tensors;
}

LoweredModel resnet18(std::int64_t classes)
{
    return lower(findModel("resnet18").value(), {3, 224, 224}, classes).value();
}

template <class T>
NamedTensor valuesAs(DType type, std::vector<T> values)
{
    auto bytes = std::make_shared<Bytes>(values.size() * sizeof(T));
    std::memcpy(bytes->data(), values.data(), bytes->size());
    return {"fc.bias", type, {static_cast<std::int64_t>(values.size())}, std::move(bytes)};
}

} // namespace

class TestWeightMatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everythingMatches();
    void theHeadIsReplaced();
    void aPrefixIsTakenOff();
    void whatDoesNotFitIsListed();
    void leftOvers();
    void otherTypesBecomeFloat();
    void heads();
};

void TestWeightMatch::everythingMatches()
{
    const LoweredModel model = resnet18(1000);
    const WeightMatch match = matchWeights(model, tensorsOf(model));
    QVERIFY(match.fits());
    // 20 convolutions, 20 normalisations with 4 each, a dense layer with 2.
    QCOMPARE(match.matched.size(), 102u);
    QCOMPARE(matchSummary(match, model), std::string("102 of 102 tensors matched"));
    QCOMPARE(matchTrouble(match), std::string());
}

void TestWeightMatch::theHeadIsReplaced()
{
    const LoweredModel two = resnet18(2);
    const WeightMatch match = matchWeights(two, tensorsOf(resnet18(1000)));
    QVERIFY(match.fits());
    QCOMPARE(match.newHead, std::string("fc"));
    QCOMPARE(match.matched.size(), 100u);
    QCOMPARE(matchSummary(match, two), std::string("100 of 102 tensors matched, fc is new for 2 classes"));
    QVERIFY(std::ranges::none_of(match.matched,
                                 [](const NamedTensor& one) { return one.name.starts_with("fc."); }));
    // A file without any head is as good.
    auto headless = tensorsOf(resnet18(1000));
    std::erase_if(headless, [](const NamedTensor& one) { return one.name.starts_with("fc."); });
    QVERIFY(matchWeights(two, headless).fits());
    QCOMPARE(matchWeights(two, headless).newHead, std::string("fc"));
}

void TestWeightMatch::aPrefixIsTakenOff()
{
    const LoweredModel model = resnet18(1000);
    const WeightMatch match = matchWeights(model, tensorsOf(model, "module."));
    QCOMPARE(match.matched.size(), 102u);
    QCOMPARE(match.matched.front().name, std::string("conv1.weight"));
    QCOMPARE(matchSummary(match, model),
             std::string("102 of 102 tensors matched, 'module.' taken off their names"));
}

void TestWeightMatch::whatDoesNotFitIsListed()
{
    const LoweredModel grey = lower(findModel("resnet18").value(), {1, 64, 64}, 1000).value();
    auto tensors = tensorsOf(resnet18(1000));
    std::erase_if(tensors, [](const NamedTensor& one) { return one.name == "bn1.weight"; });
    const WeightMatch match = matchWeights(grey, tensors);
    QVERIFY(!match.fits());
    QCOMPARE(matchTrouble(match),
             std::string("conv1.weight is 64×3×7×7, wanted 64×1×7×7; bn1.weight is missing"));
    QVERIFY(matchTrouble(matchWeights(grey, {})).ends_with("; and 97 more"));
    auto whole = tensorsOf(resnet18(1000));
    whole[0].type = DType::I32;
    QVERIFY(matchTrouble(matchWeights(resnet18(1000), whole)).starts_with("conv1.weight is of type I32"));
}

void TestWeightMatch::leftOvers()
{
    const LoweredModel model = resnet18(1000);
    auto tensors = tensorsOf(model);
    tensors.push_back(tensorOf("aux.weight", {3}));
    const WeightMatch match = matchWeights(model, tensors);
    QVERIFY(match.fits());
    QCOMPARE(match.leftOver, std::vector<std::string>{"aux.weight"});
    QCOMPARE(matchSummary(match, model), std::string("102 of 102 tensors matched, 1 left over (aux.weight)"));
}

void TestWeightMatch::otherTypesBecomeFloat()
{
    const auto file =
        modelOf(modelText(R"({"kind":"flatten"},{"kind":"linear","name":"fc","features":"classes"})"));
    VERIFY_OK(file);
    const auto lowered = lower(*file, {1, 2, 2}, 5);
    VERIFY_OK(lowered);
    const LoweredModel& model = *lowered;
    const std::vector<float> wanted{1, -2.5f, 0, 5.9604645e-08f, 65504};
    const auto matched = [&](const NamedTensor& bias) {
        const WeightMatch match = matchWeights(model, {tensorOf("fc.weight", {5, 4}), bias});
        std::vector<float> values(5);
        for (const NamedTensor& tensor : match.matched)
            if (tensor.name == "fc.bias" && tensor.type == DType::F32)
                std::memcpy(values.data(), tensor.bytes->data(), 20);
        return values;
    };
    QCOMPARE(matched(valuesAs<std::uint16_t>(DType::F16, {0x3c00, 0xc100, 0, 1, 0x7bff})), wanted);
    QCOMPARE(matched(valuesAs<double>(DType::F64, {1, -2.5, 0, 5.9604645e-08, 65504})), wanted);
    QCOMPARE(matched(valuesAs<std::uint16_t>(DType::BF16, {0x3f80, 0xc020, 0, 0x3380, 0x4780})),
             (std::vector<float>{1, -2.5f, 0, 5.9604645e-08f, 65536}));
}

void TestWeightMatch::heads()
{
    const auto nameOfHead = [](const char* name) {
        const LoweredModel model = loweredByName(name).value();
        return model.nodes[static_cast<std::size_t>(headNode(model).value())].name;
    };
    QCOMPARE(nameOfHead("resnet18"), std::string("fc"));
    QCOMPARE(nameOfHead("alexnet"), std::string("classifier.6"));
    QCOMPARE(nameOfHead("mobilenetv2"), std::string("classifier.1"));
    QCOMPARE(nameOfHead("lenet"), std::string("fc3"));
}

QTEST_APPLESS_MAIN(TestWeightMatch)
#include "tst_weightmatch.moc"
