// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/model/layers/families.h"
#include "core/model/layers/support.h"

#include <fmt/format.h>

namespace torchdesk {

namespace {

/// "dropout .5"
std::string summaryOfDropout(const LoweredNode& node)
{
    const std::string share = toText(node.attribute<double>("p"));
    return "dropout " + (share.starts_with("0.") ? share.substr(1) : share);
}

} // namespace

std::vector<LayerSpec> regularisationLayers()
{
    const AttributeSpec share = layers::real("p", 0, 0.99, 0.5); // at 1 nothing is left to scale up
    LayerSpec dropout;
    dropout.kind = "dropout";
    dropout.attributes = {share};
    dropout.infer = layers::keepShape;
    dropout.summary = summaryOfDropout;
    dropout.python = [](const LoweredNode& node, const Shape&) {
        return fmt::format("nn.Dropout({})", toText(node.attribute<double>("p")));
    };
    dropout.joint = " + ";
    return {dropout};
}

} // namespace torchdesk
