// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"

#include "core/base/text.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>

namespace torchdesk
{

namespace
{

/// Builds the value and stops at the first rule that is broken.
class StrictBuilder
{
public:
    explicit StrictBuilder(int maxDepth) : m_maxDepth(maxDepth) {}

    bool operator()(int depth, Json::parse_event_t event, const Json& parsed)
    {
        using Event = Json::parse_event_t;
        if (event == Event::object_start || event == Event::array_start) {
            if (depth >= m_maxDepth)
                return refuse(fmt::format("it is nested deeper than {} levels", m_maxDepth));
        }
        if (event == Event::object_start)
            m_keys.emplace_back();
        else if (event == Event::object_end && !m_keys.empty())
            m_keys.pop_back();
        else if (event == Event::key && !m_keys.empty()) {
            const auto& key = parsed.get_ref<const std::string&>();
            if (!m_keys.back().insert(key).second)
                return refuse(fmt::format("the key \"{}\" stands twice", shortened(key, 60)));
        }
        return true;
    }

    const std::string& problem() const { return m_problem; }

private:
    bool refuse(std::string why)
    {
        if (m_problem.empty())
            m_problem = std::move(why);
        return false;
    }

    int m_maxDepth;
    std::vector<std::set<std::string>> m_keys;
    std::string m_problem;
};

/// The deepest nesting of brackets outside strings: checked before the recursive parser of the library runs.
int nesting(std::string_view text)
{
    int depth = 0;
    int deepest = 0;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inString = false;
        } else if (c == '"')
            inString = true;
        else if (c == '[' || c == '{')
            deepest = std::max(deepest, ++depth);
        else if (c == ']' || c == '}')
            --depth;
    }
    return deepest;
}

std::string reasonOf(const Json::parse_error& problem, std::string_view text)
{
    const auto at = std::min<std::size_t>(problem.byte, text.size());
    const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
    return fmt::format("it is no valid JSON near line {} (byte {})", line, at);
}

} // namespace

std::string shown(const Json& value)
{
    return shortened(value.dump(-1, ' ', false, Json::error_handler_t::replace), 60);
}

Expected<Json> parseJson(std::string_view text, const std::string& what, int maxDepth)
{
    if (nesting(text) > maxDepth)
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{} cannot be used: it is nested deeper than {} levels.", what, maxDepth));
    try {
        StrictBuilder builder(maxDepth);
        Json value = Json::parse(text, std::ref(builder));
        if (!builder.problem().empty())
            return failure(ErrorKind::InvalidInput, fmt::format("{} cannot be used: {}.", what, builder.problem()));
        return value;
    } catch (const Json::parse_error& problem) {
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{} cannot be used: {}. Check the file in a text editor.", what, reasonOf(problem, text)),
                       problem.what());
    } catch (const std::exception& problem) {
        return failure(ErrorKind::InvalidInput, fmt::format("{} cannot be used: it is no valid JSON.", what),
                       problem.what());
    }
}

Json finiteOrNull(double value)
{
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

JsonReader::JsonReader(const Json& object, std::string source, std::string path)
    : m_object(object), m_source(std::move(source)), m_path(std::move(path))
{
    if (!m_object.is_object())
        fail("", shown(m_object), "a JSON object");
}

const Json* JsonReader::field(const char* key)
{
    m_asked.emplace_back(key);
    if (!m_object.is_object())
        return nullptr;
    const auto found = m_object.find(key);
    return found == m_object.end() ? nullptr : &*found;
}

void JsonReader::read(const char* key, std::string& out)
{
    const Json* value = field(key);
    if (!value)
        return;
    if (!value->is_string())
        return fail(key, shown(*value), "a text");
    out = value->get<std::string>();
}

void JsonReader::read(const char* key, bool& out)
{
    const Json* value = field(key);
    if (!value)
        return;
    if (!value->is_boolean())
        return fail(key, shown(*value), "true or false");
    out = value->get<bool>();
}

void JsonReader::read(const char* key, std::int64_t& out, std::int64_t least, std::int64_t most)
{
    const Json* value = field(key);
    if (!value)
        return;
    const bool fits = value->is_number_integer() &&
                      !(value->is_number_unsigned() && value->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX));
    if (!fits || value->get<std::int64_t>() < least || value->get<std::int64_t>() > most) {
        const bool bounded = least != std::numeric_limits<std::int64_t>::min();
        return fail(key, shown(*value),
                    bounded ? fmt::format("a whole number from {} to {}", least, most) : "a whole number");
    }
    out = value->get<std::int64_t>();
}

