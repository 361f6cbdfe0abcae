// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/clirunner.h"

#include <set>

using namespace torchdesk;
using namespace torchdesk::test;

#define VERIFY_CONTAINS(text, part) QVERIFY2((text).find(part) != std::string::npos, (text).c_str())

class TestCliUsage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wrongUseIsOneSentence_data();
    void wrongUseIsOneSentence();
    void helpAndVersion();
    void everyCommandHasHelp_data();
    void everyCommandHasHelp();
    void modelsAsJson();
    void listingsAsText();
    void dataAsJson();
    void devicesAsJson();
    void planIsComplete();
    void precedence();
    void printedPlanTrainsTheSame();
    void planFileErrorsNameTheFile();
    void planSaysWhereDataIsMissing();
    void presetsHaveNames();
    void presetForPicturesWantsAFolder();
    void runsOfAnEmptyFolder();
};

void TestCliUsage::wrongUseIsOneSentence_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("part");
    const auto row = [](const char* name, const QStringList& arguments, const char* part) {
        QTest::newRow(name) << arguments << QString::fromUtf8(part);
    };
    row("command", {"trian"}, "did you mean train?");
    row("a value of the plan", {"train", "--learning-rate", "1"}, "use --set learning_rate=VALUE");
    row("short option", {"train", "-e", "3"}, "see 'torchdesk-cli train --help'");
    row("command, far off", {"zzzzzzzz"}, "there are train, plan");
    row("option", {"train", "--epoch", "3"}, "did you mean --epochs?");
    row("option of the program", {"--jsn"}, "--jsn is not an option");
    row("value missing", {"train", "--epochs"}, "--epochs needs a value");
    row("value wrong", {"train", "--epochs", "ten"}, "--epochs: found \"ten\", wanted a whole number");
    row("value out of range", {"train", "--epochs", "0"}, "--epochs: found 0");
    row("device", {"train", "--device", "gpu"}, "--device: found \"gpu\", wanted auto, cpu or cuda:N");
    row("setting's key", {"train", "--set", "lerning_rate=1"}, "\"learning_rate\" perhaps");
    row("setting's value", {"train", "--set", "batch_size=0"}, "batch_size: found 0");
    row("export without a name", {"export", "last", "--out", ""}, "--out: found nothing");
    row("setting without =", {"train", "--set", "batch_size"}, "wanted key=value");
    row("model", {"train", "--model", "lenett"}, "lenet");
    row("data", {"train", "--data", "minst"}, "did you mean \"mnist\"?");
    row("plan file", {"train", "/no/such/plan.json"}, "/no/such/plan.json");
    row("run missing", {"evaluate"}, "evaluate needs RUN");
    row("run unknown", {"evaluate", "nothing-like-it"}, "There are no runs in");
    row("pictures missing", {"predict", "last"}, "predict needs FILE");
    row("out missing", {"export", "last", "--format", "pytorch"}, "export needs --out");
    row("format unknown", {"export", "last", "--format", "onnx", "--out", "x.onnx"},
        "wanted safetensors or pytorch");
    row("weights unknown", {"evaluate", "last", "--weights", "worst"}, "wanted best or last");
    row("preset", {"plan", "--preset", "resnet"},
        "there is no preset \"resnet\"; there are lenet-drawn-digits, lenet-mnist,");
    row("preset of no name", {"train", "--preset", ""}, "--preset: found nothing, wanted a name");
    row("preset and plan", {"train", "mine.json", "--preset", "lenet-mnist"},
        "found both --preset lenet-mnist and the plan file mine.json, wanted one of them");
    row("preset for pictures", {"train", "--preset", "resnet18-pictures"},
        "the preset resnet18-pictures is for a folder of your own: name it with --data DIR.");
    row("preset with another model", {"plan", "--preset", "resnet18-pictures", "--model", "nosuch"},
        "nosuch");
    row("model for larger pictures", {"train", "--model", "alexnet"},
        "With Picture size (picture_size) set to 224 the pictures are scaled to what");
    row("preset for pictures measured", {"measure", "--preset", "alexnet-pictures"}, "--data DIR.");
    row("plan of no name", {"train", ""}, "found nothing, wanted a path");
    row("runs folder of no name", {"runs", "--runs", ""}, "--runs: found nothing, wanted a path");
    row("one too many", {"models", "extra"}, "one argument too many");
}

void TestCliUsage::wrongUseIsOneSentence()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, part);
    CliRunner cli;
    const CliResult result = cli.run(arguments);
    QCOMPARE(result.code, 2);
    QCOMPARE(result.out, std::string());
    QVERIFY2(result.err.starts_with("torchdesk-cli: "), result.err.c_str());
    VERIFY_CONTAINS(result.err, part.toStdString());
    QCOMPARE(std::count(result.err.begin(), result.err.end(), '\n'), 1);
}

