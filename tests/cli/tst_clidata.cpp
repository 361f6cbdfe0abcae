// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/clirunner.h"
#include "tests/core/data/folder/foldersupport.h"
#include "tests/support/fileserver.h"

#include <csignal>

using namespace torchdesk;
using namespace torchdesk::test;
using Play = Answer::Play;

namespace fs = std::filesystem;

#define VERIFY_CONTAINS(text, part) QVERIFY2((text).find(part) != std::string::npos, (text).c_str())

/// `data` and `data get`, against a loopback server that has MNIST.
class TestCliData : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void listsWhatCanBeDownloaded();
    void wrongNamesAreOneSentence();
    void getsMnist();
    void goesOnAfterCtrlC();
    void saysWhereClassesAreUneven();
    void saysWhereToBeginWithFewPictures();

private:
    static bool serveMnist(FileServer& server, CliRunner& cli);
};

bool TestCliData::serveMnist(FileServer& server, CliRunner& cli)
{
    const fs::path folder = datasets() / "mnist";
    if (datasets().empty() || !fs::is_directory(folder))
        return false;
    for (const auto& file : fs::directory_iterator(folder))
        server.serve("/data/mnist/" + file.path().filename().string(),
                     {Play::Good, readText(file.path()).value(), 0});
    cli.set("TORCHDESK_MIRROR", QString::fromStdString(server.url("/data/")));
    cli.set("SSL_CERT_FILE", path(server.authorities()));
    cli.set("no_proxy", "127.0.0.1");
    return true;
}

void TestCliData::listsWhatCanBeDownloaded()
{
    CliRunner cli;
    const std::string text = cli.run({"data"}).out;
    VERIFY_CONTAINS(text, "download 170 MB");
    VERIFY_CONTAINS(text, "fashion-mnist");
    VERIFY_CONTAINS(text, "'torchdesk-cli data get NAME' downloads one.");
    const Json list = cli.run({"data", "--json"}).json();
    QCOMPARE(list.size(), std::size_t{5});
    QVERIFY(list[3]["name"] == "cifar-10" && list[3]["download_bytes"] == 170'052'171);
    QVERIFY(list[3]["shape"] == (Json{3, 32, 32}) && list[3]["classes"].size() == 10);
    QVERIFY(list[3]["source"] == "cs.toronto.edu/~kriz" && list[0]["download_bytes"] == 0);
}

void TestCliData::wrongNamesAreOneSentence()
{
    CliRunner cli;
    const CliResult near = cli.run({"data", "get", "cifar10"});
    QCOMPARE(near.code, 2);
    QCOMPARE(near.err,
             std::string("torchdesk-cli: there is nothing called \"cifar10\" to download; did you mean "
                         "\"cifar-10\"?\n"));
    const CliResult none = cli.run({"data", "get", "synthetic-digits"});
    VERIFY_CONTAINS(none.err, "there are mnist, fashion-mnist, cifar-10, cifar-100.");
    VERIFY_CONTAINS(cli.run({"data", "get"}).err,
                    "data get needs NAME; see 'torchdesk-cli data get --help'.");
    VERIFY_CONTAINS(cli.run({"data", "get", "mnist", "--too", "x"}).err,
                    "--too is not an option of data get;");
    const CliResult help = cli.run({"data", "get", "--help"});
    QCOMPARE(help.code, 0);
    VERIFY_CONTAINS(help.out, "torchdesk-cli data get NAME [options]");
    VERIFY_CONTAINS(cli.run({"data", "--help"}).out, "Downloads a data set.");
}

void TestCliData::getsMnist()
{
    CliRunner cli;
    FileServer server;
    if (!serveMnist(server, cli))
        QSKIP("MNIST is not beside the checkout (TORCHDESK_DATASETS names the folder with mnist/)");
    const CliResult got = cli.run({"data", "get", "mnist"});
    QCOMPARE(got.err, std::string());
    QCOMPARE(got.code, 0);
    const fs::path folder = cli.folder() / "TorchDesk/data/mnist";
    VERIFY_CONTAINS(got.out, "MNIST is in " + folder.string() + " (11.6 MB, as published).");
    VERIFY_CONTAINS(got.out, "torchdesk-cli train --data mnist\n");
    QCOMPARE(fs::file_size(folder / "t10k-labels-idx1-ubyte.gz"), std::uintmax_t{4542});
    VERIFY_CONTAINS(cli.run({"data"}).out, folder.string());
    const CliResult again = cli.run({"data", "get", "mnist"});
    VERIFY_CONTAINS(again.out, "MNIST is there already: " + folder.string());
    QCOMPARE(server.requests().size(), std::size_t{4});
    const std::string other = (cli.folder() / "elsewhere").string();
    const Json told =
        cli.run({"data", "get", "mnist", "--to", QString::fromStdString(other), "--json"}).json();
    QVERIFY2(told["place"] == other + "/mnist" && told["downloaded"] == true, told.dump().c_str());
    QVERIFY(fs::exists(other + "/mnist/train-images-idx3-ubyte.gz"));
}

