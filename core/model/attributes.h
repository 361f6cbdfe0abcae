// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/layers.h"
#include "core/model/scope.h"

namespace torchdesk {

/// The attributes of a layer as its description wants them: checked, expressions resolved, defaults filled
/// in. Without a \p scope no expression is taken. \p path is where \p json stands in \p source.
Expected<std::map<std::string, Attribute>> readAttributes(const LayerSpec& spec, const Json& json,
                                                          const Scope* scope, const std::string& source,
                                                          const std::string& path);
Json toJson(const std::map<std::string, Attribute>& attributes);

} // namespace torchdesk
