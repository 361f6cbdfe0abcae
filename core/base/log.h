// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

/// The program's log: standard error, through spdlog, level from TORCHDESK_LOG (error, warn, info, debug;
/// default warn). A run has its own log.txt, written by the recorder. Any thread.
namespace torchdesk {

void logDebug(std::string_view message);
void logInfo(std::string_view message);
void logWarning(std::string_view message);
void logError(std::string_view message);

} // namespace torchdesk
