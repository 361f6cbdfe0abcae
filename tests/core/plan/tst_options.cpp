// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/options.h"
#include "tests/support/testsupport.h"
#include "tests/support/unusualplan.h"

#include <algorithm>
#include <clocale>
#include <limits>
#include <set>

using namespace torchdesk;

class TestOptions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tableIsComplete();
    void everyOptionRoundTripsAsText();
    void defaultsPassTheirOwnChecks();
    void refusals_data();
    void refusals();
    void endsOfRangesAreAllowed_data();
    void endsOfRangesAreAllowed();
    void settingsAreKeyEqualsValue();
    void refusedValueLeavesThePlan();
    void wholeSeedIsKept();
    void notUtf8IsRefused();
    void checkPlanNamesTheField();
    void decimalCommaLocaleChangesNothing();
};

void TestOptions::tableIsComplete()
{
    std::vector<std::string> ids;
    std::set<std::string> flags;
    std::set<std::string> basic;
    for (const Option& option : optionTable()) {
        ids.push_back(option.id);
        QVERIFY2(!option.label.empty() && option.help.ends_with('.') && option.applies && option.get &&
                     option.put,
                 option.id.c_str());
        QVERIFY2(option.brief.find("{}") != std::string::npos, option.id.c_str());
        QCOMPARE(option.live, option.id == "learning_rate");
        if (!option.flag.empty())
            QVERIFY2(flags.insert(option.flag).second, option.id.c_str());
        if (option.basic)
            basic.insert(option.id);
        QCOMPARE(findOption(option.id), &option);
    }
    QCOMPARE(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size());
    QCOMPARE(ids.front(), std::string("model"));
    QCOMPARE(ids.back(), std::string("seed"));
    QCOMPARE(flags, (std::set<std::string>{"--model", "--data", "--data-dir", "--weights", "--epochs",
                                           "--seed", "--threads", "--device"}));
    QCOMPARE(basic, (std::set<std::string>{"model", "data", "epochs", "device"}));
    QVERIFY(!findOption("epoch"));
}

void TestOptions::everyOptionRoundTripsAsText()
{
    const TrainingPlan plan = test::unusualPlan();
    for (const Option& option : optionTable()) {
        QVERIFY2(option.get(plan) != option.get(TrainingPlan{}), option.id.c_str());
        TrainingPlan other;
        VERIFY_OK(setOption(other, option.id, optionText(plan, option)));
        QCOMPARE(option.get(other).dump(), option.get(plan).dump());
        TrainingPlan once = TrainingPlan{};
        option.put(once, option.get(plan));
        QVERIFY2(once == other, option.id.c_str());
    }
}

void TestOptions::defaultsPassTheirOwnChecks()
{
    VERIFY_OK(checkPlan(TrainingPlan{}));
}

