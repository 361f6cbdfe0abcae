// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace torchdesk {

/// A file that was embedded at build time (core/embed.cmake).
struct EmbeddedFile
{
    std::string_view name; ///< without .json
    std::string_view text;
};

std::span<const EmbeddedFile> embedded_models();  ///< models/*.json
std::span<const EmbeddedFile> embedded_presets(); ///< resources/presets/*.json

} // namespace torchdesk
