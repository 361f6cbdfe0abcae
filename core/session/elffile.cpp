// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/elffile.h"

#include <cstring>
#include <elf.h>
#include <fstream>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

template <class T>
bool readAt(std::ifstream& in, std::uint64_t offset, T& out)
{
    in.seekg(static_cast<std::streamoff>(offset));
    return static_cast<bool>(in.read(reinterpret_cast<char*>(&out), sizeof out));
}

bool fits(std::uint64_t offset, std::uint64_t size, std::uint64_t whole)
{
    return offset <= whole && size <= whole - offset;
}

} // namespace

bool isWholeLibrary(const fs::path& file)
{
    std::error_code problem;
    const std::uint64_t size = fs::file_size(file, problem);
    std::ifstream in(file, std::ios::binary);
    Elf64_Ehdr header{};
    if (problem || !readAt(in, 0, header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
        header.e_ident[EI_CLASS] != ELFCLASS64)
        return true;
    if (header.e_shoff > 0 && !fits(header.e_shoff, std::uint64_t{header.e_shnum} * header.e_shentsize, size))
        return false;
    for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
        Elf64_Phdr part{};
        if (!readAt(in, header.e_phoff + i * header.e_phentsize, part) ||
            !fits(part.p_offset, part.p_filesz, size))
            return false;
    }
    return true;
}

} // namespace torchdesk
