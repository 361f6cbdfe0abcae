// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"
#include "core/model/model.h"

namespace torchdesk {

/// The side of the pictures that the model was made for, where it does not take the data's, but would take
/// them scaled to that.
std::optional<std::int64_t> fittingPictureSize(const ModelFile& model, const DataDescription& data);

/// That size as a sentence to add to the error of a model that does not fit; it begins with a blank. "" where
/// there is none.
std::string pictureSizeHint(const ModelFile& model, const DataDescription& data);

} // namespace torchdesk
