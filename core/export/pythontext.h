// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// Values as Python source. Nothing that stands in a value can end its literal.
namespace torchdesk::python {

/// 'text', one line; what is not UTF-8 becomes '?'.
std::string text(std::string_view value);
/// A path as Python holds it: 'text', or os.fsdecode(b'…') where it is not plain UTF-8.
std::string path(const std::string& native);
/// A number that reads back as the same double: 0.5, 1e-05, float('nan').
std::string number(double value);
std::string number(float value);
/// base64 as string literals, one a line, each after \p indent.
std::string base64(std::span<const std::uint8_t> bytes, const std::string& indent);

} // namespace torchdesk::python
