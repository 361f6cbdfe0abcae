// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"
#include "tests/support/testsupport.h"

#include <cmath>

using namespace torchdesk;

class TestJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesDuplicateKeysDepthAndNonsense();
    void readerNamesFieldFoundAndWanted();
    void readerOffersTheKeyThatWasMeant();
    void notFiniteIsNull();
    void aLargeArrayIsReadInOnePass();
};

void TestJson::refusesDuplicateKeysDepthAndNonsense()
{
    VERIFY_ERROR(parseJson(R"({"a":1,"a":2})", "plan.json"), "\"a\" stands twice");
    VERIFY_ERROR(parseJson(std::string(100'000, '['), "plan.json"), "nested deeper than 64");
    VERIFY_ERROR(parseJson("{\n\"a\":\n}", "plan.json"),
                 "plan.json cannot be used: it is no valid JSON near line 3");
    std::string keys = "{\"k0\":0";
    for (int i = 1; i < 5000; ++i) // building it would take time with the square of the number
        keys += ",\"k" + std::to_string(i) + "\":0";
    VERIFY_ERROR(parseJson(keys + "}", "plan.json"), "more than 4096 keys");
    VERIFY_ERROR(parseJson("", "plan.json"), "Check the file in a text editor.");
    VERIFY_OK(parseJson(R"({"a":{"a":"[[[["}})", "plan.json", 2));
}

void TestJson::readerNamesFieldFoundAndWanted()
{
    const Json json = Json::parse(R"({"epochs":"ten"})");
    JsonReader reader(json, "plan.json", "recipe");
    std::int64_t epochs = 5;
    reader.read("epochs", epochs, 1, 100);
    VERIFY_ERROR(reader.finish(),
                 "plan.json: recipe.epochs: found \"ten\", wanted a whole number from 1 to 100.");
    QCOMPARE(epochs, std::int64_t{5});
}

void TestJson::readerOffersTheKeyThatWasMeant()
{
    const Json json = Json::parse(R"({"epoch":3})");
    JsonReader reader(json, "plan.json");
    std::int64_t epochs = 5;
    reader.read("epochs", epochs);
    VERIFY_ERROR(reader.finish(), "epoch: found an unknown key, wanted \"epochs\" perhaps");
    JsonReader lenient(json, "plan.json");
    lenient.read("epochs", epochs);
    VERIFY_OK(lenient.finishLeniently());
}

void TestJson::notFiniteIsNull()
{
    QVERIFY(finiteOrNull(std::nan("")).is_null());
    QCOMPARE(finiteOrNull(0.5).dump(), std::string("0.5"));
}

// Each element is an object: a parser that looks through the array at the end of each would need minutes.
void TestJson::aLargeArrayIsReadInOnePass()
{
    std::string text = "[";
    for (int i = 0; i < 300'000; ++i)
        text += R"({"a":1},)";
    text += "{}]";
    const auto json = parseJson(text, "large.json");
    VERIFY_OK(json);
    QCOMPARE(json->size(), std::size_t{300'001});
}

QTEST_APPLESS_MAIN(TestJson)
#include "tst_json.moc"
