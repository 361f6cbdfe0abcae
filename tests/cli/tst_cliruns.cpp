// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "tests/cli/clirunner.h"

using namespace torchdesk;
using namespace torchdesk::test;

#define VERIFY_CONTAINS(text, part) QVERIFY2((text).find(part) != std::string::npos, (text).c_str())

namespace fs = std::filesystem;

/// What is done with a run once it is there. The fake engine's answers depend on weights and pixels alone.
class TestCliRuns : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void runsAsJsonAndText();
    void runIsFoundByNameBeginningAndPath();
    void evaluates();
    void evaluateWarnsOfOtherData();
    void evaluateRefusesOtherClasses();
    void predicts();
    void predictGoesOnAfterABadPicture();
    void predictsAFolderAsCsv();
    void exports_data();
    void exports();
    void exportRefuses_data();
    void exportRefuses();
    void damagedRunIsNamed();
    void weightsAreListedAndMatched();

private:
    QStringList with(const QStringList& arguments) const
    {
        return arguments + QStringList{"--runs", path(m_cli.runs())};
    }
    std::string name() const { return m_run.filename().string(); }

    CliRunner m_cli;
    fs::path m_run;
    fs::path m_picture;
};

void TestCliRuns::initTestCase()
{
    const CliResult trained = m_cli.run(m_cli.training({"--epochs", "2", "--json"}));
    QVERIFY2(trained.code == 0, trained.err.c_str());
    m_run = trained.lines().back()["run"].get<std::string>();
    m_picture = TORCHDESK_SOURCE_DIR "/tests/cli/seven.png";
    QVERIFY(fs::exists(m_picture));
}

void TestCliRuns::runsAsJsonAndText()
{
    const Json list = m_cli.run(with({"runs", "--json"})).json();
    QCOMPARE(list.size(), std::size_t{1});
    QVERIFY(list[0]["name"] == name());
    QVERIFY(list[0]["state"] == "completed");
    QVERIFY(list[0]["epochs"] == 2);
    QVERIFY(list[0]["test_accuracy"].is_number());
    const std::string text = m_cli.run(with({"runs"})).out;
    VERIFY_CONTAINS(text, name());
    VERIFY_CONTAINS(text, "2/2");
    VERIFY_CONTAINS(text, "batch 30");
}

void TestCliRuns::runIsFoundByNameBeginningAndPath()
{
    for (const std::string& word : {name(), name().substr(0, 6), std::string("last"), m_run.string()}) {
        const CliResult result = m_cli.run(with({"evaluate", QString::fromStdString(word), "--json"}));
        QVERIFY2(result.code == 0, result.err.c_str());
        QVERIFY(result.json()["run"] == m_run.string());
    }
}

void TestCliRuns::weightsAreListedAndMatched()
{
    const QString run = path(m_run);
    const Json tensors = m_cli.run({"weights", run, "--json"}).json();
    QCOMPARE(tensors.size(), std::size_t{10});
    QVERIFY(tensors[0]["type"] == "F32");
    VERIFY_CONTAINS(m_cli.run({"weights", run}).out, "10 tensors, ");

    const CliResult same = m_cli.run({"weights", run, "--model", "lenet"});
    QCOMPARE(same.code, 0);
    VERIFY_CONTAINS(same.out, "Model 'lenet' can start from these: 10 of 10 tensors matched.");
    const CliResult fewer = m_cli.run({"weights", run, "--model", "lenet", "--classes", "3", "--json"});
    QCOMPARE(fewer.code, 0);
    QCOMPARE(fewer.json()["matched"].size(), std::size_t{8});
    QVERIFY(!fewer.json()["new_head"].get<std::string>().empty());

    const CliResult other = m_cli.run({"weights", run, "--model", "mlp", "--json"});
    QCOMPARE(other.code, 1);
    QVERIFY(other.json()["fits"] == false);
    QVERIFY(!other.json()["missing"].empty() || !other.json()["other_shape"].empty());
    VERIFY_CONTAINS(m_cli.run({"weights", run, "--model", "mlp"}).out, "cannot start from these");
    QCOMPARE(m_cli.run({"weights", run, "--model", "nosuch"}).code, 2);
    QCOMPARE(m_cli.run({"weights", path(m_cli.folder() / "absent.pth")}).code, 1);
}

void TestCliRuns::evaluates()
{
    const CliResult result = m_cli.run(with({"evaluate", "last", "--json"}));
    QCOMPARE(result.code, 0);
    const Json evaluation = result.json();
    QVERIFY(evaluation["samples"] == 60);
    QVERIFY(evaluation["same_data"] == true);
    QVERIFY(evaluation["test_accuracy"] >= 0 && evaluation["test_accuracy"] <= 1);
    QCOMPARE(result.err, std::string());
    VERIFY_CONTAINS(m_cli.run(with({"evaluate", "last"})).out, "of 60 right");
}

