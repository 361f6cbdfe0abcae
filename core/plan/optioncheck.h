// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan/options.h"

namespace torchdesk {

/// Why a value does not do, without the option's name: 'found 0, wanted a whole number from 1 to 100000.';
/// nullopt where it does. For messages that name the option in their own way.
std::optional<std::string> objection(const Option& option, const Json& value);

/// 'there is no option "epoch", "epochs" perhaps': with every option where none is close.
std::string unknownOption(std::string_view id);

} // namespace torchdesk
