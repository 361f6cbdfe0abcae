// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/picturesizehint.h"

#include <fmt/format.h>

namespace torchdesk {

std::string pictureSizeHint(const ModelFile& model, const DataDescription& data)
{
    const Shape& made = model.input;
    if (data.shape.size() != 3 || made.size() != 3 || made[1] != made[2])
        return "";
    if (!lower(model, {data.shape[0], made[1], made[2]}, static_cast<std::int64_t>(data.classes.size())))
        return "";
    return fmt::format(" With picture_size={} the pictures are scaled to what the model was made for.",
                       made[1]);
}

} // namespace torchdesk
