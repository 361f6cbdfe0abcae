// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/clirunner.h"

#include <csignal>

using namespace torchdesk;
using namespace torchdesk::test;

namespace fs = std::filesystem;

namespace {

std::vector<Json> lossesOf(const CliResult& result)
{
    std::vector<Json> losses;
    for (const Json& event : result.lines()) {
        if (event["event"] == "steps")
            losses.insert(losses.end(), event["losses"].begin(), event["losses"].end());
    }
    return losses;
}

} // namespace

/// The program with LibTorch's engine, on a small data set.
class TestCliEngine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void trainsEvaluatesPredictsExports();
    void scaledPicturesAreScaledAgain();
    void sameSeedGivesTheSameLosses();
    void interruptKeepsWeightsThatOpen();
    void devicesNameTheProcessor();
    void measureKeepsNothing();

private:
    CliResult train(const QStringList& more)
    {
        return m_cli->run(m_cli->training(QStringList{"--device", "cpu", "--threads", "2", "--json"} + more));
    }

    std::unique_ptr<CliRunner> m_cli;
};

void TestCliEngine::init()
{
    m_cli = std::make_unique<CliRunner>();
    m_cli->useRealEngine();
}

void TestCliEngine::trainsEvaluatesPredictsExports()
{
    const CliResult trained = train({"--epochs", "2"});
    QVERIFY2(trained.code == 0, trained.err.c_str());
    const Json last = trained.lines().back();
    const QString run = QString::fromStdString(last["run"].get<std::string>());

    const CliResult evaluated = m_cli->run({"evaluate", run, "--json"});
    QVERIFY2(evaluated.code == 0, evaluated.err.c_str());
    QCOMPARE(evaluated.json()["test_accuracy"].get<double>(), last["test_accuracy"].get<double>());
    QVERIFY(std::abs(evaluated.json()["test_loss"].get<double>() - last["test_loss"].get<double>()) < 1e-5);

    const CliResult predicted =
        m_cli->run({"predict", run, TORCHDESK_SOURCE_DIR "/tests/cli/seven.png", "--json"});
    QVERIFY2(predicted.code == 0, predicted.err.c_str());
    QVERIFY(predicted.json()[0]["probability"] > 0.0 && predicted.json()[0]["probability"] <= 1.0);

    for (const char* file : {"w.pt", "w.safetensors"}) {
        const CliResult exported =
            m_cli->run({"export", run, "--out", path(m_cli->folder() / file), "--json"});
        QVERIFY2(exported.code == 0, exported.err.c_str());
        // Its own file it replaces.
        QCOMPARE(m_cli->run({"export", run, "--out", path(m_cli->folder() / file), "--json"}).code, 0);
        QVERIFY(exported.json()["largest_difference"] <= 1e-6);
    }
}

// The size is that of the network, whatever data is named.
void TestCliEngine::scaledPicturesAreScaledAgain()
{
    const CliResult trained = train({"--epochs", "1", "--set", "picture_size=34"});
    QVERIFY2(trained.code == 0, trained.err.c_str());
    const Json last = trained.lines().back();
    const QString run = QString::fromStdString(last["run"].get<std::string>());
    for (const QStringList& data : {QStringList{}, QStringList{"--data", path(m_cli->data())}}) {
        const CliResult evaluated = m_cli->run(QStringList{"evaluate", run, "--json"} + data);
        QVERIFY2(evaluated.code == 0, evaluated.err.c_str());
        QCOMPARE(evaluated.json()["test_accuracy"].get<double>(), last["test_accuracy"].get<double>());
    }
    const CliResult exported = m_cli->run({"export", run, "--out", path(m_cli->folder() / "w.pt"), "--json"});
    QVERIFY2(exported.code == 0, exported.err.c_str());
    const CliResult predicted = m_cli->run({"predict", run, TORCHDESK_SOURCE_DIR "/tests/cli/seven.png"});
    QVERIFY2(predicted.code == 0, predicted.err.c_str());
}

void TestCliEngine::sameSeedGivesTheSameLosses()
{
    for (const char* step : {"step=lane", "step=eager"}) {
        const auto losses = [&](const char* seed) {
            return lossesOf(train({"--epochs", "2", "--seed", seed, "--set", step}));
        };
        const auto first = losses("7");
        QCOMPARE(first.size(), std::size_t{18});
        QVERIFY(losses("7") == first);
        QVERIFY(losses("8") != first);
    }
}

void TestCliEngine::interruptKeepsWeightsThatOpen()
{
    QProcess process;
    m_cli->start(process, m_cli->training({"--device", "cpu", "--epochs", "100000", "--json"}));
    std::string seen;
    QVERIFY(waitUntil([&] {
        seen += process.readAllStandardOutput().toStdString();
        return seen.find("\"event\":\"epoch\"") != std::string::npos ||
               process.state() == QProcess::NotRunning;
    }));
    kill(static_cast<pid_t>(process.processId()), SIGINT);
    CliResult stopped = CliRunner::finished(process);
    stopped.out = seen + stopped.out;
    QVERIFY2(stopped.code == 0, stopped.err.c_str());
    QVERIFY(stopped.lines().back()["outcome"] == "stopped");
    const QString run = QString::fromStdString(stopped.lines().back()["run"].get<std::string>());
    for (const char* weights : {"best", "last"}) {
        const CliResult evaluated = m_cli->run({"evaluate", run, "--weights", weights, "--json"});
        QVERIFY2(evaluated.code == 0, evaluated.err.c_str());
    }
}

void TestCliEngine::devicesNameTheProcessor()
{
    const CliResult devices = m_cli->run({"devices", "--json"});
    QVERIFY2(devices.code == 0, devices.err.c_str());
    QVERIFY(devices.json()[0]["id"] == "cpu");
    QVERIFY(!devices.json()[0]["label"].get<std::string>().empty());
}

/// What a training takes is told without one.
void TestCliEngine::measureKeepsNothing()
{
    const QStringList plan{"--data", path(m_cli->data()), "--epochs", "3", "--device", "cpu"};
    const CliResult told = m_cli->run(QStringList{"measure"} + plan);
    QVERIFY2(told.code == 0, told.err.c_str());
    QVERIFY2(told.out.starts_with("Time    about ") && told.out.find("\nMemory  ") != std::string::npos,
             told.out.c_str());
    const CliResult measured = m_cli->run(QStringList{"measure", "--json"} + plan);
    QVERIFY2(measured.code == 0, measured.err.c_str());
    const Json figures = measured.json();
    const auto figure = [&](const char* key) { return figures.at(key).get<double>(); };
    QCOMPARE(figures.at("device").get<std::string>(), std::string("cpu"));
    QVERIFY(figure("seconds_per_epoch") > 0);
    QVERIFY(figure("seconds_in_all") > figure("seconds_per_epoch"));
    QVERIFY(figure("program_bytes") > 1e6);
    QVERIFY(figure("sample_bytes") > 784);
    QVERIFY(figures.at("shorter").empty());
    QVERIFY(!fs::exists(m_cli->runs()));
}

QTEST_GUILESS_MAIN(TestCliEngine)
#include "tst_cliengine.moc"