void JsonReader::read(const char* key, std::uint64_t& out)
{
    const Json* value = field(key);
    if (!value)
        return;
    // A value made in memory is signed; one that was parsed is not.
    const bool negative = value->is_number_integer() && !value->is_number_unsigned() && value->get<std::int64_t>() < 0;
    if (!value->is_number_integer() || negative)
        return fail(key, shown(*value), "a whole number, not negative");
    out = value->get<std::uint64_t>();
}

void JsonReader::read(const char* key, double& out)
{
    const Json* value = field(key);
    if (!value)
        return;
    if (!value->is_number())
        return fail(key, shown(*value), "a number");
    out = value->get<double>();
}

void JsonReader::read(const char* key, std::optional<double>& out)
{
    const Json* value = field(key);
    if (!value || value->is_null())
        return;
    if (!value->is_number())
        return fail(key, shown(*value), "a number or null");
    out = value->get<double>();
}

void JsonReader::read(const char* key, std::vector<std::int64_t>& out)
{
    const Json* value = field(key);
    if (!value)
        return;
    const auto whole = [](const Json& v) { return v.is_number_integer(); };
    if (!value->is_array() || !std::all_of(value->begin(), value->end(), whole))
        return fail(key, shown(*value), "an array of whole numbers");
    out = value->get<std::vector<std::int64_t>>();
}

void JsonReader::read(const char* key, std::vector<double>& out)
{
    const Json* value = field(key);
    if (!value)
        return;
    const auto number = [](const Json& v) { return v.is_number(); };
    if (!value->is_array() || !std::all_of(value->begin(), value->end(), number))
        return fail(key, shown(*value), "an array of numbers");
    out = value->get<std::vector<double>>();
}

void JsonReader::read(const char* key, std::vector<std::string>& out)
{
    const Json* value = field(key);
    if (!value)
        return;
    const auto text = [](const Json& v) { return v.is_string(); };
    if (!value->is_array() || !std::all_of(value->begin(), value->end(), text))
        return fail(key, shown(*value), "an array of texts");
    out = value->get<std::vector<std::string>>();
}

void JsonReader::require(std::initializer_list<const char*> keys)
{
    for (const char* key : keys) {
        if (m_object.is_object() && !m_object.contains(key))
            fail(key, "nothing", "this field");
    }
}

std::string JsonReader::pathOf(const std::string& key) const
{
    if (m_path.empty() || key.empty())
        return m_path + key;
    return m_path + "." + key;
}

void JsonReader::fail(const std::string& key, const std::string& found, const std::string& wanted)
{
    if (m_error)
        return;
    const std::string path = pathOf(key);
    m_error = Error{ErrorKind::InvalidInput,
                    fmt::format("{}: {}{}found {}, wanted {}.", m_source, path, path.empty() ? "" : ": ", found, wanted),
                    {}};
}

Expected<void> JsonReader::finish()
{
    if (!m_error && m_object.is_object()) {
        for (const auto& [key, value] : m_object.items()) {
            if (std::find(m_asked.begin(), m_asked.end(), key) != m_asked.end())
                continue;
            const auto near = closest(key, m_asked);
            fail(shortened(key, 60), "an unknown key",
                 near ? fmt::format("\"{}\" perhaps", *near) : fmt::format("one of {}", joined(m_asked, ", ")));
            break;
        }
    }
    return finishLeniently();
}

Expected<void> JsonReader::finishLeniently() const
{
    if (m_error)
        return tl::unexpected(*m_error);
    return {};
}

} // namespace torchdesk
