// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"
#include "core/model/model.h"

namespace torchdesk {

/// What to add to the error of a model that does not fit the data's shape: a sentence that begins with a
/// blank, where the model fits pictures of the size that it was made for, else "".
std::string pictureSizeHint(const ModelFile& model, const DataDescription& data);

} // namespace torchdesk
