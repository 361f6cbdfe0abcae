// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/attributes.h"

#include "core/base/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace torchdesk {

namespace {

using Kind = AttributeSpec::Kind;

std::string rangeText(const AttributeSpec& spec)
{
    const auto number = [](double value) { return fmt::format("{:.15g}", value); };
    return fmt::format("from {} to {}", number(spec.least), number(spec.most));
}

std::string wantedText(const AttributeSpec& spec, const Scope* scope)
{
    switch (spec.kind) {
    case Kind::Integer:
        return fmt::format("a whole number {}{}", rangeText(spec), scope ? ", " + scope->names() : "");
    case Kind::Real:
        return fmt::format("a number {}", rangeText(spec));
    case Kind::Boolean:
        return "true or false";
    case Kind::Text:
        return fmt::format("one of {}", joined(spec.words, ", "));
    case Kind::Pair:
        return fmt::format("a whole number {}, or two as [rows, columns]", rangeText(spec));
    }
    return "";
}

/// A number, or with a scope an expression.
std::optional<std::int64_t> whole(const AttributeSpec& spec, const Json& json, const Scope* scope)
{
    static const Scope none(0, 0);
    if (!scope && !json.is_number_integer())
        return std::nullopt;
    const auto value = (scope ? *scope : none).value(json);
    const bool inside =
        value && static_cast<double>(*value) >= spec.least && static_cast<double>(*value) <= spec.most;
    return inside ? value : std::nullopt;
}

std::optional<Attribute> integerOf(const AttributeSpec& spec, const Json& json, const Scope* scope)
{
    const auto value = whole(spec, json, scope);
    return value ? std::optional<Attribute>(*value) : std::nullopt;
}

std::optional<Attribute> pairOf(const AttributeSpec& spec, const Json& json, const Scope* scope)
{
    if (json.is_array() && json.size() != 2)
        return std::nullopt;
    const auto rows = whole(spec, json.is_array() ? json[0] : json, scope);
    const auto columns = whole(spec, json.is_array() ? json[1] : json, scope);
    if (!rows || !columns)
        return std::nullopt;
    return std::vector{*rows, *columns};
}

std::optional<Attribute> realOf(const AttributeSpec& spec, const Json& json)
{
    if (!json.is_number())
        return std::nullopt;
    const auto value = json.get<double>();
    return value >= spec.least && value <= spec.most ? std::optional<Attribute>(value) : std::nullopt;
}

std::optional<Attribute> wordOf(const AttributeSpec& spec, const Json& json)
{
    const auto word =
        std::find_if(spec.words.begin(), spec.words.end(), [&](const auto& each) { return json == each; });
    return word == spec.words.end() ? std::nullopt : std::optional<Attribute>(*word);
}

std::optional<Attribute> valueOf(const AttributeSpec& spec, const Json& json, const Scope* scope)
{
    switch (spec.kind) {
    case Kind::Integer:
        return integerOf(spec, json, scope);
    case Kind::Real:
        return realOf(spec, json);
    case Kind::Boolean:
        return json.is_boolean() ? std::optional<Attribute>(json.get<bool>()) : std::nullopt;
    case Kind::Text:
        return wordOf(spec, json);
    case Kind::Pair:
        return pairOf(spec, json, scope);
    }
    return std::nullopt;
}

} // namespace

Expected<std::map<std::string, Attribute>> readAttributes(const LayerSpec& spec, const Json& json,
                                                          const Scope* scope, const std::string& source,
                                                          const std::string& path)
{
    std::map<std::string, Attribute> attributes;
    JsonReader reader(json, source, path);
    for (const AttributeSpec& each : spec.attributes) {
        const Json* found = reader.field(each.name.c_str());
        const auto value = found ? valueOf(each, *found, scope) : each.byDefault;
        if (value)
            attributes[each.name] = *value;
        else
            reader.fail(each.name, found ? shown(*found) : "nothing", wantedText(each, scope));
    }
    if (spec.attributes.empty() && json.is_object() && !json.empty())
        reader.fail(shortened(json.begin().key(), 60), "an unknown key",
                    fmt::format("none: {} has no attributes", spec.kind));
    if (const auto complete = reader.finish(); !complete)
        return failure(complete);
    return attributes;
}

Json toJson(const std::map<std::string, Attribute>& attributes)
{
    Json json = Json::object();
    for (const auto& [name, attribute] : attributes)
        std::visit([&, key = name](const auto& value) { json[key] = value; }, attribute);
    return json;
}

} // namespace torchdesk
