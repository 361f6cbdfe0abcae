// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/interoppython.h"

#include "core/base/text.h"

#include <QCoreApplication>
#include <QTest>
#include <cstdio>

namespace torchdesk::test {

QString python()
{
    return qEnvironmentVariable("TORCHDESK_INTEROP_PYTHON");
}

CliResult runPython(const QStringList& arguments, const std::string& input)
{
    QProcess process;
    process.start(python(), arguments);
    process.write(QByteArray::fromStdString(input));
    process.closeWriteChannel();
    return CliRunner::finished(process);
}

CliResult runScript(const char* name, const QStringList& arguments)
{
    return runPython(QStringList{QString(TORCHDESK_INTEROP_SCRIPTS "/") + name} + arguments);
}

Json lastLine(const CliResult& result)
{
    const auto lines = splitText(trimmed(result.out), '\n');
    const auto parsed = parseJson(lines.back(), "Python's answer");
    return parsed ? *parsed : Json(nullptr);
}

int runInterop(int argc, char** argv, QObject& test)
{
    QCoreApplication application(argc, argv);
    if (python().isEmpty()) {
        std::puts("skipped: TORCHDESK_INTEROP_PYTHON names no Python (tests/run --interop sets one up)");
        return 77;
    }
    return QTest::qExec(&test, argc, argv);
}

} // namespace torchdesk::test
