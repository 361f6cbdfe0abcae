// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/clirunner.h"

#include <clocale>
#include <csignal>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace torchdesk;
using namespace torchdesk::test;

#define VERIFY_CONTAINS(text, part) QVERIFY2((text).find(part) != std::string::npos, (text).c_str())

namespace {

const Json slow = {{"seconds_per_step", 0.01}};

/// Waits until the program has printed \p part.
bool waitForOutput(QProcess& process, std::string& seen, const std::string& part)
{
    return waitUntil([&] {
               seen += process.readAllStandardOutput().toStdString();
               return seen.find(part) != std::string::npos || process.state() == QProcess::NotRunning;
           }) &&
           seen.find(part) != std::string::npos;
}

void send(QProcess& process, int signal)
{
    kill(static_cast<pid_t>(process.processId()), signal);
}

} // namespace

class TestCliTrain : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void completesAsText();
    void eventsAreTheContract();
    void withoutValidationFiguresAreNull();
    void failureAndDivergenceGiveOne();
    void missingDataNamesFilesAndFolders();
    void unwritableRunsFolder();
    void engineThatRefuses();
    void signalsStopAndKeepWeights_data();
    void signalsStopAndKeepWeights();
    void hangUpIsIgnoredUnderNohup();
    void secondInterruptLeavesAtOnce();
    void closedReaderDoesNotEndTheRun();
    void closedDescriptorsSpoilNoFile();
    void control();
    void badCommandLinesArePassedOver();
    void decimalComma();
    void progressFitsTheTerminal_data();
    void progressFitsTheTerminal();
};

void TestCliTrain::completesAsText()
{
    CliRunner cli;
    const CliResult result = cli.run(cli.training({"--epochs", "3"}));
    QVERIFY2(result.code == 0, result.err.c_str());
    VERIFY_CONTAINS(result.out, "44,426 parameters");
    VERIFY_CONTAINS(result.out, "270 to train, 30 to validate, 60 to test");
    VERIFY_CONTAINS(result.out, "A made-up processor");
    VERIFY_CONTAINS(result.out, "This engine only pretends, so it uses no graphics card.");
    for (const char* row : {"    1/3 ", "    2/3 ", "    3/3 "})
        VERIFY_CONTAINS(result.out, row);
    VERIFY_CONTAINS(result.out, "test accuracy ");
    VERIFY_CONTAINS(result.out, "(best epoch ");
    VERIFY_CONTAINS(result.out, "torchdesk-cli export ");
    VERIFY_CONTAINS(result.out, "torchdesk-cli predict ");
    QVERIFY2(result.out.find('\r') == std::string::npos && result.out.find('\x1b') == std::string::npos,
             "a pipe gets plain lines");
    QCOMPARE(result.err, std::string());
}

