// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/clirunner.h"

#include "core/base/text.h"
#include "tests/support/tinydata.h"

namespace torchdesk::test {

namespace fs = std::filesystem;

namespace {

constexpr int patience = 120'000;

} // namespace

QString path(const fs::path& file)
{
    return QString::fromStdString(file.string());
}

bool waitUntil(const std::function<bool()>& condition)
{
    return QTest::qWaitFor(condition, 60'000);
}

Json CliResult::json() const
{
    const auto parsed = parseJson(out, "standard output");
    return parsed ? *parsed : Json(parsed.error().message);
}

std::vector<Json> CliResult::lines() const
{
    std::vector<Json> objects;
    for (const std::string& line : splitText(trimmed(out), '\n')) {
        const auto parsed = parseJson(line, "a line of standard output");
        objects.push_back(parsed ? *parsed : Json{{"event", "unreadable: " + line}});
    }
    return objects;
}

CliRunner::CliRunner() : m_environment(QProcessEnvironment::systemEnvironment())
{
    writeTinyDigits(data(), 300, 60);
    set("HOME", path(m_folder.path()));
    set("TORCHDESK_ENGINE", TORCHDESK_FAKE_ENGINE);
    set("TORCHDESK_DATA", path(m_folder / "nothing"));
    for (const char* variable : {"TORCHDESK_RUNS", "TORCHDESK_MODELS", "TORCHDESK_FAKE_SCRIPT"})
        m_environment.remove(variable);
}

void CliRunner::setScript(const Json& script)
{
    set("TORCHDESK_FAKE_SCRIPT", QString::fromStdString(script.dump()));
}

QStringList CliRunner::training(const QStringList& more) const
{
    return QStringList{"train", "--data", path(data()), "--runs", path(runs()), "--set", "batch_size=30"} +
           more;
}

void CliRunner::start(QProcess& process, const QStringList& arguments)
{
    process.setProcessEnvironment(m_environment);
    process.start(TORCHDESK_CLI, arguments);
    QVERIFY2(process.waitForStarted(), qPrintable(process.errorString()));
}

CliResult CliRunner::finished(QProcess& process)
{
    if (process.state() != QProcess::NotRunning && !process.waitForFinished(patience)) {
        process.kill();
        process.waitForFinished();
        return {-1, "", "it did not end"};
    }
    const int code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
    return {code, process.readAllStandardOutput().toStdString(),
            process.readAllStandardError().toStdString()};
}

CliResult CliRunner::run(const QStringList& arguments)
{
    QProcess process;
    start(process, arguments);
    process.closeWriteChannel();
    return finished(process);
}

Json CliRunner::record() const
{
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(runs(), ignored)) {
        const auto text = readText(entry.path() / "run.json");
        const auto parsed = text ? parseJson(*text, "run.json") : Expected<Json>(failure(text));
        if (parsed)
            return *parsed;
    }
    return nullptr;
}

} // namespace torchdesk::test