void TestCliUsage::helpAndVersion()
{
    CliRunner cli;
    const CliResult version = cli.run({"--version"});
    QCOMPARE(version.code, 0);
    QCOMPARE(version.out, std::string("torchdesk-cli " TORCHDESK_VERSION "\n"));
    const CliResult help = cli.run({"--help"});
    QCOMPARE(help.code, 0);
    for (const char* command :
         {"train", "plan", "models", "data", "devices", "runs", "evaluate", "predict", "export"})
        VERIFY_CONTAINS(help.out, std::string("\n  ") + command + " ");
    QCOMPARE(cli.run({"help"}).out, help.out);
    QCOMPARE(cli.run({}).code, 2);
}

void TestCliUsage::everyCommandHasHelp_data()
{
    QTest::addColumn<QString>("command");
    for (const char* command :
         {"train", "plan", "models", "data", "devices", "runs", "evaluate", "predict", "export"})
        QTest::newRow(command) << QString(command);
}

void TestCliUsage::everyCommandHasHelp()
{
    QFETCH(QString, command);
    CliRunner cli;
    const CliResult help = cli.run({command, "--help"});
    QCOMPARE(help.code, 0);
    VERIFY_CONTAINS(help.out, "torchdesk-cli " + command.toStdString());
    VERIFY_CONTAINS(help.out, "--json");
    QCOMPARE(help.err, std::string());
    QCOMPARE(cli.run({"help", command}).out, help.out);
}

void TestCliUsage::modelsAsJson()
{
    CliRunner cli;
    const CliResult result = cli.run({"models", "--json"});
    QCOMPARE(result.code, 0);
    std::set<std::string> names;
    for (const Json& model : result.json()) {
        names.insert(model["name"].get<std::string>());
        if (model["name"] == "lenet") {
            QCOMPARE(model["parameters"].get<std::int64_t>(), 44426);
            QVERIFY(model["input"] == (Json{1, 28, 28}));
        }
    }
    QVERIFY(names.contains("lenet"));
    QVERIFY(names.contains("mlp"));
}

void TestCliUsage::listingsAsText()
{
    CliRunner cli;
    VERIFY_CONTAINS(cli.run({"models"}).out, "44,426");
    const CliResult data = cli.run({"data"});
    VERIFY_CONTAINS(data.out, "60,000");
    VERIFY_CONTAINS(data.out, "built in");
    VERIFY_CONTAINS(data.out, "torchdesk-cli data get NAME");
    VERIFY_CONTAINS(cli.run({"devices"}).out, "A made-up processor");
}

void TestCliUsage::dataAsJson()
{
    CliRunner cli;
    const Json list = cli.run({"data", "--json"}).json();
    QVERIFY(list.is_array() && list.size() >= 2);
    for (const Json& one : list) {
        if (one["name"] == "synthetic-digits")
            QVERIFY(one["available"] == true && one["train"] == 60000 && one["test"] == 10000);
        if (one["name"] == "mnist")
            QVERIFY(one["available"] == false && !one["hint"].get<std::string>().empty());
    }
    const Json found = cli.run({"data", "--json", "--data-dir", path(cli.data())}).json();
    for (const Json& one : found)
        QCOMPARE(one["available"] == true, one["name"] == "synthetic-digits" || one["name"] == "mnist");
}

void TestCliUsage::devicesAsJson()
{
    CliRunner cli;
    const Json list = cli.run({"devices", "--json"}).json();
    QCOMPARE(list.size(), std::size_t{1});
    QVERIFY(list[0]["id"] == "cpu");
}

void TestCliUsage::planIsComplete()
{
    CliRunner cli;
    const Json plan = cli.run({"plan"}).json();
    for (const char* key : {"format",       "model",        "data",       "data_folder",  "validation_share",
                            "split",        "weights",      "freeze",     "freeze_layer", "release_epoch",
                            "release_rate", "epochs",       "batch_size", "optimizer",    "learning_rate",
                            "momentum",     "weight_decay", "device",     "threads",      "seed"})
        QVERIFY2(plan.contains(key), key);
    QVERIFY(plan["model"] == "lenet" && plan["data"] == "synthetic-digits" && plan["epochs"] == 5);
}

