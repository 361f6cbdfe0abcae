// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace torchdesk {

/// JSON with the order of its keys kept, so that files read as they were written.
using Json = nlohmann::ordered_json;

/// Parses \p text. Refuses duplicate keys and nesting deeper than \p maxDepth. \p what names the source
/// ("plan.json") and begins every message, \p advice is the next step that ends it. Any thread; never throws.
Expected<Json> parseJson(std::string_view text, const std::string& what, int maxDepth = 64,
                         const char* advice = "Check the file in a text editor.");

/// A double as JSON; null where it is not finite, since JSON has no NaN.
Json finiteOrNull(double value);
/// A count that begins with 1; null for 0: there was none.
Json countOrNull(std::int64_t count);

/// Reads the fields of one JSON object, collecting the first error, and then refuses the fields that nobody
/// asked for. Messages name the source, the path, what was found and what was wanted: "plan.json: epochs:
/// found \"ten\", wanted a whole number from 1 to 100000".
class JsonReader
{
public:
    /// \p path is the place of \p object in its document, "" for the root.
    JsonReader(const Json& object, std::string source, std::string path = {});

    /// Each of these leaves \p out as it is where the field is absent.
    void read(const char* key, std::string& out);
    void read(const char* key, bool& out);
    void read(const char* key, std::int64_t& out,
              std::int64_t least = std::numeric_limits<std::int64_t>::min(),
              std::int64_t most = std::numeric_limits<std::int64_t>::max());
    void read(const char* key, std::uint64_t& out);
    void read(const char* key, double& out);
    void read(const char* key, std::optional<double>& out); ///< null and absent are nullopt
    void read(const char* key, std::vector<std::int64_t>& out);
    void read(const char* key, std::vector<double>& out);
    void read(const char* key, std::vector<std::string>& out);

    /// The raw field, or nullptr. Counts as asked for.
    const Json* field(const char* key);
    /// Notes an error unless \p key is there.
    void require(std::initializer_list<const char*> keys);
    /// Notes an error about \p key; only the first one noted is kept.
    void fail(const std::string& key, const std::string& found, const std::string& wanted);
    /// Where \p key stands, for messages: "layers[2].kernel".
    std::string pathOf(const std::string& key) const;

    /// The first error, or one about a key that nobody read. Call last.
    Expected<void> finish();
    /// Like finish(), but lets unknown keys pass (files of a newer minor version).
    Expected<void> finishLeniently() const;

private:
    const Json& m_object;
    std::string m_source;
    std::string m_path;
    std::vector<std::string> m_asked;
    std::optional<Error> m_error;
};

/// How a JSON value is shown in a message: shortened to 60 characters.
std::string shown(const Json& value);

} // namespace torchdesk
