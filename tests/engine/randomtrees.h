// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/philox.h"
#include "core/model/model.h"

namespace torchdesk::test {

/// A small model of the layers that lanes have: convolutions of every size to 7, stride and padding,
/// activations, pools, normalisation, dropout, residual and concat nodes. The same \p seed gives the same
/// one.
LoweredModel randomTree(std::uint64_t seed);

} // namespace torchdesk::test
