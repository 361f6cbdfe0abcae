// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cli/commands.h"

namespace torchdesk::cli {

/// `data PATH`: looks through a folder or archive of pictures and prints what a training would find in it.
int runDataFolder(Context& context, const std::string& path, bool json);

} // namespace torchdesk::cli