void TestCliData::goesOnAfterCtrlC()
{
    CliRunner cli;
    FileServer server;
    if (!serveMnist(server, cli))
        QSKIP("MNIST is not beside the checkout (TORCHDESK_DATASETS names the folder with mnist/)");
    const std::string pictures = readText(datasets() / "mnist/train-images-idx3-ubyte.gz").value();
    server.serve("/data/mnist/train-images-idx3-ubyte.gz", {Play::Stall, pictures, 1'000'000});
    QProcess process;
    cli.start(process, {"data", "get", "mnist"});
    const fs::path part = cli.folder() / "TorchDesk/data/mnist/train-images-idx3-ubyte.gz.part";
    QVERIFY(waitUntil([&] {
        std::error_code none;
        return fs::file_size(part, none) == 1'000'000;
    }));
    ::kill(static_cast<pid_t>(process.processId()), SIGINT);
    const CliResult stopped = CliRunner::finished(process);
    QCOMPARE(stopped.code, 1);
    VERIFY_CONTAINS(stopped.err, "of 11.6 MB are kept, and the same command goes on from there.");
    server.serve("/data/mnist/train-images-idx3-ubyte.gz", {Play::Good, pictures, 0});
    QCOMPARE(cli.run({"data", "get", "mnist"}).code, 0);
    QCOMPARE(server.requests()[1], std::string("/data/mnist/train-images-idx3-ubyte.gz from 1000000"));
    QVERIFY(!fs::exists(part));
}

void TestCliData::saysWhereClassesAreUneven()
{
    CliRunner cli;
    const fs::path folder = cli.folder() / "pictures";
    writeTwoClasses(folder, 4);
    QVERIFY(cli.run({"data", path(folder)}).out.find("uneven") == std::string::npos);
    for (int i = 0; i < 8; ++i)
        writeFile(folder / "b" / ("more" + std::to_string(i) + ".png"), pngOf(3000 + i));
    const CliResult shown = cli.run({"data", path(folder)});
    QCOMPARE(shown.code, 0);
    VERIFY_CONTAINS(shown.out, "The classes are uneven: 'b' has 12 training samples, 'a' 4.");
    const Json notices = cli.run({"data", path(folder), "--json"}).json()["notices"];
    QCOMPARE(notices.size(), std::size_t{1});
    // The run tells it too, of the samples that train, unless it is balanced.
    const QStringList train = {"train",
                               "--model",
                               "mlp",
                               "--data",
                               path(folder),
                               "--runs",
                               path(cli.runs()),
                               "--epochs",
                               "1",
                               "--set",
                               "test_share=0",
                               "--set",
                               "validation_share=0"};
    VERIFY_CONTAINS(cli.run(train).out, "The classes are uneven: 'b' has 12 training samples, 'a' 4.");
    const CliResult balanced = cli.run(train + QStringList{"--set", "class_balance=sampling"});
    QCOMPARE(balanced.code, 0);
    QVERIFY(balanced.out.find("uneven") == std::string::npos);
}

void TestCliData::saysWhereToBeginWithFewPictures()
{
    CliRunner cli;
    const fs::path folder = cli.folder() / "pictures";
    writeTwoClasses(folder, 8);
    const QStringList plan = {"--data", path(folder), "--epochs", "1"};
    const CliResult trained = cli.run(QStringList{"train", "--runs", path(cli.runs())} + plan);
    QVERIFY2(trained.code == 0, trained.err.c_str());
    const char* advice = "training from nothing stays near guessing. A ResNet-18 from published weights";
    VERIFY_CONTAINS(trained.out, advice);
    VERIFY_CONTAINS(cli.run(QStringList{"measure"} + plan).out, advice);
    const Json measured = cli.run(QStringList{"measure", "--json", "--set", "freeze=body"} + plan).json();
    QCOMPARE(measured["notices"].size(), std::size_t{2});
    VERIFY_CONTAINS(measured["notices"][1].get<std::string>(), "freeze=body was passed over");
}

QTEST_GUILESS_MAIN(TestCliData)
#include "tst_clidata.moc"
