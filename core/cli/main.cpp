// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/threading.h"
#include "core/cli/usage.h"

#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <fmt/format.h>
#include <new>
#include <unistd.h>

namespace torchdesk::cli {

int report(Context& context, const Error& error, ExitCode code)
{
    if (error.kind == ErrorKind::Cancelled) {
        context.out.problem("stopped: not done.");
        return exitFailed;
    }
    context.out.problem(error.message);
    return code;
}

int finish(Context& context)
{
    if (context.out.good())
        return exitSuccess;
    context.out.problem(context.out.whyBad() + ".");
    return exitFailed;
}

namespace {

std::vector<Command> addCommands(CLI::App& program)
{
    return {trainCommand(program),    planCommand(program),    modelsCommand(program),
            dataCommand(program),     devicesCommand(program), runsCommand(program),
            evaluateCommand(program), predictCommand(program), exportCommand(program),
            weightsCommand(program),  measureCommand(program)};
}

/// The command that was called; of a command's own commands the innermost.
const Command* given(const std::vector<Command>& commands)
{
    for (const Command& command : commands) {
        if (!command.app->parsed())
            continue;
        const Command* inner = given(command.commands);
        return inner ? inner : &command;
    }
    return nullptr;
}

void addHelp(const std::vector<Command>& commands)
{
    for (const Command& command : commands) {
        command.app->set_help_flag("-h,--help", "Shows this page.");
        addHelp(command.commands);
    }
}

int wrongUse(Context& context, const std::string& sentence)
{
    context.out.problem(sentence);
    return exitWrongUse;
}

/// "help train" is "train --help".
std::vector<char*> withHelpAsOption(std::vector<char*> words)
{
    static char option[] = "--help";
    if (words.size() > 1 && std::string_view(words[1]) == "help") {
        words.erase(words.begin() + 1);
        words.push_back(option);
    }
    return words;
}

int parseAndRun(Context& context, CLI::App& program, const std::vector<Command>& commands, int argc,
                char** argv)
{
    std::vector<char*> words = withHelpAsOption({argv, argv + argc});
    if (const auto problem = unknownWord(program, std::span(words).subspan(1)))
        return wrongUse(context, *problem);
    try {
        program.parse(static_cast<int>(words.size()), words.data());
    } catch (const CLI::CallForHelp&) {
        context.out.write(helpText(program, given(commands), context.out));
        return finish(context);
    } catch (const CLI::CallForVersion&) {
        context.out.line("torchdesk-cli " TORCHDESK_VERSION);
        return finish(context);
    } catch (const CLI::ParseError& error) {
        const Command* command = given(commands);
        return wrongUse(context, refusal(error, command ? *command->app : program));
    }
    const Command* command = given(commands);
    if (!command) {
        context.out.write(helpText(program, nullptr, context.out));
        return exitWrongUse;
    }
    return command->run(context);
}

/// A standard descriptor that is closed would go to the next file that is opened, and what is printed would
/// then go into that file: a run's own, for instance.
void openStandardDescriptors()
{
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        // The lowest free number is taken: this one.
        if (fcntl(descriptor, F_GETFD) == -1)
            (void)open("/dev/null", O_RDWR);
    }
}

int run(int argc, char** argv)
{
    Interrupts interrupts;
    Output out(interrupts.token());
    Context context{out, interrupts};
    CLI::App program(
        "TorchDesk trains neural networks and keeps their curves and weights; this is it in the terminal.");
    program.set_help_flag("-h,--help", "Shows this page.");
    program.set_version_flag("--version", TORCHDESK_VERSION, "Shows the version.");
    const std::vector<Command> commands = addCommands(program);
    addHelp(commands);
    return parseAndRun(context, program, commands, argc, argv);
}

/// The one catch of the program: what the commands call gives errors as values, but memory and threads can be
/// refused anywhere.
int runGuarded(int argc, char** argv)
{
    try {
        return run(argc, argv);
    } catch (const std::bad_alloc&) {
        std::fputs(
            "torchdesk-cli: the memory is full. Close other programs, or use a smaller model or batch.\n",
            stderr);
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "torchdesk-cli: an internal error, please report it: %s\n", problem.what());
    }
    return exitFailed;
}

} // namespace

} // namespace torchdesk::cli

int main(int argc, char** argv)
{
    torchdesk::cli::openStandardDescriptors();
    torchdesk::prepareThreading(argv);
    return torchdesk::cli::runGuarded(argc, argv);
}
