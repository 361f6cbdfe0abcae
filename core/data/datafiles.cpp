// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/datafiles.h"

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/data/published.h"

#include <cerrno>
#include <fmt/format.h>
#include <unistd.h>

namespace torchdesk {

namespace fs = std::filesystem;

std::optional<std::string> folderObstacle(const fs::path& folder)
{
    std::error_code problem;
    const fs::file_status status = fs::status(folder, problem);
    if (status.type() == fs::file_type::not_found)
        return "not there";
    if (problem)
        return "cannot be read: " + systemReason(problem.value());
    if (!fs::is_directory(status))
        return "no folder";
    if (access(folder.c_str(), R_OK | X_OK) != 0)
        return "cannot be read: " + systemReason(errno);
    return std::nullopt;
}

std::string searchedPlace(const fs::path& folder, const std::vector<std::string>& missing, std::size_t all)
{
    if (const auto reason = folderObstacle(folder))
        return fmt::format("{} ({})", shown(folder), *reason);
    if (missing.size() == all)
        return shown(folder);
    return fmt::format("{} (lacks {})", shown(folder), joined(missing, ", "));
}

std::string waysToGet(const std::string& name)
{
    const PublishedSet* set = findPublished(name);
    if (!set)
        return "Put them into one of these, or choose the folder that has them.";
    return fmt::format("Download it ({}: torchdesk-cli data get {}), put the files into one of "
                       "these, or choose the folder that has them.",
                       byteSize(set->bytes()), name);
}

} // namespace torchdesk
