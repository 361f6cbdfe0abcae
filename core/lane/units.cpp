// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lane/units.h"

#include <algorithm>

namespace torchdesk::lane {

namespace {

/// Windows of 2×2 that leave nothing over.
bool isWholePool(const LoweredModel& model, const LoweredNode& node)
{
    const auto is = [&](const char* name, std::int64_t both) {
        return node.attribute<std::vector<std::int64_t>>(name) == std::vector<std::int64_t>{both, both};
    };
    const Shape& input = model.nodes[static_cast<std::size_t>(node.inputs[0])].output;
    return is("kernel", 2) && is("stride", 2) && is("padding", 0) && input[1] % 2 == 0 && input[2] % 2 == 0;
}

/// Does nothing but a pool of whole windows read the node at that place?
bool goesIntoWholePool(const LoweredModel& model, const std::vector<int>& readers, std::size_t place)
{
    if (readers[place] != 1 || place + 1 == model.nodes.size())
        return false;
    const LoweredNode& next = model.nodes[place + 1];
    return next.kind == "maxpool2d" && static_cast<std::size_t>(next.inputs[0]) == place &&
           isWholePool(model, next);
}

/// Lets the unit that has been the last one do the work of a node too, if it can.
bool takesOver(const LoweredModel& model, const std::vector<int>& readers, std::size_t place, Unit& last)
{
    const std::string& kind = model.nodes[last.node].kind;
    const LoweredNode& node = model.nodes[place];
    const bool first = !last.relu && !last.pool;
    if (node.kind == "relu" && kind == "conv2d" && first)
        return last.relu = goesIntoWholePool(model, readers, place);
    if (node.kind == "relu" && (kind == "batchnorm2d" || kind == "linear") && !last.pool)
        return last.relu = true;
    if (node.kind == "maxpool2d" && (kind == "conv2d" || kind == "batchnorm2d") && !last.pool)
        return last.pool = isWholePool(model, node);
    if (node.kind == "dropout" && kind == "linear" && last.relu && last.dropout < 0) {
        last.dropout = static_cast<int>(place);
        return true;
    }
    return false;
}

} // namespace

std::vector<int> readersOf(const LoweredModel& model)
{
    std::vector<int> readers(model.nodes.size(), 0);
    for (const LoweredNode& node : model.nodes)
        for (const int input : node.inputs)
            ++readers[static_cast<std::size_t>(input)];
    return readers;
}

std::vector<Unit> unitsOf(const LoweredModel& model)
{
    const std::vector<int> readers = readersOf(model);
    std::vector<Unit> units;
    for (std::size_t i = 0; i < model.nodes.size(); ++i) {
        const LoweredNode& node = model.nodes[i];
        const bool follows = !units.empty() && node.inputs.size() == 1 &&
                             static_cast<std::size_t>(node.inputs[0]) == units.back().output &&
                             readers[units.back().output] == 1;
        if (follows && takesOver(model, readers, i, units.back())) {
            units.back().output = i;
        } else if (follows && node.kind == "maxpool2d" && model.nodes[units.back().node].kind == "relu") {
            units.back() = {i, units.back().inputs, i, true};
        } else {
            units.push_back({i, node.inputs, i});
        }
    }
    return units;
}

} // namespace torchdesk::lane
