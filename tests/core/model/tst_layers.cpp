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
        QVERIFY2(spec.infer && spec.summary && spec.python, spec.kind.c_str());
        LoweredNode node;
        node.name = "layer";
        node.kind = spec.kind;
        const auto attributes = readAttributes(spec, leastAttributes(spec), nullptr, "test", "layer");
        VERIFY_OK(attributes);
        QCOMPARE(attributes->size(), spec.attributes.size());
        node.attributes = *attributes;
        Shape input = {2, 6, 6};
        if (!spec.infer(node, input))
            input = {8};
        VERIFY_OK(spec.infer(node, input));
        QVERIFY2(!node.output.empty(), spec.kind.c_str());
        for (const ParameterSpec& parameter : node.parameters)
            QVERIFY2(parameter.name.starts_with("layer."), parameter.name.c_str());
        QVERIFY2(pythons.insert(spec.python(node, input)).second, spec.kind.c_str());
        QVERIFY(spec.python(node, input).starts_with("nn."));
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
