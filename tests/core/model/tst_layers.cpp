// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/attributes.h"
#include "core/model/layers.h"
#include "tests/support/testsupport.h"

#include <set>

using namespace torchdesk;

namespace {

/// Smallest values for the attributes that must be given.
Json leastAttributes(const LayerSpec& spec)
{
    Json json = Json::object();
    for (const AttributeSpec& attribute : spec.attributes) {
        if (!attribute.byDefault)
            json[attribute.name] = static_cast<std::int64_t>(attribute.least);
    }
    return json;
}

Expected<void> inferred(const LayerSpec& spec, LoweredNode& node, const Shape& input)
{
    const std::vector<Shape> both = {input, input};
    return spec.merge ? spec.merge(node, both) : spec.infer(node, input);
}

std::string pythonOf(const LayerSpec& spec, const LoweredNode& node, const Shape& input)
{
    const std::vector<std::string> inputs(spec.merge ? 2 : 1, "x");
    return spec.python ? spec.python(node, input) : spec.expression(node, input, inputs);
}

} // namespace

class TestLayers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachLayerHonoursTheContract();
    void lookUp();
};

void TestLayers::eachLayerHonoursTheContract()
{
    std::set<std::string> kinds;
    std::set<std::string> pythons;
    std::set<std::string> summaries;
    for (const LayerSpec& spec : layerSpecs()) {
        QVERIFY2(kinds.insert(spec.kind).second, spec.kind.c_str());
        QVERIFY2(!spec.infer != !spec.merge && !spec.python != !spec.expression && spec.summary,
                 spec.kind.c_str());
        LoweredNode node;
        node.name = "layer";
        node.kind = spec.kind;
        const auto attributes = readAttributes(spec, leastAttributes(spec), nullptr, "test", "layer");
        if (attributes)
            node.attributes = *attributes;
        VERIFY_OK(attributes);
        QCOMPARE(attributes->size(), spec.attributes.size());
        Shape input = {1, 6, 6};
        if (!inferred(spec, node, input))
            input = {8};
        VERIFY_OK(inferred(spec, node, input));
        QVERIFY2(!node.output.empty(), spec.kind.c_str());
        for (const ParameterSpec& parameter : node.parameters)
            QVERIFY2(parameter.name.starts_with("layer."), parameter.name.c_str());
        const std::string python = pythonOf(spec, node, input);
        QVERIFY2(pythons.insert(python).second, spec.kind.c_str());
        QVERIFY2(!spec.python || python.starts_with("nn."), python.c_str());
        QVERIFY2(summaries.insert(spec.summary(node)).second, spec.kind.c_str());
    }
    QVERIFY(!summaries.contains("") && !kinds.contains("") && !kinds.contains("sequential") &&
            !kinds.contains("input"));
}

void TestLayers::lookUp()
{
    QCOMPARE(findLayer("conv2d")->kind, std::string("conv2d"));
    QVERIFY(!findLayer("Conv2d"));
    QVERIFY(!findLayer("sequential"));
}

QTEST_APPLESS_MAIN(TestLayers)
#include "tst_layers.moc"
