// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/treereader.h"

#include "core/base/text.h"
#include "core/model/names.h"

#include <algorithm>
#include <fmt/format.h>

namespace torchdesk {

namespace {

constexpr std::int64_t largestArgument = 1'000'000'000;

/// A list of layers or branches: an array with something in it.
const Json* list(JsonReader& reader, const char* key, const char* one)
{
    reader.require({key});
    const Json* array = reader.field(key);
    if (array && !array->is_array())
        reader.fail(key, shown(*array), fmt::format("an array of {}", key));
    else if (array && array->empty())
        reader.fail(key, "an empty array", fmt::format("at least one {}", one));
    return array;
}

/// Whether \p name stands in an expression somewhere in \p json.
bool uses(const Json& json, const std::string& name)
{
    if (json.is_structured())
        return std::any_of(json.begin(), json.end(), [&](const Json& part) { return uses(part, name); });
    if (!json.is_string())
        return false;
    const auto factors = splitText(json.get<std::string>(), '*');
    return std::any_of(factors.begin(), factors.end(),
                       [&](const std::string& factor) { return trimmed(factor) == name; });
}

} // namespace

Expected<ModelNode> TreeReader::read(const Json& json, const std::string& path)
{
    Names names;
    return read(json, path, 1, names);
}

Expected<ModelNode> TreeReader::read(const Json& json, const std::string& path, int level, Names& names)
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
    if (const auto taken = takeName(node, json, names); !taken)
        return failure(taken);
    Names own; // of the layers inside a composite that has a name itself
    Names& inside = node.name.empty() ? names : own;
    if (node.kind == "sequential")
        return readSequential(std::move(node), json, level, inside);
    if (node.kind == "residual")
        return readResidual(std::move(node), json, level, inside);
    if (node.kind == "concat")
        return readConcat(std::move(node), json, level, inside);
    return node.kind == "block" ? readUse(std::move(node), json) : readLeaf(std::move(node), json);
}

Expected<void> TreeReader::takeName(const ModelNode& node, const Json& json, Names& names)
{
    if (!json.contains("name"))
        return {};
    if (const std::string wanted = wantedName(node.name); !wanted.empty())
        return refuse(node.path + ".name", shown(json["name"]), wanted);
    if (!names.insert(node.name).second)
        return refuse(node.path + ".name", shown(json["name"]), "a name that no other layer has");
    return {};
}

Expected<ModelNode> TreeReader::readLeaf(ModelNode node, const Json& json)
{
    for (const auto& [key, value] : json.items()) {
        if (key != "kind" && key != "name")
            node.attributes[key] = value;
    }
    return node;
}

Expected<void> TreeReader::readChildren(ModelNode& node, const Json& array, const std::string& key, int level,
                                        Names& names)
{
    for (std::size_t i = 0; i < array.size(); ++i) {
        auto child = read(array[i], fmt::format("{}.{}[{}]", node.path, key, i), level + 1, names);
        if (!child)
            return failure(child);
        node.children.push_back(std::move(*child));
    }
    return {};
}

Expected<ModelNode> TreeReader::readSequential(ModelNode node, const Json& json, int level, Names& names)
{
    JsonReader reader(json, m_source, node.path);
    reader.field("kind");
    reader.field("name");
    const Json* layers = list(reader, "layers", "layer");
    if (const Json* repeat = reader.field("repeat"))
        node.attributes["repeat"] = *repeat;
    if (const auto complete = reader.finish(); !complete)
        return failure(complete);
    if (const auto read = readChildren(node, *layers, "layers", level, names); !read)
        return failure(read);
    return node;
}

