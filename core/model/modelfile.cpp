// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/model/model.h"
#include "core/model/names.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace torchdesk {

namespace {

constexpr std::uint64_t largestFile = 4u << 20;
constexpr int mostLevels = 32;
constexpr int mostNodes = 10'000;
/// A level of the tree takes two of JSON, so that the tree's own limit speaks first.
constexpr int jsonLevels = 2 * mostLevels + 16;

/// Reads the tree; what a layer's attributes may be is checked when it is lowered.
class TreeReader
{
public:
    explicit TreeReader(std::string source) : m_source(std::move(source)) {}

    Expected<ModelNode> read(const Json& json, const std::string& path, int level)
    {
        if (level > mostLevels)
            return refuse(path, fmt::format("a node at level {}", level),
                          fmt::format("at most {} levels", mostLevels));
        if (++m_nodes > mostNodes)
            return refuse(path, "more nodes", fmt::format("at most {} in a model", mostNodes));
        ModelNode node;
        node.path = path;
        JsonReader reader(json, m_source, path);
        reader.require({"kind"});
        reader.read("kind", node.kind);
        reader.read("name", node.name);
        if (const auto complete = reader.finishLeniently(); !complete)
            return failure(complete);
        if (const std::string wanted = wantedKind(node.kind); !wanted.empty())
            return refuse(path + ".kind", "an unknown layer " + shown(Json(node.kind)), wanted);
        return node.kind == "sequential" ? readSequential(std::move(node), json, level)
                                         : readLeaf(std::move(node), json);
    }

private:
    Expected<ModelNode> readLeaf(ModelNode node, const Json& json)
    {
        if (json.contains("name")) {
            const std::string wanted = wantedName(node.name);
            if (!wanted.empty())
                return refuse(node.path + ".name", shown(json["name"]), wanted);
            if (!m_names.insert(node.name).second)
                return refuse(node.path + ".name", shown(json["name"]), "a name that no other layer has");
        }
        for (const auto& [key, value] : json.items()) {
            if (key != "kind" && key != "name")
                node.attributes[key] = value;
        }
        return node;
    }

    Expected<ModelNode> readSequential(ModelNode node, const Json& json, int level)
    {
        JsonReader reader(json, m_source, node.path);
        reader.require({"layers"});
        reader.field("kind");
        const Json* layers = reader.field("layers");
        if (layers && !layers->is_array())
            reader.fail("layers", shown(*layers), "an array of layers");
        if (layers && layers->is_array() && layers->empty())
            reader.fail("layers", "an empty array", "at least one layer");
        if (const auto complete = reader.finish(); !complete)
            return failure(complete);
        for (std::size_t i = 0; i < layers->size(); ++i) {
            auto child = read((*layers)[i], fmt::format("{}.layers[{}]", node.path, i), level + 1);
            if (!child)
                return child;
            node.children.push_back(std::move(*child));
        }
        return node;
    }

    tl::unexpected<Error> refuse(const std::string& path, const std::string& found,
                                 const std::string& wanted) const
    {
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{}: {}: found {}, wanted {}.", m_source, path, found, wanted));
    }

    std::string m_source;
    std::set<std::string> m_names;
    int m_nodes = 0;
};

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
    const Json* body = reader.field("body");
    checkInput(reader, file.input);
    if (trimmed(file.label).empty())
        reader.fail("label", shown(Json(file.label)), "the name that people read");
    if (const auto complete = reader.finish(); !complete)
        return failure(complete);
    auto tree = TreeReader(source).read(*body, "body", 1);
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
