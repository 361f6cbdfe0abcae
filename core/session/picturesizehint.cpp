// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/picturesizehint.h"

#include <fmt/format.h>

namespace torchdesk {

std::optional<std::int64_t> fittingPictureSize(const ModelFile& model, const DataDescription& data)
{
    const Shape& made = model.input;
    if (data.shape.size() != 3 || made.size() != 3 || made[1] != made[2])
        return std::nullopt;
    const auto takes = [&](const Shape& shape) {
        return lower(model, shape, static_cast<std::int64_t>(data.classes.size())).has_value();
    };
    if (takes(data.shape) || !takes({data.shape[0], made[1], made[2]}))
        return std::nullopt;
    return made[1];
}

std::string pictureSizeHint(const ModelFile& model, const DataDescription& data)
{
    const auto side = fittingPictureSize(model, data);
    return side ? fmt::format(
                      " With Picture size (picture_size) set to {} the pictures are scaled to what the "
                      "model was made for.",
                      *side)
                : "";
}

} // namespace torchdesk
