// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace torchdesk {

/// [A-Za-z_][A-Za-z_0-9]* and no keyword of Python 3.
bool isPythonName(std::string_view name);

/// What was wanted instead of \p name as the name of a layer ("a name that is no Python keyword"); empty
/// where it does. Layers become attributes of an nn.Module, so neither Python's words nor the module's own
/// names will do.
std::string wantedName(std::string_view name);

/// The same for the name of a node of the lowered model: names with dots between them, the later ones numbers
/// too ("layer1.0.conv1").
std::string wantedPath(std::string_view path);

/// What was wanted instead of \p kind: the closest kinds of layers; empty where it is one, or a composite.
std::string wantedKind(const std::string& kind);

} // namespace torchdesk
