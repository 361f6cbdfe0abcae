// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"

#include "core/base/text.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>

namespace torchdesk {

namespace {

/// Walks the text without building anything and stops at the first rule that is broken. (The library's parser
/// callback would do it in one pass, but looks through a whole array at the end of each object in it.)
class StrictCheck final : public nlohmann::json_sax<Json>
{
public:
    StrictCheck(std::string_view text, int maxDepth) : m_text(text), m_maxDepth(maxDepth) {}

    const std::string& problem() const { return m_problem; }

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_array(std::size_t) override { return enter(); }
    bool start_object(std::size_t) override { return enter(); }
    bool end_array() override { return leave(); }
    bool end_object() override { return leave(); }

    bool key(string_t& name) override
    {
        if (m_keys.back().size() >= mostKeys)
            return refuse(fmt::format("an object in it has more than {} keys", mostKeys));
        if (m_keys.back().insert(name).second)
            return true;
        return refuse(fmt::format("the key \"{}\" stands twice", shortened(name, 60)));
    }

    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception& problem) override
    {
        constexpr int outOfRange = 406; // the library's number for it
        const auto at = std::min(position, m_text.size());
        const auto line =
            std::count(m_text.begin(), m_text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
        if (problem.id == outOfRange)
            return refuse(fmt::format("a number near line {} (byte {}) is too large", line, at));
        return refuse(fmt::format("it is no valid JSON near line {} (byte {})", line, at));
    }

private:
    /// No file of ours comes near it, and the time to build an object grows with the square.
    static constexpr std::size_t mostKeys = 4096;

    bool enter()
    {
        if (static_cast<int>(m_keys.size()) >= m_maxDepth)
            return refuse(fmt::format("it is nested deeper than {} levels", m_maxDepth));
        m_keys.emplace_back();
        return true;
    }

    bool leave()
    {
        m_keys.pop_back();
        return true;
    }

    bool refuse(std::string why)
    {
        m_problem = std::move(why);
        return false;
    }

    std::string_view m_text;
    int m_maxDepth;
    std::vector<std::set<std::string>> m_keys; ///< one set a level; empty for arrays
    std::string m_problem;
};

} // namespace

std::string shown(const Json& value)
{
    return shortened(value.dump(-1, ' ', false, Json::error_handler_t::replace), 60);
}

Expected<Json> parseJson(std::string_view text, const std::string& what, int maxDepth, const char* advice)
{
    try {
        StrictCheck check(text, maxDepth);
        if (!Json::sax_parse(text, &check))
            return failure(ErrorKind::InvalidInput,
                           fmt::format("{} cannot be used: {}. {}", what, check.problem(), advice));
        return Json::parse(text);
    } catch (const std::exception& problem) {
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{} cannot be used: it is no valid JSON. {}", what, advice),
                       problem.what());
    }
}

Json finiteOrNull(double value)
{
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json countOrNull(std::int64_t count)
{
    return count > 0 ? Json(count) : Json(nullptr);
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
    const bool fits =
        value->is_number_integer() &&
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
    const bool negative =
        value->is_number_integer() && !value->is_number_unsigned() && value->get<std::int64_t>() < 0;
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
    m_error = Error{
        ErrorKind::InvalidInput,
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
                 near ? fmt::format("\"{}\" perhaps", *near)
                      : fmt::format("one of {}", joined(m_asked, ", ")));
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