void TestOptions::refusals_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* id, const char* text, const char* message) {
        QTest::addRow("%s=%s", id, text) << id << text << message;
    };
    row("epochs", "0", "Epochs: found 0, wanted a whole number from 1 to 100000.");
    row("epochs", "100001", "Epochs: found 100001, wanted a whole number from 1 to 100000.");
    row("epochs", "-3", "Epochs: found -3, wanted a whole number from 1 to 100000.");
    row("epochs", "ten", "Epochs: found \"ten\", wanted a whole number from 1 to 100000.");
    row("epochs", "5.5", "Epochs: found \"5.5\", wanted a whole number from 1 to 100000.");
    row("epochs", "", "Epochs: found \"\", wanted a whole number from 1 to 100000.");
    row("batch_size", "65537", "Batch size: found 65537, wanted a whole number from 1 to 65536.");
    row("learning_rate", "0", "Learning rate: found 0.0, wanted a number above 0, at most 100.");
    row("learning_rate", "nan", "Learning rate: found nan, wanted a number above 0, at most 100.");
    row("learning_rate", "inf", "Learning rate: found inf, wanted a number above 0, at most 100.");
    row("learning_rate", "0,001", "Learning rate: found \"0,001\", wanted a number above 0, at most 100.");
    row("validation_share", "0.91", "Validation share: found 0.91, wanted a number from 0 to 0.9.");
    row("validation_share", "-0.1", "Validation share: found -0.1, wanted a number from 0 to 0.9.");
    row("momentum", "1", "Momentum: found 1.0, wanted a number from 0 to 0.9999.");
    row("weight_decay", "-1", "Weight decay: found -1.0, wanted a number from 0 to 10.");
    row("split", "ends", "Split: found \"ends\", wanted one of end, random: \"end\" perhaps.");
    row("optimizer", "Adam",
        "Optimizer: found \"Adam\", wanted one of adam, adamw, sgd, rmsprop: \"adam\" perhaps.");
    row("optimizer", "lamarckian",
        "Optimizer: found \"lamarckian\", wanted one of adam, adamw, sgd, rmsprop.");
    row("milestones", "50%;75%",
        "Moments: found \"50%;75%\", wanted epochs (30) or a share of the run (60%), with commas between");
    row("schedule_step", "0", "Every: found \"0\", wanted epochs (30) or a share of the run (60%), above 0.");
    row("warm_up", "-1", "Warm-up: found \"-1\", wanted epochs (30) or a share of the run (60%); 0: none.");
    row("warm_up", "a\nb", "wanted UTF-8 text");
    row("schedule", "cosin", "wanted one of constant, step, multistep, exponential, cosine");
    row("accumulation", "0", "Gradient accumulation: found 0, wanted a whole number from 1 to 65536.");
    row("resized_crop", "0", "Random resized crop: found 0.0, wanted a number from 0.01 to 1.");
    row("label_smoothing", "0.6", "Label smoothing: found 0.6, wanted a number from 0 to 0.5.");
    row("class_balance", "weight",
        "Class balance: found \"weight\", wanted one of none, weights, sampling: \"weights\" perhaps.");
    row("flip", "left", "Flip: found \"left\", wanted one of off, horizontal, both");
    row("device", "cuda", "Device: found \"cuda\", wanted auto, cpu or cuda:N: \"cuda:0\" perhaps.");
    row("device", "cuda:x", "Device: found \"cuda:x\", wanted auto, cpu or cuda:N: \"cuda:0\" perhaps.");
    row("device", "cuda:01", "wanted auto, cpu or cuda:N");
    row("device", "cuda:1234", "wanted auto, cpu or cuda:N");
    row("device", "gpu", "Device: found \"gpu\", wanted auto, cpu or cuda:N: \"cpu\" perhaps.");
    row("threads", "1025", "Threads: found 1025, wanted a whole number from 0 to 1024.");
    row("seed", "-1", "Seed: found -1, wanted a whole number from 0 to 18446744073709551615.");
    row("seed", "18446744073709551616", "Seed: found \"18446744073709551616\", wanted a whole number");
    row("model", "", "Model: found \"\", wanted a name of the list, or a path with a '/' in it.");
    row("data", "", "Data: found \"\", wanted a name of the list");
    row("data_folder", "a\nb",
        "Data folder: found \"a\\nb\", wanted UTF-8 text without control characters, at most 4096 bytes.");
    row("epoch", "5", "epoch: found an unknown option, wanted \"epochs\" perhaps.");
    row("quux", "5", "quux: found an unknown option, wanted one of model, data, data_folder");
}

void TestOptions::refusals()
{
    QFETCH(QString, id);
    QFETCH(QString, text);
    QFETCH(QString, message);
    TrainingPlan plan;
    VERIFY_ERROR(setOption(plan, id.toStdString(), text.toStdString()), message.toStdString());
    QVERIFY(plan == TrainingPlan{});
}

