// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <cstddef>
#include <vector>

namespace torchdesk::lane {

/// A layer of a program, and the nodes of the model whose work it does: one node, or a few in a row, whose
/// values between them are then never written.
struct Unit
{
    std::size_t node = 0;    ///< whose kind and parameters it has
    std::vector<int> inputs; ///< nodes whose values it reads
    std::size_t output = 0;  ///< the node whose values it writes
    bool relu = false;       ///< maxpool2d: of what it reads; the others: of what they make
    bool pool = false;       ///< conv2d, batchnorm2d: with a maxpool2d of 2×2 at the end
    int dropout = -1;        ///< linear: the node at the end, after a relu
};

/// Every node is in one unit; in the order in which they can run.
std::vector<Unit> unitsOf(const LoweredModel& model);

/// How often the output of each node is read.
std::vector<int> readersOf(const LoweredModel& model);

} // namespace torchdesk::lane
