// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/mnist.h"
#include "core/data/preprocessing.h"
#include "core/data/syntheticdigits.h"
#include "tests/support/testsupport.h"

using namespace torchdesk;

namespace {

Expected<Preprocessing> parsed(const std::string& text)
{
    return preprocessingFromJson(parseJson(text, "model.json").value(), "model.json");
}

} // namespace

class TestPreprocessing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void normalisesByHand();
    void goesThroughJson();
    void refusesWhatCannotBe();
    void builtInSetsAreReadAsDigits();
};

void TestPreprocessing::normalisesByHand()
{
    Preprocessing grey;
    grey.shape = {1, 1, 2};
    std::vector<float> out(2);
    normalise(grey, std::vector<std::uint8_t>{51, 255}, out);
    QCOMPARE(out, (std::vector<float>{0.2f, 1.0f}));
    Preprocessing colour;
    colour.shape = {3, 1, 2};
    colour.scale = 0.5;
    colour.mean = {1, 2, 3};
    colour.deviation = {1, 2, 4};
    out.resize(12);
    normalise(colour, std::vector<std::uint8_t>{2, 4, 6, 8, 10, 12, 20, 22, 24, 26, 28, 30}, out);
    QCOMPARE(out, (std::vector<float>{0, 1, 0.5f, 1, 0.5f, 0.75f, 9, 10, 5, 5.5f, 2.75f, 3}));
}

void TestPreprocessing::goesThroughJson()
{
    Preprocessing value;
    value.shape = {3, 32, 16};
    value.mean = {0.485, 0.456, 0.406};
    value.deviation = {0.229, 0.224, 0.225};
    const auto back = preprocessingFromJson(Json::parse(toJson(value).dump()), "model.json");
    VERIFY_OK(back);
    QVERIFY(*back == value);
    QVERIFY(!toJson(value).contains("range"));
    for (const char* fit : {"crop", "fill", "squash", "fit"}) {
        value.picture = fit;
        value.range = PictureRange{12, 4095};
        const auto with = preprocessingFromJson(Json::parse(toJson(value).dump()), "model.json");
        VERIFY_OK(with);
        QVERIFY(*with == value);
    }
    QCOMPARE(parsed(R"({"shape":[1,28,28]})")->scale, 1.0 / 255.0);
}

void TestPreprocessing::refusesWhatCannotBe()
{
    VERIFY_ERROR(parsed("{}"), "model.json: preprocessing.shape: found nothing, wanted this field.");
    VERIFY_ERROR(parsed(R"({"shape":[1,28]})"), "preprocessing.shape: found 1×28, wanted channels (1 or 3)");
    VERIFY_ERROR(parsed(R"({"shape":[1,28,0]})"), "found 1×28×0");
    VERIFY_ERROR(parsed(R"({"shape":[1,28,1000000]})"), "from 1 to 16384");
    VERIFY_ERROR(parsed(R"({"shape":[2,28,28]})"), "channels (1 or 3)");
    VERIFY_ERROR(parsed(R"({"shape":[1,28,28],"scale":0})"),
                 "preprocessing.scale: found 0, wanted a finite number");
    VERIFY_ERROR(parsed(R"({"shape":[1,28,28],"mean":[1,2]})"),
                 "preprocessing.mean: found 2 numbers, wanted one for each of 1");
    VERIFY_ERROR(parsed(R"({"shape":[1,28,28],"deviation":[0]})"),
                 "preprocessing.deviation: found a number that is not positive");
    VERIFY_ERROR(parsed(R"({"shape":[1,28,28],"picture":"stretch"})"),
                 "found \"stretch\", wanted \"digit\", \"crop\", \"squash\", \"fill\" or \"fit\"");
    for (const char* range : {"[5]", "[7,7]", "[-1,5]", "[0,65536]"})
        VERIFY_ERROR(parsed(std::string(R"({"shape":[1,28,28],"range":)") + range + "}"),
                     "preprocessing.range: found");
    VERIFY_ERROR(parsed(R"({"shape":[3,28,28],"picture":"digit"})"),
                 "\"squash\" or another for colour pictures");
    VERIFY_ERROR(parsed(R"({"shape":[1,28,28],"scales":1})"),
                 "scales: found an unknown key, wanted \"scale\"");
    VERIFY_ERROR(parsed("[]"), "wanted a JSON object");
}

void TestPreprocessing::builtInSetsAreReadAsDigits()
{
    for (const DataDescription& set : {mnistDescription(), drawnDigitsDescription()}) {
        const Preprocessing value = preprocessingFor(set);
        QCOMPARE(value.picture, std::string("digit"));
        QCOMPARE(value.scale, 1.0 / 255.0);
        QCOMPARE(value.shape, (Shape{1, 28, 28}));
        QVERIFY(value.mean.empty() && value.deviation.empty());
    }
    DataDescription other;
    other.classes = {"cat", "dog"};
    other.shape = {3, 32, 32};
    QCOMPARE(preprocessingFor(other).picture, std::string("fit"));
}

QTEST_APPLESS_MAIN(TestPreprocessing)
#include "tst_preprocessing.moc"