void TestOptions::endsOfRangesAreAllowed_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<QStringList>("texts");
    QTest::newRow("epochs") << "epochs" << QStringList{"1", "100000", " 20 "};
    QTest::newRow("batch") << "batch_size" << QStringList{"1", "65536"};
    QTest::newRow("rate") << "learning_rate" << QStringList{"1e-30", "100", "+.5"};
    QTest::newRow("share") << "validation_share" << QStringList{"0", "0.9"};
    QTest::newRow("threads") << "threads" << QStringList{"0", "1024"};
    QTest::newRow("device") << "device" << QStringList{"auto", "cpu", "cuda:0", "cuda:127"};
    QTest::newRow("folder") << "data_folder" << QStringList{"", "/tmp/ein Ordner/数据"};
}

void TestOptions::endsOfRangesAreAllowed()
{
    QFETCH(QString, id);
    QFETCH(QStringList, texts);
    for (const QString& text : texts) {
        TrainingPlan plan;
        VERIFY_OK(setOption(plan, id.toStdString(), text.toStdString()));
        VERIFY_OK(checkPlan(plan));
    }
}

void TestOptions::settingsAreKeyEqualsValue()
{
    TrainingPlan plan;
    VERIFY_OK(applySetting(plan, "learning_rate=3e-4"));
    QCOMPARE(plan.learningRate, 3e-4);
    VERIFY_OK(applySetting(plan, "data_folder=/a=b"));
    QCOMPARE(plan.dataFolder, std::string("/a=b"));
    VERIFY_ERROR(applySetting(plan, "learning_rate"), "found \"learning_rate\", wanted key=value");
    VERIFY_ERROR(applySetting(plan, "learning_rate=0"),
                 "learning_rate: found 0.0, wanted a number above 0, at most 100.");
    VERIFY_ERROR(applySetting(plan, "learnin_rate=1"),
                 "learnin_rate: found an unknown option, wanted \"learning_rate\" perhaps.");
    VERIFY_ERROR(applySetting(plan, "=1"), "found an unknown option");
}

void TestOptions::refusedValueLeavesThePlan()
{
    TrainingPlan plan;
    plan.epochs = 9;
    VERIFY_ERROR(setOption(plan, "epochs", "0"), "Epochs");
    QCOMPARE(plan.epochs, std::int64_t{9});
}

void TestOptions::wholeSeedIsKept()
{
    for (const std::uint64_t seed : {std::numeric_limits<std::uint64_t>::max(), (std::uint64_t{1} << 63) + 1,
                                     (std::uint64_t{1} << 53) + 1}) {
        TrainingPlan plan;
        VERIFY_OK(setOption(plan, "seed", std::to_string(seed)));
        QCOMPARE(plan.seed, seed);
        QCOMPARE(optionText(plan, *findOption("seed")), std::to_string(seed));
    }
}

void TestOptions::notUtf8IsRefused()
{
    TrainingPlan plan;
    VERIFY_ERROR(setOption(plan, "model", "models/\xff.json"), "wanted UTF-8 text");
    VERIFY_ERROR(setOption(plan, "data", std::string(5000, 'a')), "at most 4096 bytes");
}

void TestOptions::checkPlanNamesTheField()
{
    TrainingPlan plan;
    plan.learningRate = std::numeric_limits<double>::quiet_NaN();
    VERIFY_ERROR(checkPlan(plan), "Learning rate: found nan, wanted a number above 0");
    plan = {};
    plan.device = "tpu";
    VERIFY_ERROR(checkPlan(plan), "Device: found \"tpu\"");
}

void TestOptions::decimalCommaLocaleChangesNothing()
{
    if (!std::setlocale(LC_ALL, "de_DE.UTF-8") && !std::setlocale(LC_ALL, "de_DE.utf8"))
        QSKIP("the locale de_DE.UTF-8 is not installed here");
    TrainingPlan plan;
    const auto set = setOption(plan, "learning_rate", "0.5");
    const std::string text = optionText(plan, *findOption("learning_rate"));
    std::setlocale(LC_ALL, "C");
    VERIFY_OK(set);
    QCOMPARE(text, std::string("0.5"));
    QCOMPARE(plan.learningRate, 0.5);
}

QTEST_APPLESS_MAIN(TestOptions)
#include "tst_options.moc"
