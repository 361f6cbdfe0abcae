// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/cli/interrupts.h"
#include "core/cli/output.h"

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace torchdesk::cli {

/// What every command gets.
struct Context
{
    Output& out;
    Interrupts& interrupts;
};

/// A command of the program: its description and options are in \c app, and \c run does it and gives the exit
/// code.
struct Command
{
    CLI::App* app = nullptr;
    std::function<int(Context&)> run;
    std::vector<std::string> examples;  ///< shown below its help
    std::vector<Command> commands = {}; ///< of its own: "get" of "data"
};

Command modelsCommand(CLI::App& program);
Command dataCommand(CLI::App& program);
Command dataGetCommand(CLI::App& data); ///< of dataCommand()
Command devicesCommand(CLI::App& program);
Command planCommand(CLI::App& program);
Command trainCommand(CLI::App& program);
Command evaluateCommand(CLI::App& program);
Command predictCommand(CLI::App& program);
Command exportCommand(CLI::App& program);
Command runsCommand(CLI::App& program);
Command weightsCommand(CLI::App& program);
Command measureCommand(CLI::App& program);

/// Tells the problem and gives the exit code: of what the user stopped too, as it was not done.
int report(Context& context, const Error& error, ExitCode code = exitFailed);
/// The code after everything was printed: failed where standard output could not be written.
int finish(Context& context);

} // namespace torchdesk::cli
