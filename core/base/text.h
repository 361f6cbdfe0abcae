// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Numbers and words as text, the same under every locale (from_chars and to_chars only).
namespace torchdesk {

/// The whole of \p text as a number; nullopt where it is not exactly one.
std::optional<std::int64_t> toInteger(std::string_view text);
std::optional<std::uint64_t> toUnsigned(std::string_view text);
std::optional<double> toReal(std::string_view text);

/// Shortest text that reads back as the same double: "0.001", "1e-05", "nan".
std::string toText(double value);
/// \p digits after the point: fixed(0.98765, 3) is "0.988".
std::string fixed(double value, int digits);
/// A loss for a table, at most nine characters: "0.1234", from 10,000 on "1.23e+04"; "nan", "inf".
std::string lossText(double value);
/// 44426 is "44,426".
std::string grouped(std::int64_t value);
/// 0.9894 is "98.94 %".
std::string percent(double share, int digits = 2);
/// "0.4 s", "12 s", "3 min 5 s", "2 h 10 min".
std::string duration(double seconds);
/// Decimal units as on the box of a disk: "45 MB", "2.8 GB".
std::string byteSize(std::uint64_t bytes);
/// {28, 28} is "28×28".
std::string shapeText(const std::vector<std::int64_t>& shape);

std::string trimmed(std::string_view text);
std::vector<std::string> splitText(std::string_view text, char separator);
std::string joined(const std::vector<std::string>& parts, std::string_view separator);
/// The member of \p candidates that is closest to \p word by edit distance, if close enough to offer.
std::optional<std::string> closest(std::string_view word, const std::vector<std::string>& candidates);
/// Cut to \p bytes at a UTF-8 boundary, with "…" where something was cut; invalid UTF-8 and control
/// characters become '?', so that text from a file can go into a message.
std::string shortened(std::string_view text, std::size_t bytes);
/// The same text in UTF-8: each byte that is none becomes \xHH and each backslash two, so that nothing is
/// lost.
std::string escaped(std::string_view text);
/// \p text as one word of a POSIX shell, quoted only where it must be.
std::string shellWord(std::string_view text);

} // namespace torchdesk