void TestCliUsage::precedence()
{
    CliRunner cli;
    const auto file = cli.folder() / "plan.json";
    writeFile(file, R"({"format":1,"epochs":7,"seed":7,"batch_size":7,"learning_rate":0.007})");
    const Json plan = cli.run({"plan", path(file), "--set", "epochs=9", "--epochs", "8", "--seed", "8",
                               "--set", "batch_size=9"})
                          .json();
    QVERIFY(plan["learning_rate"] == 0.007); // the file over the default
    QVERIFY(plan["seed"] == 8);              // the flag over the file
    QVERIFY(plan["epochs"] == 9);            // --set over both, wherever it stands
    QVERIFY(plan["batch_size"] == 9);
    QVERIFY(plan["momentum"] == 0.9); // the default
    QVERIFY(cli.run({"plan", "--epochs", "3", "--epochs", "4"}).json()["epochs"] == 4);
}

void TestCliUsage::printedPlanTrainsTheSame()
{
    CliRunner cli;
    const auto file = cli.folder() / "plan.json";
    QStringList arguments = cli.training({"--epochs", "2", "--seed", "18446744073709551615"});
    arguments[0] = "plan";
    arguments.remove(arguments.indexOf("--runs"), 2);
    writeFile(file, cli.run(arguments).out);
    const CliResult trained = cli.run({"train", path(file), "--runs", path(cli.runs())});
    QVERIFY2(trained.code == 0, trained.err.c_str());
    QVERIFY(cli.record()["plan"] == cli.run({"plan", path(file)}).json());
}

void TestCliUsage::planFileErrorsNameTheFile()
{
    CliRunner cli;
    const auto file = cli.folder() / "plan.json";
    for (const auto& [text, part] :
         std::vector<std::pair<std::string, std::string>>{{R"({"format":1,"epoch":7})", "epoch"},
                                                          {R"({"format":1,"epochs":-7})", "epochs"},
                                                          {R"({"epochs":)", "plan.json"}}) {
        writeFile(file, text);
        const CliResult result = cli.run({"train", path(file)});
        QCOMPARE(result.code, 2);
        VERIFY_CONTAINS(result.err, "plan.json");
        VERIFY_CONTAINS(result.err, part);
    }
}

void TestCliUsage::planSaysWhereDataIsMissing()
{
    CliRunner cli;
    const CliResult result = cli.run({"plan", "--data", "mnist"});
    QCOMPARE(result.code, 0);
    QVERIFY(result.json()["data"] == "mnist");
    VERIFY_CONTAINS(result.err, "train-images-idx3-ubyte");
    const CliResult folder = cli.run({"plan", "--data", "./nothing/here"});
    QCOMPARE(folder.code, 0);
    VERIFY_CONTAINS(folder.err, "nothing/here is not there");
}

void TestCliUsage::presetsHaveNames()
{
    CliRunner cli;
    for (const char* command : {"plan", "train", "measure"})
        VERIFY_CONTAINS(cli.run({command, "--help"}).out, "resnet20-cifar10,");
    const Json plan = cli.run({"plan", "--preset", "resnet20-cifar10", "--epochs", "3"}).json();
    QVERIFY(plan["model"] == "resnet20" && plan["data"] == "cifar-10" && plan["schedule"] == "cosine");
    QVERIFY(plan["epochs"] == 3);
    QStringList arguments = cli.training({"--preset", "mlp-drawn-digits", "--epochs", "1"});
    const CliResult trained = cli.run(arguments);
    QVERIFY2(trained.code == 0, trained.err.c_str());
    QVERIFY(cli.record()["plan"]["model"] == "mlp");
}

void TestCliUsage::presetForPicturesWantsAFolder()
{
    CliRunner cli;
    const CliResult told = cli.run({"plan", "--preset", "alexnet-pictures"});
    QCOMPARE(told.code, 0);
    VERIFY_CONTAINS(told.err, "is for a folder of your own: name it with --data DIR (the plan has "
                              "synthetic-digits for now).");
    QVERIFY(told.json()["model"] == "alexnet");
    for (const QStringList& named :
         {QStringList{"--data", "./photographs"}, QStringList{"--set", "data=./photographs"}}) {
        const CliResult plan = cli.run(QStringList{"plan", "--preset", "alexnet-pictures"} + named);
        QVERIFY(plan.json()["data"] == "./photographs");
        QVERIFY(plan.err.find("folder of your own") == std::string::npos);
    }
}

void TestCliUsage::runsOfAnEmptyFolder()
{
    CliRunner cli;
    QVERIFY(cli.run({"runs", "--json"}).json() == Json::array());
    VERIFY_CONTAINS(cli.run({"runs"}).out, "There are no runs");
}

QTEST_GUILESS_MAIN(TestCliUsage)
#include "tst_cliusage.moc"
