// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cli/commands.h"

#include <CLI/CLI.hpp>
#include <span>

namespace torchdesk::cli {

/// One sentence about a command line that cannot be understood, with the closest command or option offered.
/// nullopt where names of commands and options are all known.
std::optional<std::string> unknownWord(const CLI::App& program, std::span<char* const> arguments);
/// What CLI11 refused, as one sentence.
std::string refusal(const CLI::ParseError& error, const CLI::App& command);

/// "data get": the words that call a command.
std::string commandWords(const CLI::App& command);

/// For values where nothing at all is a slip, such as a variable of the shell that is not set.
CLI::Validator notEmpty(const std::string& wanted = "a path");

/// The page behind --help, as wide as the terminal (at most 100 columns).
std::string helpText(const CLI::App& program, const Command* command, const Output& out);

} // namespace torchdesk::cli
