// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "tests/support/testsupport.h"

#include <QProcess>

namespace torchdesk::test {

/// What a finished torchdesk-cli left.
struct CliResult
{
    int code = -1;
    std::string out;
    std::string err;

    /// Standard output as JSON: one document, or one object a line.
    Json json() const;
    std::vector<Json> lines() const;
};

/// The real program with the fake engine, in a home of its own, and a small data set in MNIST's form.
class CliRunner
{
public:
    CliRunner();

    /// Runs to the end.
    CliResult run(const QStringList& arguments);
    /// Starts it; the caller talks to it.
    void start(QProcess& process, const QStringList& arguments);
    /// What has come from a process that has ended by now.
    static CliResult finished(QProcess& process);

    /// The arguments that train quickly: "train --data DIR --runs DIR" and \p more.
    QStringList training(const QStringList& more = {}) const;
    void set(const QString& variable, const QString& value) { m_environment.insert(variable, value); }
    const QProcessEnvironment& environment() const { return m_environment; }
    void setScript(const Json& script);
    /// LibTorch's engine instead of the fake one.
    void useRealEngine() { m_environment.remove("TORCHDESK_ENGINE"); }

    std::filesystem::path data() const { return m_folder / "digits"; }
    std::filesystem::path runs() const { return m_folder / "runs"; }
    const TemporaryFolder& folder() const { return m_folder; }
    /// run.json of the only run there is.
    Json record() const;

private:
    TemporaryFolder m_folder;
    QProcessEnvironment m_environment;
};

/// Waits until \p condition holds, for a minute at most, while Qt's events go on.
bool waitUntil(const std::function<bool()>& condition);

QString path(const std::filesystem::path& file);

} // namespace torchdesk::test
