// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace torchdesk {

/// True where \p file has all the bytes that its ELF header tells of. A library that was cut short (a disk
/// that was full, a copy that was broken off) would be opened, and kill the program with SIGBUS when it is
/// used. What is no 64-bit ELF file is left to the system, which refuses it.
bool isWholeLibrary(const std::filesystem::path& file);

} // namespace torchdesk
