// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cli/usage.h"

#include "core/base/text.h"
#include "core/plan/options.h"

#include <algorithm>
#include <fmt/format.h>

namespace torchdesk::cli {

namespace {

std::string orElse(const std::optional<std::string>& near, const std::string& otherwise)
{
    return near ? fmt::format("did you mean {}?", *near) : otherwise;
}

std::string unknownCommand(const CLI::App& program, const std::string& word)
{
    std::vector<std::string> names;
    for (const CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(command->get_name());
    const std::string all = joined(names, ", ");
    names.push_back("--help");
    return fmt::format("\"{}\" is not a command; {}", shortened(word, 60),
                       orElse(closest(word, names), "there are " + all + "."));
}

const CLI::App* commandCalled(const CLI::App& parent, const std::string& word)
{
    for (const CLI::App* command : parent.get_subcommands([](const CLI::App*) { return true; })) {
        if (command->get_name() == word)
            return command;
    }
    return nullptr;
}

std::vector<std::string> optionNames(const CLI::App& app)
{
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options()) {
        for (const std::string& name : option->get_lnames())
            names.push_back("--" + name);
        for (const std::string& name : option->get_snames())
            names.push_back("-" + name);
    }
    return names;
}

/// What to do instead of \p word: --set for a value of the plan, the closest flag, or a look at the help.
std::string instead(const CLI::App& app, const std::string& word)
{
    std::string id = word.substr(std::min(word.find_first_not_of('-'), word.size()));
    std::replace(id.begin(), id.end(), '-', '_');
    if (app.get_option_no_throw("--set") && findOption(id))
        return fmt::format("use --set {}=VALUE.", id);
    std::vector<std::string> names = optionNames(app);
    std::erase_if(names, [](const std::string& name) { return name.size() == 2; });
    const std::string of = app.get_parent() ? commandWords(app) + " " : "";
    return orElse(word.starts_with("--") ? closest(word, names) : std::nullopt,
                  fmt::format("see 'torchdesk-cli {}--help'.", of));
}

std::optional<std::string> unknownOption(const CLI::App& app, std::span<char* const> arguments)
{
    const std::vector<std::string> names = optionNames(app);
    for (const char* argument : arguments) {
        const std::string word = std::string(argument).substr(0, std::string_view(argument).find('='));
        if (word == "--")
            return std::nullopt;
        const bool option = word.size() > 1 && word[0] == '-' && !toReal(word);
        if (option && std::find(names.begin(), names.end(), word) == names.end())
            return fmt::format("{} is not an option of {}; {}", shortened(word, 60),
                               app.get_parent() ? commandWords(app) : "torchdesk-cli", instead(app, word));
    }
    return std::nullopt;
}

} // namespace

std::optional<std::string> unknownWord(const CLI::App& program, std::span<char* const> arguments)
{
    std::size_t first = 0;
    while (first < arguments.size() && arguments[first][0] == '-')
        ++first;
    if (const auto problem = unknownOption(program, arguments.first(first)))
        return problem;
    if (first == arguments.size())
        return std::nullopt;
    if (const CLI::App* command = commandCalled(program, arguments[first])) {
        arguments = arguments.subspan(first + 1);
        if (const CLI::App* inner = arguments.empty() ? nullptr : commandCalled(*command, arguments[0]))
            return unknownOption(*inner, arguments.subspan(1));
        return unknownOption(*command, arguments);
    }
    return unknownCommand(program, arguments[first]);
}

std::string commandWords(const CLI::App& command)
{
    const CLI::App* parent = command.get_parent();
    return parent && parent->get_parent() ? commandWords(*parent) + ' ' + command.get_name()
                                          : command.get_name();
}

CLI::Validator notEmpty(const std::string& wanted)
{
    const auto check = [wanted](const std::string& value) {
        return value.empty() ? "found nothing, wanted " + wanted : std::string();
    };
    return CLI::Validator(check, "");
}

std::string refusal(const CLI::ParseError& error, const CLI::App& command)
{
    const std::string help = fmt::format("see 'torchdesk-cli {} --help'.", commandWords(command));
    const std::string what = error.what();
    // "--epochs: 1 required TEXT missing", "RUN is required", "The following argument was not expected: x"
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) && what.find(':') != std::string::npos)
        return fmt::format("{} needs a value; {}", what.substr(0, what.find(':')), help);
    if (dynamic_cast<const CLI::RequiredError*>(&error))
        return fmt::format("{} needs {}; {}", commandWords(command), what.substr(0, what.find(" is ")), help);
    if (dynamic_cast<const CLI::ExtrasError*>(&error))
        return fmt::format("{} is one argument too many for {}; {}",
                           shortened(trimmed(what.substr(what.find(':') + 1)), 60), commandWords(command),
                           help);
    return fmt::format("{}; {}", what, help);
}

} // namespace torchdesk::cli
