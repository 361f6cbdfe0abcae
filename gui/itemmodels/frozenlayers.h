// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <QString>

/// What the layer table and the layer tree say of frozen layers. Pure functions.
namespace torchdesk {

/// The trained kind of parameters in the first \p frozenNodes nodes: those that keep their values.
std::int64_t frozenParameters(const LoweredModel& model, int frozenNodes);

/// "frozen", "trained", "partly" (a group with both); "" where there are no parameters.
QString weightsText(std::int64_t frozen, std::int64_t parameters);

} // namespace torchdesk
