// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"

#include <map>
#include <optional>
#include <string>

namespace torchdesk {

/// What the names in the expressions of a model file stand for: "classes" and "channels" of the data, and the
/// arguments of the block that is being lowered.
class Scope
{
public:
    Scope(std::int64_t classes, std::int64_t channels);

    /// The scope of a block: the data's names and the block's own.
    Scope inner() const;
    void set(const std::string& name, std::int64_t value) { m_values[name] = value; }

    /// A whole number, a name, or a product of both ("4*width"); nullopt for anything else, a name that is
    /// not known, or a product that overflows.
    std::optional<std::int64_t> value(const Json& json) const;
    /// "\"classes\", \"channels\" or \"width\"", for messages.
    std::string names() const;

private:
    std::map<std::string, std::int64_t> m_values;
};

} // namespace torchdesk
