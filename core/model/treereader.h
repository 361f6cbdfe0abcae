// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <set>

namespace torchdesk {

/// Reads trees of nodes: kinds, names, nesting (at most 32 levels, 10,000 nodes in a file). What a layer's
/// attributes may be is checked when it is lowered.
class TreeReader
{
public:
    static constexpr int mostLevels = 32;
    static constexpr int mostNodes = 10'000;

    /// \p source names the file in messages.
    explicit TreeReader(std::string source) : m_source(std::move(source)) {}

    /// The tree at \p path of the file, with names of its own.
    Expected<ModelNode> read(const Json& json, const std::string& path);
    Expected<std::map<std::string, ModelBlock>> readBlocks(const Json& json);

private:
    using Names = std::set<std::string>; ///< that layers beside each other have taken

    Expected<ModelNode> read(const Json& json, const std::string& path, int level, Names& names);
    Expected<ModelNode> readLeaf(ModelNode node, const Json& json);
    Expected<ModelNode> readSequential(ModelNode node, const Json& json, int level, Names& names);
    Expected<ModelNode> readResidual(ModelNode node, const Json& json, int level, Names& names);
    Expected<ModelNode> readConcat(ModelNode node, const Json& json, int level, Names& names);
    Expected<ModelNode> readUse(ModelNode node, const Json& json);
    Expected<ModelBlock> readBlock(const Json& json, const std::string& path);
    Expected<void> takeName(const ModelNode& node, const Json& json, Names& names);
    Expected<void> readChildren(ModelNode& node, const Json& array, const std::string& key, int level,
                                Names& names);
    tl::unexpected<Error> refuse(const std::string& path, const std::string& found,
                                 const std::string& wanted) const;

    std::string m_source;
    int m_nodes = 0;
};

} // namespace torchdesk