Expected<ModelNode> TreeReader::readResidual(ModelNode node, const Json& json, int level, Names& names)
{
    JsonReader reader(json, m_source, node.path);
    reader.field("kind");
    reader.field("name");
    reader.require({"body"});
    const Json* body = reader.field("body");
    const Json* shortcut = reader.field("shortcut");
    bool onlyWhereEqual = false;
    reader.read("only_where_equal", onlyWhereEqual);
    if (onlyWhereEqual && shortcut)
        reader.fail("shortcut", "a shortcut beside only_where_equal", "one of the two");
    if (onlyWhereEqual)
        node.attributes["only_where_equal"] = true;
    if (const auto complete = reader.finish(); !complete)
        return failure(complete);
    for (const auto& [part, key] : {std::pair{body, "body"}, std::pair{shortcut, "shortcut"}}) {
        if (!part)
            continue;
        auto child = read(*part, node.path + "." + key, level + 1, names);
        if (!child)
            return child;
        node.children.push_back(std::move(*child));
    }
    return node;
}

Expected<ModelNode> TreeReader::readConcat(ModelNode node, const Json& json, int level, Names& names)
{
    JsonReader reader(json, m_source, node.path);
    reader.field("kind");
    reader.field("name");
    const Json* branches = list(reader, "branches", "branch");
    if (branches && branches->is_array() && branches->size() == 1)
        reader.fail("branches", "one branch", "at least two");
    if (const auto complete = reader.finish(); !complete)
        return failure(complete);
    if (const auto read = readChildren(node, *branches, "branches", level, names); !read)
        return failure(read);
    return node;
}

Expected<ModelNode> TreeReader::readUse(ModelNode node, const Json& json)
{
    JsonReader reader(json, m_source, node.path);
    std::string use;
    reader.field("kind");
    reader.field("name");
    reader.require({"use"});
    reader.read("use", use);
    const Json* arguments = reader.field("with");
    if (arguments && !arguments->is_object())
        reader.fail("with", shown(*arguments), "an object with the block's arguments");
    if (const auto complete = reader.finish(); !complete)
        return failure(complete);
    node.attributes = {{"use", use}, {"with", arguments ? *arguments : Json::object()}};
    return node;
}

Expected<std::map<std::string, ModelBlock>> TreeReader::readBlocks(const Json& json)
{
    std::map<std::string, ModelBlock> blocks;
    if (!json.is_object())
        return refuse("blocks", shown(json), "an object with a block for each name");
    for (const auto& [name, value] : json.items()) {
        if (const std::string wanted = wantedName(name); !wanted.empty())
            return refuse("blocks", shown(Json(name)), wanted);
        auto block = readBlock(value, "blocks." + name);
        if (!block)
            return failure(block);
        blocks[name] = std::move(*block);
    }
    return blocks;
}

Expected<ModelBlock> TreeReader::readBlock(const Json& json, const std::string& path)
{
    ModelBlock block;
    JsonReader reader(json, m_source, path);
    reader.require({"body"});
    const Json* arguments = reader.field("arguments");
    const Json* body = reader.field("body");
    if (arguments && !arguments->is_object())
        reader.fail("arguments", shown(*arguments), "an object: each argument with its default, or null");
    if (const auto complete = reader.finish(); !complete)
        return failure(complete);
    const Json given = arguments ? *arguments : Json::object();
    for (const auto& [name, value] : given.items()) {
        const bool number = value.is_number_integer() && value >= 0 && value <= largestArgument;
        if (!isPythonName(name) || name == "classes" || name == "channels")
            return refuse(path + ".arguments", shown(Json(name)),
                          "a name that the model has no other meaning for");
        if (!number && !value.is_null())
            return refuse(path + ".arguments." + name, shown(value),
                          "a whole number as its default, or null where it must be given");
        if (!uses(*body, name))
            return refuse(path + ".arguments." + name, "an argument that the body does not use",
                          "only those that it does");
        block.arguments[name] = number ? std::optional(value.get<std::int64_t>()) : std::nullopt;
    }
    auto tree = read(*body, path + ".body");
    if (!tree)
        return failure(tree);
    block.body = std::move(*tree);
    return block;
}

tl::unexpected<Error> TreeReader::refuse(const std::string& path, const std::string& found,
                                         const std::string& wanted) const
{
    return failure(ErrorKind::InvalidInput,
                   fmt::format("{}: {}: found {}, wanted {}.", m_source, path, found, wanted));
}

} // namespace torchdesk
