// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/cli/planarguments.h"
#include "core/cli/usage.h"

#include <algorithm>
#include <fmt/format.h>

namespace torchdesk::cli {

namespace {

constexpr int nameColumns = 28;

/// "  name    description", the description wrapped beside the name.
std::string entry(const std::string& name, const std::string& description, int width)
{
    std::string text = padRight("  " + name, nameColumns);
    if (displayWidth(text) > nameColumns)
        text += '\n' + std::string(nameColumns, ' ');
    std::string words = wrapped(description, width - nameColumns, 0);
    for (std::size_t at = words.find('\n'); at != std::string::npos; at = words.find('\n', at + 1))
        words.insert(at + 1, std::string(nameColumns, ' '));
    return text + words + '\n';
}

std::string optionName(const CLI::Option& option)
{
    if (option.get_positional())
        return option.get_name(true);
    std::vector<std::string> names;
    for (const std::string& name : option.get_snames())
        names.push_back("-" + name);
    for (const std::string& name : option.get_lnames())
        names.push_back("--" + name);
    const std::string value = option.get_expected_max() > 0 ? " " + option.get_type_name() : "";
    return joined(names, ", ") + value;
}

std::string entries(const CLI::App& app, bool positional, int width)
{
    std::string text;
    for (const CLI::Option* option : app.get_options()) {
        if (option->get_positional() == positional)
            text += entry(optionName(*option), option->get_description(), width);
    }
    return text;
}

std::string usageLine(const CLI::App& app)
{
    std::string line = "torchdesk-cli " + commandWords(app);
    for (const CLI::Option* option : app.get_options()) {
        if (option->get_positional())
            line +=
                option->get_required() ? ' ' + option->get_name(true) : " [" + option->get_name(true) + ']';
        if (option->get_positional() && option->get_items_expected_max() > 1)
            line += "…";
    }
    return line + " [options]";
}

/// What --set reaches besides the flags.
std::string settings(int width)
{
    std::string text;
    std::vector<std::string> flagged;
    for (const Option& option : optionTable()) {
        if (option.flag.empty())
            text += entry(option.id, optionDescription(option), width);
        else
            flagged.push_back(option.id);
    }
    return text + "  " + wrapped("and what the flags set: " + joined(flagged, ", ") + ".", width - 2, 2) +
           '\n';
}

std::string firstSentence(const std::string& text)
{
    return text.substr(0, text.find(". ")) + (text.find(". ") == std::string::npos ? "" : ".");
}

std::string commandList(const CLI::App& program, int width)
{
    std::string text;
    for (const CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; }))
        text += entry(command->get_name(), firstSentence(command->get_description()), width);
    return text;
}

std::string exampleLines(const std::vector<std::string>& examples)
{
    std::string text;
    for (const std::string& example : examples)
        text += "  " + example + '\n';
    return text;
}

std::string variables(int width)
{
    return entry("TORCHDESK_RUNS", "The folder of the runs (~/TorchDesk/runs).", width) +
           entry("TORCHDESK_DATA",
                 "Folders with data, separated by colons, searched before ~/TorchDesk/data.", width) +
           entry("TORCHDESK_MIRROR",
                 "An https address that downloads of data try first, as ADDRESS/mnist/FILE.", width) +
           entry("TORCHDESK_MODELS", "The folder with models of your own (~/TorchDesk/models).", width) +
           entry("TORCHDESK_CACHE", "The folder of decoded pictures (~/.cache/torchdesk).", width) +
           entry("TORCHDESK_CACHE_GB", "How many gigabytes decoded pictures may take there (20).", width) +
           entry("TORCHDESK_LIBTORCH", "A LibTorch to use in place of the one that was set up.", width) +
           entry("TORCHDESK_LOG",
                 "How much is told of what goes on inside: debug, info, warn (the default), error or off.",
                 width);
}

std::string programHelp(const CLI::App& program, const Output& out, int width)
{
    const std::vector<std::string> examples = {"torchdesk-cli train                                     # "
                                               "LeNet on drawn digits: nothing to download",
                                               "torchdesk-cli train --model lenet --data mnist --epochs 20",
                                               "torchdesk-cli predict last digit.png",
                                               "torchdesk-cli export last --format pytorch --out lenet.pt"};
    return fmt::format("{}\n\n{}\n  torchdesk-cli COMMAND [options]\n\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}",
                       program.get_description(), out.strong("Usage"), out.strong("Commands"),
                       commandList(program, width), out.strong("Options"), entries(program, false, width),
                       out.strong("Environment"), variables(width), out.strong("Examples"),
                       exampleLines(examples),
                       "'torchdesk-cli COMMAND --help' tells everything about a command.\n");
}

} // namespace

std::string helpText(const CLI::App& program, const Command* command, const Output& out)
{
    const int width = std::min(out.width(), 100);
    if (!command)
        return programHelp(program, out, width);
    const CLI::App& app = *command->app;
    std::string text = wrapped(app.get_description(), width) + "\n\n";
    text += fmt::format("{}\n  {}\n", out.strong("Usage"), usageLine(app));
    if (const std::string arguments = entries(app, true, width); !arguments.empty())
        text += fmt::format("\n{}\n{}", out.strong("Arguments"), arguments);
    if (const std::string inner = commandList(app, width); !inner.empty())
        text += fmt::format("\n{}\n{}", out.strong("Commands"), inner);
    text += fmt::format("\n{}\n{}", out.strong("Options"), entries(app, false, width));
    if (app.get_option_no_throw("--set"))
        text += fmt::format("\n{}\n{}", out.strong("Keys of --set, which are those of a plan file"),
                            settings(width));
    if (!command->examples.empty())
        text += fmt::format("\n{}\n{}", out.strong("Examples"), exampleLines(command->examples));
    return text;
}

} // namespace torchdesk::cli
