// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/folder/folderscan.h"

/// How messages name what was found in a folder.
namespace torchdesk {

/// So many unreadable files a run's log names; where a list stands beside the message, LeftOut::shownNames.
constexpr std::size_t loggedFiles = 20;

/// "1 picture", "1,234 pictures".
std::string counted(std::int64_t count, const std::string& thing);
/// ": a.jpg, b.jpg", or ", such as a.jpg, b.jpg" where these are not all; "" without names.
std::string examples(const LeftOut& left);
/// What an error says of the file \p name, for a list in which the name stands already: without the name in
/// front and the advice at the end. "it is a damaged PNG picture, or cut short (Not enough data)".
std::string shortReason(const std::string& name, std::string message);
/// "a.jpg: it is empty; b.jpg: it is cut; and 5 more": the first \p most of the files, whole.
std::string listedFiles(const std::vector<UnreadableFile>& files, std::size_t most);

} // namespace torchdesk
