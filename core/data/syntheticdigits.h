// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"

namespace torchdesk {

/// Drawn digits: ten stroke models of our own under random affine change, wobble, thickness and noise, in
/// integer arithmetic, so that every machine draws the same bytes. 60,000 + 10,000 grey pictures of 28×28;
/// the picture with number i depends on i alone. Drawn by \p threads threads (0: one a core).
Expected<DataSet> drawDigits(const Progress& progress = {}, std::stop_token stop = {}, int threads = 0);
DataDescription drawnDigitsDescription();

/// One picture, 28 × 28 bytes, ink is 255. \p test chooses the part.
void drawDigit(bool test, std::uint32_t number, std::span<std::uint8_t> out);
/// The digit that picture shows.
std::int64_t drawnLabel(bool test, std::uint32_t number);

} // namespace torchdesk
