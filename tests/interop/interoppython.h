// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "tests/cli/clirunner.h"

/// The Python that tests/run --interop sets up.
namespace torchdesk::test {

/// Its program; empty where there is none, and then the tests are skipped.
QString python();
/// Runs Python with \p arguments, \p input on its standard input.
CliResult runPython(const QStringList& arguments, const std::string& input = {});
/// Runs a script of this folder.
CliResult runScript(const char* name, const QStringList& arguments);
/// The JSON in the last line that a script printed; null where it is none.
Json lastLine(const CliResult& result);
/// main() of an interop test: runs \p test, or says that it was skipped.
int runInterop(int argc, char** argv, QObject& test);

} // namespace torchdesk::test
