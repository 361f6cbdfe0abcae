// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/trainingjob.h"

#include <optional>

namespace torchdesk {

/// The accuracy of always answering the class that is commonest in training, on the validation part (on the
/// training part where there is no validation); nullopt without samples.
std::optional<double> commonestShare(const TrainingJob& job);

} // namespace torchdesk
