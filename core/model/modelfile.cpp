// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/model/model.h"
#include "core/model/treereader.h"

#include <algorithm>
#include <fmt/format.h>

namespace torchdesk {

namespace {

constexpr std::uint64_t largestFile = 4u << 20;
/// A level of the tree takes two of JSON, so that the tree's own limit speaks first.
constexpr int jsonLevels = 2 * TreeReader::mostLevels + 16;

void checkFormat(JsonReader& reader, const Json& json)
{
    reader.require({"format"});
    const Json* format = reader.field("format");
    if (!format || *format == 1)
        return;
    const bool newer = json["format"].is_number_unsigned() && json["format"].get<std::uint64_t>() > 1;
    reader.fail("format", shown(*format),
                newer ? "1: the file is from a newer version of TorchDesk; update TorchDesk to use it" : "1");
}

void checkInput(JsonReader& reader, const Shape& input)
{
    const auto sensible = [](std::int64_t size) { return size >= 1 && size <= 65'536; };
    if (input.size() != 3 || !std::all_of(input.begin(), input.end(), sensible))
        reader.fail("input", fmt::format("[{}]", fmt::join(input, ",")),
                    "[channels, rows, columns], each from 1 to 65536");
}

} // namespace

Expected<ModelFile> modelFromJson(const Json& json, const std::string& name, const std::string& source)
{
    ModelFile file;
    JsonReader reader(json, source);
    checkFormat(reader, json);
    reader.require({"label", "input", "classes", "body"});
    reader.read("label", file.label);
    reader.read("help", file.help);
    reader.read("input", file.input);
    reader.read("classes", file.classes, 1, 1'000'000);
    const Json* blocks = reader.field("blocks");
    const Json* body = reader.field("body");
    checkInput(reader, file.input);
    if (trimmed(file.label).empty())
        reader.fail("label", shown(Json(file.label)), "the name that people read");
    if (const auto complete = reader.finish(); !complete)
        return failure(complete);
    TreeReader trees(source);
    if (blocks) {
        auto read = trees.readBlocks(*blocks);
        if (!read)
            return failure(read);
        file.blocks = std::move(*read);
    }
    auto tree = trees.read(*body, "body");
    if (!tree)
        return failure(tree);
    file.name = name;
    file.label = shortened(file.label, 120); // for terminals and forms: no control characters
    file.help = shortened(file.help, 400);
    file.body = std::move(*tree);
    file.source = json;
    file.origin = source;
    return file;
}

Expected<ModelFile> readModel(const std::string& file)
{
    const auto path = userPath(file);
    const auto text = readText(path, largestFile);
    if (!text)
        return failure(text);
    const auto json = parseJson(*text, shown(path), jsonLevels);
    if (!json)
        return failure(json);
    return modelFromJson(*json, shortened(path.stem().native(), 200), shown(path));
}

} // namespace torchdesk
