// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"

#include <cstdlib>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace torchdesk {

namespace {

spdlog::logger& logger()
{
    static const std::shared_ptr<spdlog::logger> instance = [] {
        auto made = spdlog::stderr_logger_mt("torchdesk");
        const char* wanted = std::getenv("TORCHDESK_LOG");
        // An unknown word would read as "off".
        const auto level = wanted ? spdlog::level::from_str(wanted) : spdlog::level::off;
        const bool silent = wanted && std::string_view(wanted) == "off";
        made->set_level(level == spdlog::level::off && !silent ? spdlog::level::warn : level);
        made->set_pattern("torchdesk: %l: %v");
        return made;
    }();
    return *instance;
}

} // namespace

void logDebug(std::string_view message)
{
    logger().debug(message);
}

void logInfo(std::string_view message)
{
    logger().info(message);
}

void logWarning(std::string_view message)
{
    logger().warn(message);
}

void logError(std::string_view message)
{
    logger().error(message);
}

} // namespace torchdesk
