// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/folder/foldertext.h"

#include "core/base/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace torchdesk {

std::string counted(std::int64_t count, const std::string& thing)
{
    return fmt::format("{} {}{}", grouped(count), thing, count == 1 ? "" : "s");
}

std::string examples(const LeftOut& left)
{
    if (left.names.empty())
        return {};
    const bool all = left.count == std::ssize(left.names);
    return fmt::format("{}{}", all ? ": " : ", such as ", joined(left.names, ", "));
}

std::string shortReason(const std::string& name, std::string message)
{
    if (message.starts_with(name + ' '))
        message.replace(0, name.size(), "it");
    const bool sentence = message.ends_with('.') || message.ends_with('?');
    if (const auto advice = message.rfind(". "); sentence && advice != std::string::npos)
        message.resize(advice);
    if (message.ends_with('.'))
        message.pop_back();
    return message;
}

std::string listedFiles(const std::vector<UnreadableFile>& files, std::size_t most)
{
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < std::min(files.size(), most); ++i)
        parts.push_back(fmt::format("{}: {}", files[i].path, shortReason(files[i].path, files[i].reason)));
    if (files.size() > most)
        parts.push_back(fmt::format("and {} more", grouped(std::ssize(files) - std::ssize(parts))));
    return joined(parts, "; ");
}

} // namespace torchdesk