void TestCliTrain::eventsAreTheContract()
{
    CliRunner cli;
    const CliResult result = cli.run(cli.training({"--epochs", "2", "--json"}));
    QVERIFY2(result.code == 0, result.err.c_str());
    const auto events = result.lines();
    QVERIFY(events.front()["event"] == "started");
    QVERIFY(events.front()["train_samples"] == 270 && events.front()["steps_per_epoch"] == 9);
    std::int64_t steps = 0;
    std::int64_t epochs = 0;
    for (const Json& event : events) {
        if (event["event"] == "steps") {
            QCOMPARE(event["first_step"].get<std::int64_t>(), steps + 1);
            steps += static_cast<std::int64_t>(event["losses"].size());
        }
        if (event["event"] != "epoch")
            continue;
        QCOMPARE(event["epoch"].get<std::int64_t>(), ++epochs);
        for (const char* key :
             {"train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "train_seconds"})
            QVERIFY2(event.contains(key) && event[key].is_number(), key);
        QVERIFY(event["train_accuracy"] >= 0 && event["train_accuracy"] <= 1);
    }
    QCOMPARE(steps, 18);
    QCOMPARE(epochs, 2);
    const Json& last = events.back();
    QVERIFY(last["event"] == "finished");
    QVERIFY(last["outcome"] == "completed");
    QVERIFY(last["test_loss"].is_number() && last["test_accuracy"].is_number());
    QVERIFY(std::filesystem::is_directory(last["run"].get<std::string>()));
    QVERIFY(cli.record()["finished"]["outcome"] == "completed");
}

void TestCliTrain::withoutValidationFiguresAreNull()
{
    CliRunner cli;
    const CliResult result =
        cli.run(cli.training({"--epochs", "1", "--json", "--set", "validation_share=0"}));
    QCOMPARE(result.code, 0);
    for (const Json& event : result.lines()) {
        if (event["event"] == "epoch")
            QVERIFY(event["validation_loss"].is_null() && event["validation_accuracy"].is_null());
    }
}

void TestCliTrain::failureAndDivergenceGiveOne()
{
    CliRunner failing;
    failing.setScript(
        {{"fail_at_step", 5}, {"failure", "The device ran out of memory: a smaller batch needs less."}});
    const CliResult failed = failing.run(failing.training({"--json"}));
    QCOMPARE(failed.code, 1);
    QVERIFY(failed.lines().back()["outcome"] == "failed");
    QVERIFY(failed.lines().back()["test_accuracy"].is_null());
    VERIFY_CONTAINS(failed.err, "a smaller batch needs less");

    CliRunner diverging;
    diverging.setScript({{"nan_at_step", 12}});
    const CliResult diverged = diverging.run(diverging.training({"--json"}));
    QCOMPARE(diverged.code, 1);
    const auto events = diverged.lines();
    QVERIFY(events.back()["outcome"] == "diverged");
    QVERIFY2(diverged.out.find("nan") == std::string::npos, "JSON has no NaN");
    VERIFY_CONTAINS(diverged.err, "step 12");
}

void TestCliTrain::missingDataNamesFilesAndFolders()
{
    CliRunner cli;
    const CliResult result = cli.run({"train", "--data", "mnist", "--json", "--data-dir", "/some/where"});
    QCOMPARE(result.code, 1);
    for (const char* part : {"train-images-idx3-ubyte", "t10k-labels-idx1-ubyte", "/some/where", "nothing"})
        VERIFY_CONTAINS(result.err, part);
    const auto events = result.lines();
    QCOMPARE(events.size(), std::size_t{1});
    QVERIFY(events[0]["event"] == "finished" && events[0]["outcome"] == "failed" &&
            events[0]["run"].is_null());
}

void TestCliTrain::unwritableRunsFolder()
{
    CliRunner cli;
    writeFile(cli.folder() / "file", "not a folder");
    const auto inside = cli.folder() / "file/runs";
    const CliResult result = cli.run({"train", "--data", path(cli.data()), "--runs", path(inside)});
    QCOMPARE(result.code, 1);
    VERIFY_CONTAINS(result.err, inside.string());
    QVERIFY(!std::filesystem::exists(inside));
    if (geteuid() == 0)
        QSKIP("root may write everywhere: a read-only folder is not tried");
    std::filesystem::create_directory(cli.runs());
    std::filesystem::permissions(cli.runs(), std::filesystem::perms(0555));
    const CliResult readOnly = cli.run(cli.training());
    std::filesystem::permissions(cli.runs(), std::filesystem::perms(0755));
    QCOMPARE(readOnly.code, 1);
    VERIFY_CONTAINS(readOnly.err, cli.runs().string());
}

void TestCliTrain::engineThatRefuses()
{
    CliRunner cli;
    cli.setScript({{"check_fails", "The device is busy: choose another."}});
    const CliResult result = cli.run(cli.training());
    QCOMPARE(result.code, 1);
    VERIFY_CONTAINS(result.err, "The device is busy: choose another.");
    QVERIFY2(cli.record().is_null(), "no run folder is left");
    cli.set("TORCHDESK_ENGINE", "/no/such/engine.so");
    VERIFY_CONTAINS(cli.run(cli.training()).err, "/no/such/engine.so");
}

void TestCliTrain::signalsStopAndKeepWeights_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("Ctrl-C") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGHUP") << SIGHUP;
}

void TestCliTrain::signalsStopAndKeepWeights()
{
    QFETCH(int, signal);
    CliRunner cli;
    cli.setScript(slow);
    QProcess process;
    cli.start(process, cli.training({"--epochs", "1000", "--json"}));
    std::string seen;
    QVERIFY(waitForOutput(process, seen, "\"event\":\"epoch\""));
    send(process, signal);
    CliResult result = CliRunner::finished(process);
    result.out = seen + result.out;
    QCOMPARE(result.code, 0);
    const Json last = result.lines().back();
    QVERIFY(last["outcome"] == "stopped");
    const std::filesystem::path run = last["run"].get<std::string>();
    QVERIFY(!std::filesystem::is_empty(run / "checkpoints"));
    QVERIFY(cli.record()["finished"]["outcome"] == "stopped");
}

void TestCliTrain::hangUpIsIgnoredUnderNohup()
{
    CliRunner cli;
    cli.setScript(slow);
    QProcess process;
    process.setChildProcessModifier([] { ::signal(SIGHUP, SIG_IGN); });
    cli.start(process, cli.training({"--epochs", "3", "--json"}));
    std::string seen;
    QVERIFY(waitForOutput(process, seen, "\"event\":\"steps\""));
    send(process, SIGHUP);
    CliResult result = CliRunner::finished(process);
    result.out = seen + result.out;
    QVERIFY(result.lines().back()["outcome"] == "completed");
}

/// The reader takes nothing, so the program cannot tell its end: Ctrl-C stops the run, and once more the
/// program.
void TestCliTrain::secondInterruptLeavesAtOnce()
{
    CliRunner cli;
    cli.setScript({{"steps_per_event", 1000}});
    const auto fifo = cli.folder() / "fifo";
    QCOMPARE(mkfifo(fifo.c_str(), 0600), 0);
    const int reader = open(fifo.c_str(), O_RDWR | O_CLOEXEC);
    QVERIFY(reader >= 0);
    QProcess process;
    process.setStandardOutputFile(path(fifo));
    cli.start(process, cli.training({"--epochs", "100000", "--json"}));
    const auto waiting = [reader] {
        int bytes = 0;
        ioctl(reader, FIONREAD, &bytes);
        return bytes;
    };
    // Full: nothing more has gone in while we looked for a while.
    int before = 0;
    int unchanged = 0;
    QVERIFY(waitUntil([&] {
        const int now = waiting();
        unchanged = now == before ? unchanged + 1 : 0;
        before = now;
        return now > 20'000 && unchanged > 30;
    }));
    send(process, SIGINT);
    QVERIFY(waitUntil([&] {
        const Json record = cli.record();
        return record.is_object() && record.contains("finished") && record["finished"].is_object();
    }));
    send(process, SIGINT);
    QCOMPARE(CliRunner::finished(process).code, 130);
    QVERIFY(cli.record()["finished"]["outcome"] == "stopped");
    close(reader);
}

void TestCliTrain::closedReaderDoesNotEndTheRun()
{
    CliRunner cli;
    cli.setScript({{"seconds_per_step", 0.002}});
    QProcess process;
    cli.start(process, cli.training({"--epochs", "5", "--json"}));
    std::string seen;
    QVERIFY(waitForOutput(process, seen, "\"event\":\"steps\""));
    process.closeReadChannel(QProcess::StandardOutput);
    const CliResult result = CliRunner::finished(process);
    QCOMPARE(result.code, 0);
    QVERIFY(cli.record()["finished"]["outcome"] == "completed");
    QCOMPARE(cli.record()["epochs"].size(), std::size_t{5});
}

void TestCliTrain::closedDescriptorsSpoilNoFile()
{
    CliRunner cli;
    QProcess process;
    process.setProcessEnvironment(cli.environment());
    process.start("/bin/sh", QStringList{"-c", R"(exec "$@" <&- >&- 2>&-)", "sh", TORCHDESK_CLI} +
                                 cli.training({"--epochs", "1"}));
    QCOMPARE(CliRunner::finished(process).code, 0);
    QVERIFY(cli.record()["finished"]["outcome"] == "completed");
    int files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(cli.runs())) {
        if (!entry.is_regular_file())
            continue;
        ++files;
        const auto text = readText(entry.path());
        VERIFY_OK(text);
        QVERIFY2(text->find("Recipe  ") == std::string::npos, entry.path().c_str());
    }
    QVERIFY(files >= 4);
}

