// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"

namespace torchdesk {

/// Checks "format" of run.json or model.json: a larger one is ErrorKind::Unsupported, from a newer version.
Expected<void> checkRunFormat(const Json& json, const std::string& source, std::int64_t format);
/// The text of a JSON file, '?' for what is not UTF-8.
std::string fileText(const Json& json);

} // namespace torchdesk
