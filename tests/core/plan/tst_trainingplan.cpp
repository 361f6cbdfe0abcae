// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/philox.h"
#include "core/plan/options.h"
#include "tests/support/testsupport.h"
#include "tests/support/unusualplan.h"

#include <filesystem>

using namespace torchdesk;

namespace {

Expected<TrainingPlan> fromText(const std::string& text)
{
    const auto json = parseJson(text, "plan.json");
    if (!json)
        return failure(json);
    return planFromJson(*json, "plan.json");
}

TrainingPlan unusual()
{
    TrainingPlan plan = test::unusualPlan();
    plan.seed = 18446744073709551615u;
    return plan;
}

/// Replaces, removes, doubles or inserts a few bytes.
std::string mutated(std::string text, Random& random)
{
    static constexpr std::string_view bytes = "{}[]\":,0123456789.-+eE \\untrfals\xff\x00";
    for (std::uint32_t edits = 1 + random.below(4); edits > 0 && !text.empty(); --edits) {
        const std::size_t at = random.below(static_cast<std::uint32_t>(text.size()));
        const char byte = bytes[random.below(static_cast<std::uint32_t>(bytes.size()))];
        switch (random.below(4)) {
        case 0:
            text[at] = byte;
            break;
        case 1:
            text.erase(at, 1 + random.below(8));
            break;
        case 2:
            text.insert(at, 1, byte);
            break;
        default:
            text.insert(at, text.substr(at / 2, random.below(30)));
            break;
        }
    }
    return text;
}

} // namespace

class TestTrainingPlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundTrip();
    void keysStandInTheOrderOfTheTable();
    void partialFileIsFilledWithDefaults();
    void refusals_data();
    void refusals();
    void readsFiles();
    void mutantsNeverHarm();
};

void TestTrainingPlan::roundTrip()
{
    for (const TrainingPlan& plan : {TrainingPlan{}, unusual()}) {
        const auto back = fromText(toJson(plan).dump(2));
        VERIFY_OK(back);
        QVERIFY(*back == plan);
    }
}

void TestTrainingPlan::keysStandInTheOrderOfTheTable()
{
    const Json json = toJson(TrainingPlan{});
    QCOMPARE(json.begin().key(), std::string("format"));
    QCOMPARE(json["format"].dump(), std::string("1"));
    QCOMPARE(json["learning_rate"].dump(), std::string("0.001"));
    std::size_t position = 1;
    for (const Option& option : optionTable())
        QCOMPARE(std::next(json.begin(), static_cast<std::ptrdiff_t>(position++)).key(), option.id);
    QCOMPARE(json.size(), position);
}

void TestTrainingPlan::partialFileIsFilledWithDefaults()
{
    TrainingPlan wanted;
    wanted.epochs = 20;
    wanted.learningRate = 1;
    const auto plan = fromText(R"({"epochs":20,"learning_rate":1})");
    VERIFY_OK(plan);
    QVERIFY(*plan == wanted);
    VERIFY_OK(fromText("{}"));
    VERIFY_OK(fromText(R"({"format":1,"label":"x","order":3,"name":"y"})"));
}

void TestTrainingPlan::refusals_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* text, const char* message) { QTest::newRow(text) << text << message; };
    row("[]", "plan.json: found [], wanted a JSON object.");
    row(R"({"format":2})",
        "plan.json: format: found 2, wanted 1: the file is from a newer version of TorchDesk.");
    row(R"({"epochs":0,"format":2})", "newer version");
    row(R"({"format":0})", "plan.json: format: found 0, wanted 1.");
    row(R"({"format":"1"})", "plan.json: format: found \"1\", wanted 1.");
    row(R"({"format":1.0})", "plan.json: format: found 1.0, wanted 1.");
    row(R"({"epoch":5})", "plan.json: epoch: found an unknown option, wanted \"epochs\" perhaps.");
    row(R"({"epochs":"ten"})", "plan.json: epochs: found \"ten\", wanted a whole number from 1 to 100000.");
    row(R"({"epochs":5.0})", "plan.json: epochs: found 5.0, wanted a whole number from 1 to 100000.");
    row(R"({"epochs":null})", "plan.json: epochs: found null, wanted a whole number");
    row(R"({"epochs":1e999})", "plan.json cannot be used");
    row(R"({"seed":18446744073709551616})",
        "plan.json: seed: found 1.8446744073709552e+19, wanted a whole number");
    row(R"({"seed":-1})", "plan.json: seed: found -1, wanted a whole number from 0 to 18446744073709551615.");
    row(R"({"learning_rate":true})",
        "plan.json: learning_rate: found true, wanted a number above 0, at most 100.");
    row(R"({"model":7})", "plan.json: model: found 7, wanted a text.");
    row(R"({"optimizer":"sdg"})",
        "plan.json: optimizer: found \"sdg\", wanted one of adam, adamw, sgd, rmsprop: \"sgd\" perhaps.");
    row(R"({"device":"cuda:"})", "plan.json: device: found \"cuda:\", wanted auto, cpu or cuda:N");
    row(R"({"epochs":1,"epochs":2})", "\"epochs\" stands twice");
}

void TestTrainingPlan::refusals()
{
    QFETCH(QString, text);
    QFETCH(QString, message);
    VERIFY_ERROR(fromText(text.toStdString()), message.toStdString());
}

void TestTrainingPlan::readsFiles()
{
    const test::TemporaryFolder folder;
    const std::string file = (folder / "plan.json").string();
    VERIFY_ERROR(readPlan(file), "No such file");
    test::writeFile(file, toJson(unusual()).dump());
    const auto plan = readPlan(file);
    VERIFY_OK(plan);
    QVERIFY(*plan == unusual());
    test::writeFile(file, "{\"epochs\":");
    VERIFY_ERROR(readPlan(file), file + " cannot be used: it is no valid JSON");
    test::writeFile(file, std::string(2 << 20, ' '));
    VERIFY_ERROR(readPlan(file), "at most 1.0 MB were expected");
    VERIFY_ERROR(readPlan(folder.path().string()), "is a folder, a file was wanted");
}

void TestTrainingPlan::mutantsNeverHarm()
{
    const std::string original = toJson(unusual()).dump();
    int accepted = 0;
    for (std::uint32_t i = 0; i < 5000; ++i) {
        Random random(1, Purpose::Augmentation, 0, i);
        const auto plan = fromText(mutated(original, random));
        if (!plan) {
            QVERIFY(plan.error().message.starts_with("plan.json"));
            continue;
        }
        // What passes is a plan that passes again.
        ++accepted;
        VERIFY_OK(checkPlan(*plan));
        const auto again = planFromJson(toJson(*plan), "plan.json");
        VERIFY_OK(again);
        QVERIFY(*again == *plan);
    }
    QVERIFY2(accepted > 50, "too few mutants pass: the test would see nothing of what happens then");
}

QTEST_APPLESS_MAIN(TestTrainingPlan)
#include "tst_trainingplan.moc"
