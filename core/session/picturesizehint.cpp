// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/picturesizehint.h"

namespace torchdesk {

std::string pictureSizeHint(const TrainingPlan& plan, const DataDescription& data)
{
    const std::int64_t wanted = plan.pictures.size;
    if (wanted == 0 || data.shape.size() != 3 || (data.shape[1] == wanted && data.shape[2] == wanted))
        return "";
    return " picture_size is for folders and archives of pictures only: " + data.label +
           " keeps its size. To have it enlarged, give its pictures as a folder.";
}

} // namespace torchdesk
