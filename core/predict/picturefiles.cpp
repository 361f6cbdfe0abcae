// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/predict/picturefiles.h"

#include "core/base/files.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 5> pictureEndings = {".png", ".jpg", ".jpeg", ".tif", ".tiff"};

bool namesPicture(const fs::path& file)
{
    std::string ending = file.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return std::find(pictureEndings.begin(), pictureEndings.end(), ending) != pictureEndings.end();
}

bool isHidden(const fs::path& path)
{
    return path.filename().string().starts_with('.');
}

/// Every picture below \p folder. A folder in it that may not be read is passed over.
Expected<std::vector<fs::path>> picturesBelow(const fs::path& folder, const std::stop_token& stop)
{
    std::vector<fs::path> files;
    std::error_code problem;
    fs::directory_iterator(folder, problem); // the folder itself must be readable
    fs::recursive_directory_iterator entry;
    if (!problem)
        entry =
            fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied, problem);
    for (; !problem && entry != fs::recursive_directory_iterator(); entry.increment(problem)) {
        if (stop.stop_requested())
            break;
        std::error_code ignored;
        if (isHidden(entry->path()))
            entry.disable_recursion_pending();
        else if (!entry->is_symlink(ignored) && entry->is_regular_file(ignored) &&
                 namesPicture(entry->path()))
            files.push_back(entry->path());
    }
    if (problem)
        return tl::unexpected(systemError(problem.value(), "Cannot read", folder));
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace

Expected<std::vector<fs::path>> picturesAt(const fs::path& path, std::stop_token stop)
{
    std::error_code problem;
    if (!fs::is_directory(path, problem))
        return std::vector<fs::path>{path};
    auto files = picturesBelow(path, stop);
    if (!files)
        return failure(files);
    if (stop.stop_requested())
        return failure(ErrorKind::Cancelled, "Looking for pictures was stopped.");
    if (files->empty())
        return failure(
            ErrorKind::NotFound,
            fmt::format("{} has no PNG, JPEG or TIFF pictures. Name a folder that has some.", shown(path)));
    return files;
}

} // namespace torchdesk
