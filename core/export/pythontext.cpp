// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/pythontext.h"

#include "core/base/text.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <vector>

namespace torchdesk::python {

namespace {

constexpr std::size_t lineBytes = 57; // 76 characters of base64

bool isControl(unsigned char byte)
{
    return byte < 0x20 || byte == 0x7F;
}

/// Between quotes, with \xNN for each byte that \p escaped picks.
template <class Picks>
std::string quoted(std::string_view value, Picks escaped)
{
    std::string result = "'";
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\'' || c == '\\')
            result += {'\\', c};
        else if (escaped(byte))
            result += fmt::format("\\x{:02x}", byte);
        else
            result += c;
    }
    return result + "'";
}

bool isPlain(const std::string& text)
{
    return shortened(text, text.size()) == text;
}

template <class Number>
std::string numberText(Number value)
{
    if (std::isfinite(value))
        return fmt::format("{}", value);
    return std::isnan(value) ? "float('nan')" : value > 0 ? "float('inf')" : "float('-inf')";
}

} // namespace

std::string text(std::string_view value)
{
    return quoted(shortened(value, value.size()), isControl);
}

std::string path(const std::string& native)
{
    if (isPlain(native))
        return quoted(native, isControl);
    return "os.fsdecode(b" +
           quoted(native, [](unsigned char byte) { return isControl(byte) || byte > 0x7E; }) + ")";
}

std::string number(double value)
{
    return numberText(value);
}

std::string number(float value)
{
    return numberText(value);
}

std::string base64(std::span<const std::uint8_t> bytes, const std::string& indent)
{
    std::string result;
    while (!bytes.empty()) {
        const auto line = bytes.first(std::min(lineBytes, bytes.size()));
        unsigned char encoded[4 * ((lineBytes + 2) / 3) + 1];
        const int length = EVP_EncodeBlock(encoded, line.data(), static_cast<int>(line.size()));
        result += indent + "'" + std::string(encoded, encoded + length) + "'\n";
        bytes = bytes.subspan(line.size());
    }
    return result.empty() ? indent + "''\n" : result;
}

} // namespace torchdesk::python
