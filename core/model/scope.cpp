// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/scope.h"

#include "core/base/text.h"

#include <fmt/format.h>

namespace torchdesk {

Scope::Scope(std::int64_t classes, std::int64_t channels)
    : m_values{{"classes", classes}, {"channels", channels}}
{}

Scope Scope::inner() const
{
    return {m_values.at("classes"), m_values.at("channels")};
}

std::optional<std::int64_t> Scope::value(const Json& json) const
{
    if (json.is_number_integer()) {
        const bool fits = !json.is_number_unsigned() || json.get<std::uint64_t>() <= INT64_MAX;
        return fits ? std::optional(json.get<std::int64_t>()) : std::nullopt;
    }
    if (!json.is_string())
        return std::nullopt;
    std::int64_t product = 1;
    for (const std::string& part : splitText(json.get<std::string>(), '*')) {
        const std::string factor = trimmed(part);
        std::optional<std::int64_t> number = toInteger(factor);
        if (const auto named = m_values.find(factor); named != m_values.end())
            number = named->second;
        if (!number || __builtin_mul_overflow(product, *number, &product))
            return std::nullopt;
    }
    return product;
}

std::string Scope::names() const
{
    std::vector<std::string> quoted = {"\"classes\"", "\"channels\""};
    for (const auto& [name, value] : m_values) {
        if (name != "classes" && name != "channels")
            quoted.push_back('"' + name + '"');
    }
    const std::string last = quoted.back();
    quoted.pop_back();
    return fmt::format("{} or {}", joined(quoted, ", "), last);
}

} // namespace torchdesk