void TestCliTrain::control()
{
    CliRunner cli;
    cli.setScript(slow);
    QProcess process;
    cli.start(process, cli.training({"--epochs", "1000", "--json", "--control"}));
    std::string seen;
    QVERIFY(waitForOutput(process, seen, "\"event\":\"steps\""));
    process.write("{\"command\":\"pause\"}\n");
    QVERIFY(waitForOutput(process, seen, "\"state\":\"paused\""));
    process.write(
        "{\"command\":\"change\",\"id\":\"learning_rate\",\"value\":0.25}\n{\"command\":\"resume\"}\n");
    QVERIFY(waitForOutput(process, seen, "\"event\":\"setting\""));
    process.write("{\"command\":\"stop\",\"when\":\"after_epoch\"}\n");
    CliResult result = CliRunner::finished(process);
    result.out = seen + result.out;
    QCOMPARE(result.code, 0);
    bool changed = false;
    std::int64_t steps = 0;
    for (const Json& event : result.lines()) {
        if (event["event"] == "setting")
            changed = event["id"] == "learning_rate" && event["value"] == 0.25;
        if (event["event"] == "steps")
            steps += static_cast<std::int64_t>(event["losses"].size());
    }
    QVERIFY(changed);
    QCOMPARE(steps % 9, 0); // the epoch was done to its end
    QVERIFY(result.lines().back()["outcome"] == "stopped");
}