void TestCliRuns::evaluateWarnsOfOtherData()
{
    const auto other = m_cli.folder() / "other";
    fs::create_directories(other);
    fs::copy(m_cli.data(), other, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    auto labels = readText(other / "t10k-labels-idx1-ubyte");
    VERIFY_OK(labels);
    labels->back() = 0;
    writeFile(other / "t10k-labels-idx1-ubyte", *labels);
    const CliResult result = m_cli.run(with({"evaluate", "last", "--json", "--data", path(other)}));
    QVERIFY2(result.code == 0, result.err.c_str());
    VERIFY_CONTAINS(result.err, "fingerprint differs");
    QVERIFY(result.json()["same_data"] == false);
}

void TestCliRuns::predicts()
{
    const CliResult result = m_cli.run(with({"predict", "last", path(m_picture), "--json"}));
    QVERIFY2(result.code == 0, result.err.c_str());
    const Json answer = result.json()[0];
    QVERIFY(answer["file"] == m_picture.string());
    QCOMPARE(answer["top"].size(), std::size_t{3});
    QVERIFY(answer["class"] == answer["top"][0]["class"]);
    QVERIFY(answer["probability"] >= answer["top"][1]["probability"]);
    const std::string text = m_cli.run(with({"predict", "last", path(m_picture)})).out;
    VERIFY_CONTAINS(text, "seven.png");
    VERIFY_CONTAINS(text, " %");
}

void TestCliRuns::predictGoesOnAfterABadPicture()
{
    writeFile(m_cli.folder() / "bad.png", "this is no picture");
    const CliResult result =
        m_cli.run(with({"predict", "last", path(m_cli.folder() / "bad.png"), path(m_picture), "--json"}));
    QCOMPARE(result.code, 1);
    VERIFY_CONTAINS(result.err, "bad.png");
    QCOMPARE(result.json().size(), std::size_t{2});
    QVERIFY(result.json()[0].contains("error"));
    QVERIFY(result.json()[1].contains("class"));
}

void TestCliRuns::predictsAFolderAsCsv()
{
    const fs::path folder = m_cli.folder() / "photos";
    fs::create_directories(folder / "more");
    fs::copy_file(m_picture, folder / "b, 2.png");
    fs::copy_file(m_picture, folder / "more/a.PNG");
    writeFile(folder / "notes.txt", "no picture, and not named as one");
    const CliResult result = m_cli.run(with({"predict", "last", "--csv", path(folder)}));
    QVERIFY2(result.code == 0, result.err.c_str());
    const auto lines = splitText(result.out, '\n');
    QCOMPARE(lines.size(), std::size_t{4}); // two pictures, the head, and what follows the last line end
    QVERIFY(lines[0].starts_with("file,class,probability,"));
    QVERIFY(lines[1].starts_with("\"" + (folder / "b, 2.png").string() + "\","));
    QVERIFY(lines[2].starts_with((folder / "more/a.PNG").string() + ","));
    fs::create_directories(m_cli.folder() / "empty");
    const CliResult empty = m_cli.run(with({"predict", "last", path(m_cli.folder() / "empty")}));
    QCOMPARE(empty.code, 1);
    VERIFY_CONTAINS(empty.err, "has no PNG, JPEG or TIFF pictures");
}

void TestCliRuns::exports_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("file");
    QTest::newRow("safetensors") << "safetensors"
                                 << "a.safetensors";
    QTest::newRow("pytorch") << "pytorch"
                             << "a.pt";
    QTest::newRow("by the ending") << ""
                                   << "b.pt";
}

void TestCliRuns::exports()
{
    QFETCH(QString, format);
    QFETCH(QString, file);
    const auto out = m_cli.folder() / file.toStdString();
    QStringList arguments = with({"export", "last", "--out", path(out)});
    if (!format.isEmpty())
        arguments += {"--format", format};
    const CliResult text = m_cli.run(arguments);
    QVERIFY2(text.code == 0, text.err.c_str());
    QVERIFY(fs::exists(out) && fs::exists(m_cli.folder() / "model.py"));
    VERIFY_CONTAINS(text.out, "import torch");
    const CliResult json = m_cli.run(arguments + QStringList{"--json"});
    QVERIFY(json.json()["parameters"] == 44426);
    QVERIFY(json.json()["largest_difference"] == 0.0);
    QVERIFY(json.json()["bytes"] == fs::file_size(out));
}

void TestCliRuns::exportRefuses_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("part");
    const QString folder = path(m_cli.folder().path());
    QTest::newRow("a folder") << folder << "is a folder";
    QTest::newRow("no folder") << folder + "/no/such/a.pt"
                               << "There is no folder";
    QTest::newRow("the run's file") << path(m_run / "run.json") << "inside the run's own folder";
}

void TestCliRuns::exportRefuses()
{
    QFETCH(QString, file);
    QFETCH(QString, part);
    const CliResult result = m_cli.run(with({"export", "last", "--format", "pytorch", "--out", file}));
    QCOMPARE(result.code, 1);
    VERIFY_CONTAINS(result.err, part.toStdString());
}

void TestCliRuns::damagedRunIsNamed()
{
    const auto copy = m_cli.folder() / "copy";
    fs::copy(m_run, copy, fs::copy_options::recursive);
    for (const auto& entry : fs::recursive_directory_iterator(copy / "checkpoints")) {
        if (entry.path().filename() == "model.safetensors")
            fs::resize_file(entry.path(), 1000);
    }
    const CliResult result = m_cli.run({"evaluate", path(copy)});
    QCOMPARE(result.code, 1);
    VERIFY_CONTAINS(result.err, "model.safetensors");
}

void TestCliRuns::evaluateRefusesOtherClasses()
{
    const auto copy = m_cli.folder() / "otherclasses";
    fs::copy(m_run, copy, fs::copy_options::recursive);
    Json model = parseJson(readText(copy / "model.json").value(), "model.json").value();
    model["classes"][3] = "drei";
    writeFile(copy / "model.json", model.dump());
    const CliResult result = m_cli.run(with({"evaluate", path(copy)}));
    QCOMPARE(result.code, 1);
    VERIFY_CONTAINS(result.err, "found the class 3, but this run knows drei in its place");
}

QTEST_GUILESS_MAIN(TestCliRuns)
#include "tst_cliruns.moc"
