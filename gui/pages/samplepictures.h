// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"
#include "gui/widgets/picturegrid.h"

namespace torchdesk {

/// \p count pictures from the training part so that a column of \p columns shows one class, in the order of
/// the classes (the first \p columns of them). The same pictures each time.
std::vector<GridPicture> firstOfEachClass(const DataSet& data, int count, int columns);

/// The same pictures with other pixels: \p samples has as many samples of \p shape as there are pictures.
std::vector<GridPicture> withPixels(std::vector<GridPicture> pictures, std::span<const std::uint8_t> samples,
                                    const Shape& shape);

} // namespace torchdesk