void TestCliTrain::badCommandLinesArePassedOver()
{
    CliRunner cli;
    cli.setScript({{"seconds_per_step", 0.002}});
    QProcess process;
    cli.start(process, cli.training({"--epochs", "3", "--json", "--control"}));
    process.write(
        "nonsense\n{\"command\":\"jump\"}\n{\"command\":\"change\",\"id\":\"learning_rate\"}\n\n[1]");
    process.closeWriteChannel();
    const CliResult result = CliRunner::finished(process);
    QVERIFY2(result.code == 0, result.err.c_str());
    int notices = 0;
    for (const Json& event : result.lines())
        notices += event["event"] == "notice" && event["severity"] == "warning";
    QCOMPARE(notices, 4);
    VERIFY_CONTAINS(result.out, "Send one JSON object a line");
    QVERIFY(result.out.find("text editor") == std::string::npos);
    QVERIFY(result.lines().back()["outcome"] == "completed");
}

void TestCliTrain::decimalComma()
{
    const std::string before = std::setlocale(LC_ALL, nullptr);
    const bool installed = std::setlocale(LC_ALL, "de_DE.UTF-8") != nullptr;
    std::setlocale(LC_ALL, before.c_str());
    if (!installed)
        QSKIP("the locale de_DE.UTF-8 is not installed");
    CliRunner cli;
    cli.set("LC_ALL", "de_DE.UTF-8");
    const CliResult result =
        cli.run(cli.training({"--epochs", "1", "--json", "--set", "learning_rate=0.0125"}));
    QVERIFY2(result.code == 0, result.err.c_str());
    for (const Json& event : result.lines()) {
        if (event["event"] == "epoch")
            QVERIFY(event["learning_rate"] == 0.0125);
    }
    QVERIFY(cli.record()["plan"]["learning_rate"] == 0.0125);
    VERIFY_CONTAINS(cli.run({"models"}).out, "44,426");
}

void TestCliTrain::progressFitsTheTerminal_data()
{
    QTest::addColumn<int>("columns");
    for (const int columns : {30, 60, 80, 120, 200})
        QTest::newRow(std::to_string(columns).c_str()) << columns;
}

void TestCliTrain::progressFitsTheTerminal()
{
    QFETCH(int, columns);
    const int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    QVERIFY(terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0);
    winsize size{24, static_cast<unsigned short>(columns), 0, 0};
    ioctl(terminal, TIOCSWINSZ, &size);
    CliRunner cli;
    cli.setScript(slow);
    cli.set("TERM", "xterm");
    QProcess process;
    process.setStandardOutputFile(ptsname(terminal));
    cli.start(process, cli.training({"--epochs", "8"}));
    std::string seen;
    QVERIFY(waitUntil([&] {
        char buffer[4096];
        for (ssize_t count; (count = read(terminal, buffer, sizeof buffer)) > 0;)
            seen.append(buffer, static_cast<std::size_t>(count));
        return process.state() == QProcess::NotRunning;
    }));
    QCOMPARE(CliRunner::finished(process).code, 0);
    int rewritten = 0;
    for (const QString& line : QString::fromStdString(seen).split('\r')) {
        const auto end = line.indexOf("\x1b[K");
        if (end <= 0)
            continue;
        ++rewritten;
        QVERIFY2(end < columns, qPrintable(line));
    }
    QVERIFY2(rewritten > 2, seen.c_str());
    VERIFY_CONTAINS(seen, "1/8");
    close(terminal);
}

QTEST_GUILESS_MAIN(TestCliTrain)
#include "tst_clitrain.moc"
