// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/confusion.h"

#include "core/base/files.h"
#include "core/run/runjson.h"

#include <cassert>
#include <fmt/format.h>
#include <numeric>

namespace torchdesk {

namespace {

constexpr std::int64_t confusionFormat = 1;
constexpr const char* confusionFile = "confusion.json";

std::optional<double> ratio(std::int64_t part, std::int64_t whole)
{
    if (whole == 0)
        return std::nullopt;
    return static_cast<double>(part) / static_cast<double>(whole);
}

std::size_t sizeOf(std::int64_t classes)
{
    return static_cast<std::size_t>(classes * classes);
}

Expected<void> readRow(const Json& row, const std::string& source, std::int64_t label, std::int64_t classes,
                       std::vector<std::int64_t>& counts)
{
    const auto refuse = [&](const std::string& found) {
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("{}: counts[{}]: found {}, wanted {} counts. Train again to get the file anew.",
                        source, label, found, classes));
    };
    if (!row.is_array() || row.size() != static_cast<std::size_t>(classes))
        return refuse(row.is_array() ? fmt::format("{} values", row.size()) : shown(row));
    for (const Json& count : row) {
        if (!count.is_number_unsigned() || count.get<std::uint64_t>() > std::uint64_t{1} << 50)
            return refuse(shown(count));
        counts.push_back(count.get<std::int64_t>());
    }
    return {};
}

} // namespace

ConfusionMatrix::ConfusionMatrix(std::int64_t classes) : m_classes(classes), m_counts(sizeOf(classes)) {}

ConfusionMatrix::ConfusionMatrix(std::int64_t classes, std::vector<std::int64_t> counts)
    : m_classes(classes), m_counts(std::move(counts))
{
    assert(m_counts.size() == sizeOf(classes));
}

std::int64_t ConfusionMatrix::count(std::int64_t label, std::int64_t answer) const
{
    return m_counts[static_cast<std::size_t>(label * m_classes + answer)];
}

void ConfusionMatrix::add(std::int64_t label, std::int64_t answer)
{
    ++m_counts[static_cast<std::size_t>(label * m_classes + answer)];
}

std::int64_t ConfusionMatrix::samples() const
{
    return std::accumulate(m_counts.begin(), m_counts.end(), std::int64_t{0});
}

std::int64_t ConfusionMatrix::support(std::int64_t label) const
{
    std::int64_t sum = 0;
    for (std::int64_t answer = 0; answer < m_classes; ++answer)
        sum += count(label, answer);
    return sum;
}

std::int64_t ConfusionMatrix::answered(std::int64_t answer) const
{
    std::int64_t sum = 0;
    for (std::int64_t label = 0; label < m_classes; ++label)
        sum += count(label, answer);
    return sum;
}

std::optional<double> ConfusionMatrix::accuracy() const
{
    std::int64_t right = 0;
    for (std::int64_t label = 0; label < m_classes; ++label)
        right += count(label, label);
    return ratio(right, samples());
}

std::optional<double> ConfusionMatrix::precision(std::int64_t label) const
{
    return ratio(count(label, label), answered(label));
}

std::optional<double> ConfusionMatrix::recall(std::int64_t label) const
{
    return ratio(count(label, label), support(label));
}

std::optional<double> ConfusionMatrix::f1(std::int64_t label) const
{
    // TP + FP and TP + FN together are the divisor.
    return ratio(2 * count(label, label), answered(label) + support(label));
}

std::optional<double> ConfusionMatrix::meanF1() const
{
    double sum = 0;
    std::int64_t found = 0;
    for (std::int64_t label = 0; label < m_classes; ++label)
        if (const auto one = f1(label)) {
            sum += *one;
            ++found;
        }
    if (found == 0)
        return std::nullopt;
    return sum / static_cast<double>(found);
}

Json toJson(const ConfusionMatrix& matrix)
{
    Json rows = Json::array();
    for (std::int64_t label = 0; label < matrix.classes(); ++label) {
        Json row = Json::array();
        for (std::int64_t answer = 0; answer < matrix.classes(); ++answer)
            row.push_back(static_cast<std::uint64_t>(matrix.count(label, answer)));
        rows.push_back(std::move(row));
    }
    Json json = Json::object();
    json["format"] = confusionFormat;
    json["classes"] = matrix.classes();
    json["counts"] = std::move(rows);
    return json;
}

Expected<ConfusionMatrix> confusionFromJson(const Json& json, const std::string& source)
{
    if (auto checked = checkRunFormat(json, source, confusionFormat); !checked)
        return failure(checked);
    JsonReader reader(json, source);
    std::int64_t classes = 0;
    reader.require({"classes", "counts"});
    reader.read("classes", classes, 1, ConfusionMatrix::mostClasses);
    const Json* rows = reader.field("counts");
    const bool fits = rows && rows->is_array() && rows->size() == static_cast<std::size_t>(classes);
    if (rows && !fits)
        reader.fail("counts", shown(*rows), "a row for each class");
    if (auto read = reader.finishLeniently(); !read)
        return failure(read);
    std::vector<std::int64_t> counts;
    for (std::int64_t label = 0; label < classes; ++label)
        if (auto read = readRow((*rows)[static_cast<std::size_t>(label)], source, label, classes, counts);
            !read)
            return failure(read);
    return ConfusionMatrix(classes, std::move(counts));
}

Expected<void> writeConfusion(const std::filesystem::path& run, const ConfusionMatrix& matrix)
{
    return writeAtomically(run / confusionFile, toJson(matrix).dump() + "\n");
}

Expected<ConfusionMatrix> readConfusion(const std::filesystem::path& run)
{
    const std::filesystem::path file = run / confusionFile;
    const auto text = readText(file);
    if (!text && text.error().kind == ErrorKind::NotFound)
        return failure(
            ErrorKind::NotFound,
            fmt::format("The run {} has no {}: it was not tested to the end. 'torchdesk-cli evaluate' "
                        "measures its weights.",
                        shown(run), confusionFile));
    if (!text)
        return failure(text);
    const auto json = parseJson(*text, shown(file));
    if (!json)
        return failure(json);
    return confusionFromJson(*json, shown(file));
}

} // namespace torchdesk
