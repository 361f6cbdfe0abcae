// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace torchdesk {

/// CRC-32C (Castagnoli, polynomial 0x1EDC6F41 reflected): "123456789" gives 0xe3069283.
/// Uses the processor's instruction (SSE4.2) where it has one. Any thread.
std::uint32_t crc32c(std::span<const std::byte> bytes);
/// The same by tables, for every processor.
std::uint32_t crc32cByTables(std::span<const std::byte> bytes);
/// The masked form of TensorFlow's record files.
std::uint32_t maskedCrc32c(std::span<const std::byte> bytes);

} // namespace torchdesk
