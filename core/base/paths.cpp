// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/paths.h"

#include "core/base/text.h"

#include <algorithm>
#include <cstdlib>
#include <dlfcn.h>
#include <pwd.h>
#include <unistd.h>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

fs::path homeFolder()
{
    if (const char* home = std::getenv("HOME"); home && *home)
        return home;
    if (const passwd* entry = getpwuid(getuid()))
        return entry->pw_dir;
    return "/";
}

fs::path override(const char* variable, const fs::path& otherwise)
{
    const char* value = std::getenv(variable);
    return value && *value ? userPath(value) : homeFolder() / otherwise;
}

} // namespace

fs::path runsFolder()
{
    return override("TORCHDESK_RUNS", "TorchDesk/runs");
}

std::vector<fs::path> dataFolders(const fs::path& first)
{
    std::vector<fs::path> folders;
    if (!first.empty())
        folders.push_back(userPath(first.string()));
    if (const char* list = std::getenv("TORCHDESK_DATA")) {
        for (const std::string& entry : splitText(list, ':')) {
            if (!entry.empty())
                folders.push_back(userPath(entry));
        }
    }
    folders.push_back(homeFolder() / "TorchDesk/data");
    return folders;
}

fs::path userModelsFolder()
{
    return override("TORCHDESK_MODELS", "TorchDesk/models");
}

fs::path cacheFolder()
{
    // The specification of these folders asks for an absolute path, and to pass over any other.
    const char* caches = std::getenv("XDG_CACHE_HOME");
    const bool named = caches && *caches == '/';
    return override("TORCHDESK_CACHE", named ? fs::path(caches) / "torchdesk" : fs::path(".cache/torchdesk"));
}

fs::path libraryFolder()
{
    Dl_info info{};
    if (dladdr(reinterpret_cast<const void*>(&libraryFolder), &info) == 0 || !info.dli_fname)
        return ".";
    std::error_code ignored;
    return fs::weakly_canonical(info.dli_fname, ignored).parent_path();
}

fs::path userPath(const std::string& text)
{
    std::error_code ignored;
    if (text == "~" || text.starts_with("~/"))
        return homeFolder() / fs::path(text.size() > 2 ? text.substr(2) : "");
    return fs::absolute(text, ignored);
}

fs::path tidyPath(const std::string& text)
{
    std::error_code problem;
    const fs::path path = userPath(text);
    fs::path tidy = path.lexically_normal();
    if (std::find(path.begin(), path.end(), "..") != path.end()) {
        tidy = fs::weakly_canonical(path, problem);
        if (problem)
            tidy = path;
    }
    return tidy.has_filename() ? tidy : tidy.parent_path();
}

} // namespace torchdesk
