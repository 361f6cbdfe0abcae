// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/cli/output.h"

#include <algorithm>

namespace torchdesk::cli {

namespace {

/// The character at the front and its length; a byte that is not UTF-8 counts as one character.
std::pair<char32_t, std::size_t> firstCharacter(std::string_view text)
{
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (length == 1 || length > text.size())
        return {lead, 1};
    char32_t character = lead & (0xFF >> (length + 1));
    for (std::size_t i = 1; i < length; ++i)
        character = (character << 6) | (static_cast<unsigned char>(text[i]) & 0x3F);
    return {character, length};
}

bool isWide(char32_t character)
{
    return (character >= 0x1100 && character <= 0x115F) || (character >= 0x2E80 && character <= 0xA4CF) ||
           (character >= 0xAC00 && character <= 0xD7A3) || (character >= 0xF900 && character <= 0xFAFF) ||
           (character >= 0xFE30 && character <= 0xFE6F) || (character >= 0xFF00 && character <= 0xFF60) ||
           (character >= 0x1F300 && character <= 0x1FAFF) || (character >= 0x20000 && character <= 0x3FFFD);
}

} // namespace

int displayWidth(std::string_view text)
{
    int columns = 0;
    while (!text.empty()) {
        const auto [character, length] = firstCharacter(text);
        columns += isWide(character) ? 2 : 1;
        text.remove_prefix(length);
    }
    return columns;
}

std::string padRight(std::string_view text, int width)
{
    return std::string(text) +
           std::string(static_cast<std::size_t>(std::max(0, width - displayWidth(text))), ' ');
}

std::string padLeft(std::string_view text, int width)
{
    return std::string(static_cast<std::size_t>(std::max(0, width - displayWidth(text))), ' ') +
           std::string(text);
}

std::string fitted(std::string_view text, int width)
{
    if (displayWidth(text) <= width)
        return std::string(text);
    std::string result;
    int columns = 0;
    while (!text.empty()) {
        const auto [character, length] = firstCharacter(text);
        columns += isWide(character) ? 2 : 1;
        if (columns > width - 1)
            break;
        result += text.substr(0, length);
        text.remove_prefix(length);
    }
    return result + "…";
}

std::string wrapped(std::string_view text, int width, int indent)
{
    std::string result;
    int column = 0;
    for (const std::string& word : splitText(text, ' ')) {
        const int columns = displayWidth(word);
        if (column > 0 && column + 1 + columns > width) {
            result += '\n' + std::string(static_cast<std::size_t>(indent), ' ');
            column = indent;
        } else if (column > 0) {
            result += ' ';
            ++column;
        }
        result += word;
        column += columns;
    }
    return result;
}

} // namespace torchdesk::cli
