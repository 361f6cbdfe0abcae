// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/layers.h"

#include <set>

namespace torchdesk {

/// Builds the flat form node by node: each gets its shape, parameters and costs from its layer's description,
/// and is held to the limits. Both ways into a LoweredModel (a tree, a run's model.json) pass through here.
class GraphBuilder
{
public:
    /// \p source names the file in messages. begin() must pass before anything else.
    GraphBuilder(std::string source, std::string name, std::string label);

    Expected<void> begin(const Shape& input, std::int64_t classes);
    /// \p node has name, kind, inputs and attributes; returns its index.
    Expected<int> add(LoweredNode node, const std::string& path);
    /// The output must be one logit for each class.
    Expected<LoweredModel> finish();

    const LoweredNode& node(int index) const { return m_model.nodes[static_cast<std::size_t>(index)]; }

private:
    Expected<void> infer(const LayerSpec& spec, LoweredNode& node) const;
    Expected<void> checkName(const LoweredNode& node, const std::string& path);
    Expected<void> checkLimits(const LoweredNode& node, const std::string& path);
    tl::unexpected<Error> refuse(const std::string& path, const std::string& why) const;

    std::string m_source;
    LoweredModel m_model;
    std::set<std::string> m_names = {"input"};
    std::int64_t m_parameters = 0;
};

} // namespace torchdesk
