// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/safetensorsheader.h"

#include "core/base/json.h"
#include "core/base/text.h"

#include <fmt/format.h>
#include <unordered_set>

namespace torchdesk {

namespace {

std::string inQuotes(const std::string& text)
{
    return fmt::format("\"{}\"", shortened(text, 60));
}

/// Takes the header as a stream of tokens. A document tree would cost many times the memory of a hostile
/// header, and its ordered objects quadratic time.
class HeaderHandler : public nlohmann::json_sax<Json>
{
public:
    SafetensorsHeader take() { return std::move(m_header); }
    const std::string& problem() const { return m_problem; }

    bool start_object(std::size_t) override
    {
        if (m_place == Place::Begin)
            return go(Place::Root);
        if (m_place == Place::Entry)
            return beginEntry();
        return unexpected("an object");
    }

    bool end_object() override
    {
        if (m_place == Place::Fields)
            return endEntry();
        return go(m_place == Place::Metadata ? Place::Root : Place::End);
    }

    bool key(string_t& name) override
    {
        if (m_place == Place::Metadata) {
            m_key = name;
            if (!m_header.metadata.emplace(name, "").second)
                return refuse(fmt::format("the key {} of __metadata__ stands twice", inQuotes(name)));
            return true;
        }
        if (m_place == Place::Fields)
            return field(name);
        m_name = name;
        if (!m_names.insert(name).second)
            return refuse(fmt::format("the name {} stands twice", inQuotes(name)));
        return go(Place::Entry);
    }

    bool start_array(std::size_t) override
    {
        if (m_place != Place::Fields || m_key == "dtype")
            return unexpected("an array");
        return go(Place::Numbers);
    }

    bool end_array() override { return go(Place::Fields); }

    bool string(string_t& value) override
    {
        if (m_place == Place::Metadata) {
            m_header.metadata[m_key] = value;
            return true;
        }
        if (m_place != Place::Fields || m_key != "dtype")
            return unexpected(inQuotes(value));
        const auto type = dtypeNamed(value);
        if (!type)
            return refuse(
                fmt::format("{} has the type {}, known are BOOL U8 I8 I16 U16 F16 BF16 I32 U32 F32 F64 "
                            "I64 U64",
                            inQuotes(m_name), inQuotes(value)));
        m_header.entries.back().type = *type;
        return true;
    }

    bool number_unsigned(number_unsigned_t value) override
    {
        if (m_place != Place::Numbers)
            return unexpected(fmt::format("{}", value));
        if (m_key == "shape")
            return addSize(value);
        if (m_offsets == 2)
            return refuse(fmt::format("{} has more than two data_offsets", inQuotes(m_name)));
        SafetensorsEntry& entry = m_header.entries.back();
        (m_offsets++ == 0 ? entry.begin : entry.end) = value;
        return true;
    }

    bool null() override { return unexpected("null"); }
    bool boolean(bool) override { return unexpected("true or false"); }
    bool number_integer(number_integer_t value) override { return unexpected(fmt::format("{}", value)); }
    bool number_float(number_float_t value, const string_t&) override
    {
        return unexpected(toText(value)); // the library's text has the locale's decimal comma
    }
    bool binary(binary_t&) override { return unexpected("binary data"); }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override
    {
        return refuse(fmt::format("its header is no valid JSON at byte {}", position));
    }

private:
    enum class Place
    {
        Begin,
        Root,
        Metadata,
        Entry,
        Fields,
        Numbers,
        End
    };

    bool go(Place place)
    {
        m_place = place;
        return true;
    }

    bool refuse(std::string why)
    {
        if (m_problem.empty())
            m_problem = std::move(why);
        return false;
    }

    bool unexpected(const std::string& found)
    {
        if (m_place == Place::Begin)
            return refuse(fmt::format("its header is {}, an object was wanted", found));
        if (m_place == Place::Metadata)
            return refuse(
                fmt::format("__metadata__ holds {} for {}, a text was wanted", found, inQuotes(m_key)));
        if (m_place == Place::Entry)
            return refuse(fmt::format("{} is {}, an object was wanted", inQuotes(m_name), found));
        return refuse(fmt::format("{} has {} in {}, wanted {}", inQuotes(m_name), found, m_key,
                                  m_key == "dtype" ? "a text" : "whole numbers, not negative"));
    }

    bool beginEntry()
    {
        if (m_name == "__metadata__")
            return go(Place::Metadata);
        m_header.entries.emplace_back().name = m_name;
        m_fields = {};
        m_offsets = 0;
        return go(Place::Fields);
    }

    bool field(const std::string& name)
    {
        static constexpr const char* names[] = {"dtype", "shape", "data_offsets"};
        m_key = name;
        for (std::size_t i = 0; i < 3; ++i) {
            if (name != names[i])
                continue;
            if (std::exchange(m_fields[i], true))
                return refuse(fmt::format("{} has {} twice", inQuotes(m_name), name));
            return true;
        }
        return refuse(fmt::format("{} has the unknown field {}, known are dtype, shape and data_offsets",
                                  inQuotes(m_name), inQuotes(name)));
    }

    bool endEntry()
    {
        if (!m_fields[0] || !m_fields[1] || !m_fields[2] || m_offsets != 2)
            return refuse(fmt::format("{} lacks {}", inQuotes(m_name),
                                      !m_fields[0]   ? "dtype"
                                      : !m_fields[1] ? "shape"
                                                     : "its two data_offsets"));
        return go(Place::Root);
    }

    bool addSize(std::uint64_t size)
    {
        constexpr std::size_t mostDimensions = 64; // as many as LibTorch has
        Shape& shape = m_header.entries.back().shape;
        if (size > INT64_MAX || shape.size() == mostDimensions)
            return refuse(fmt::format("the shape of {} is too large", inQuotes(m_name)));
        shape.push_back(static_cast<std::int64_t>(size));
        return true;
    }

    SafetensorsHeader m_header;
    std::unordered_set<std::string> m_names;
    Place m_place = Place::Begin;
    std::string m_name; ///< of the tensor
    std::string m_key;  ///< within it
    std::array<bool, 3> m_fields{};
    int m_offsets = 0;
    std::string m_problem;
};

} // namespace

Expected<SafetensorsHeader> parseSafetensorsHeader(std::string_view text, const std::string& source)
{
    HeaderHandler handler;
    try {
        if (Json::sax_parse(text, &handler))
            return handler.take();
    } catch (const std::exception& problem) {
        return failure(ErrorKind::OutOfMemory,
                       fmt::format("{} cannot be used: its header does not fit into memory.", source),
                       problem.what());
    }
    return failure(ErrorKind::InvalidInput,
                   fmt::format("{} cannot be used: {}. Get the file again.", source, handler.problem()));
}

} // namespace torchdesk
