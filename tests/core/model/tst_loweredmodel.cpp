// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/philox.h"
#include "tests/core/model/modelsupport.h"

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

Json lenetJson()
{
    return toJson(*loweredByName("lenet"));
}

/// Puts a value in some place of the document.
void damage(Json& json, Random& random)
{
    Json* place = &json;
    while (place->is_structured() && !place->empty() && random.below(8) != 0) {
        auto child = place->begin();
        std::advance(child, random.below(static_cast<std::uint32_t>(place->size())));
        place = &*child;
    }
    static const std::vector<Json> values = {nullptr,
                                             -1,
                                             0,
                                             3,
                                             INT64_MAX,
                                             UINT64_MAX,
                                             1e300,
                                             "relu",
                                             "conv1",
                                             true,
                                             Json::array(),
                                             Json::object(),
                                             Json::array({2, 2}),
                                             Json::array({-1})};
    *place = values[random.below(static_cast<std::uint32_t>(values.size()))];
}

} // namespace

class TestLoweredModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundTrip_data();
    void roundTrip();
    void damageIsNamed();
    void brokenGraphsAreRefused();
    void damagedFilesNeverPassAsAnother();
};

void TestLoweredModel::roundTrip_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("lenet") << "lenet";
    QTest::newRow("mlp") << "mlp";
    QTest::newRow("resnet20") << "resnet20";
}

void TestLoweredModel::roundTrip()
{
    QFETCH(QString, name);
    const auto model = loweredByName(name.toStdString());
    VERIFY_OK(model);
    const auto json = parseJson(toJson(*model).dump(2), "model.json");
    VERIFY_OK(json);
    const auto back = loweredFromJson(*json, "model.json");
    VERIFY_OK(back);
    QVERIFY(*back == *model);
}

void TestLoweredModel::damageIsNamed()
{
    const auto changed = [](const char* pointer, const Json& value) {
        Json json = lenetJson();
        json[Json::json_pointer(pointer)] = value;
        return loweredFromJson(json, "model.json");
    };
    VERIFY_ERROR(changed("/nodes/1/output/0", 7), "model.json: nodes[1].output: found [7,24,24], wanted "
                                                  "[6,24,24], which follows from the layers before.");
    VERIFY_ERROR(changed("/nodes/1/parameters/0/shape/0", 7), "nodes[1].parameters: found");
    VERIFY_ERROR(changed("/nodes/1/parameters/0/initialisation", "zeros"), "nodes[1].parameters: found");
    VERIFY_ERROR(changed("/nodes/1/multiply_adds", 0), "nodes[1].multiply_adds: found 0, wanted 86400");
    VERIFY_ERROR(changed("/nodes/1/attributes/filters", 7),
                 "nodes[1].output: found [6,24,24], wanted [7,24,24]");
    VERIFY_ERROR(
        changed("/nodes/1/attributes/filters", "classes"),
        "nodes[1].attributes.filters: found \"classes\", wanted a whole number from 1 to 1000000000.");
    VERIFY_ERROR(changed("/nodes/1/attributes/kernel", 5), "nodes[1].attributes: found");
    VERIFY_ERROR(changed("/nodes/1/kind", "conv3d"),
                 "nodes[1]: found an unknown layer \"conv3d\", wanted \"conv2d\" perhaps.");
    VERIFY_ERROR(changed("/nodes/1/name", "class"),
                 "nodes[1].name: found \"class\", wanted a name that is no Python keyword.");
    VERIFY_ERROR(changed("/nodes/4/name", "conv1"),
                 "nodes[4].name: found \"conv1\", wanted a name that no other layer has.");
    VERIFY_ERROR(changed("/nodes/4/name", "input"), "nodes[4].name: found \"input\"");
    VERIFY_ERROR(changed("/nodes/1/extra", 1), "nodes[1].extra: found an unknown key");
    VERIFY_ERROR(changed("/classes", 11), "the last layer: found an output of 10, wanted 11");
    VERIFY_ERROR(changed("/input/0", 2), "nodes[0].output: found [1,28,28], wanted [2,28,28]");
    VERIFY_ERROR(changed("/input", Json::array()), "wanted channels×rows×columns");
    VERIFY_ERROR(changed("/nodes", Json::array()),
                 "model.json: nodes: found [], wanted an array of nodes, the input first.");
}

void TestLoweredModel::brokenGraphsAreRefused()
{
    for (const Json& inputs : {Json::array(), Json::array({1}), Json::array({-1}), Json::array({1 << 20}),
                               Json::array({INT64_MIN}), Json::array({0, 0})}) {
        Json json = lenetJson();
        json["nodes"][1]["inputs"] = inputs;
        VERIFY_ERROR(
            loweredFromJson(json, "model.json"),
            "model.json: nodes[1]: found inputs that do not come before it, wanted one earlier node.");
    }
    VERIFY_ERROR(loweredFromJson(Json(7), "model.json"), "model.json: found 7, wanted a JSON object.");
}

void TestLoweredModel::damagedFilesNeverPassAsAnother()
{
    const Json original = lenetJson();
    int refused = 0;
    for (std::uint32_t i = 0; i < 3000; ++i) {
        Random random(3, Purpose::Augmentation, 0, i);
        Json json = original;
        damage(json, random);
        const auto model = loweredFromJson(json, "model.json");
        refused += model ? 0 : 1;
        // What passes says the same as the file, to the last figure.
        if (model)
            QCOMPARE(toJson(*model).dump(), json.dump());
    }
    QVERIFY(refused > 2000);
}

QTEST_APPLESS_MAIN(TestLoweredModel)
#include "tst_loweredmodel.moc"
