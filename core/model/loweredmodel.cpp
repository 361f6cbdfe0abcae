// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/attributes.h"
#include "core/model/graphbuilder.h"

#include <algorithm>
#include <fmt/format.h>

namespace torchdesk {

namespace {

const char* nameOf(Initialisation initialisation)
{
    switch (initialisation) {
    case Initialisation::GlorotUniform:
        return "glorot_uniform";
    case Initialisation::KaimingUniform:
        return "kaiming_uniform";
    case Initialisation::FanInUniform:
        return "fan_in_uniform";
    case Initialisation::KaimingNormal:
        return "kaiming_normal";
    case Initialisation::FanInNormal:
        return "fan_in_normal";
    case Initialisation::SmallNormal:
        return "small_normal";
    case Initialisation::Zeros:
        return "zeros";
    case Initialisation::Ones:
        return "ones";
    }
    return "";
}

Json toJson(const ParameterSpec& parameter)
{
    Json json = {{"name", parameter.name},
                 {"shape", parameter.shape},
                 {"initialisation", nameOf(parameter.initialisation)},
                 {"fan_in", parameter.fanIn},
                 {"fan_out", parameter.fanOut}};
    if (!parameter.trainable)
        json["trainable"] = false;
    return json;
}

Json toJson(const LoweredNode& node)
{
    Json json = {{"name", node.name},
                 {"kind", node.kind},
                 {"inputs", node.inputs},
                 {"attributes", torchdesk::toJson(node.attributes)},
                 {"output", node.output},
                 {"parameters", Json::array()},
                 {"multiply_adds", node.multiplyAdds}};
    for (const ParameterSpec& parameter : node.parameters)
        json["parameters"].push_back(toJson(parameter));
    return json;
}

/// Every part of \p some is in \p all too, with the same value.
bool holdsOnly(const Json& all, const Json& some)
{
    return some.is_object() && std::all_of(some.items().begin(), some.items().end(), [&](const auto& part) {
               return all.contains(part.key()) && all[part.key()] == part.value();
           });
}

/// What the file says must be what follows from its layers: a damaged file is noticed, save an attribute that
/// is missing: it counts as its default.
Expected<void> compare(const Json& found, const LoweredNode& inferred, const std::string& source,
                       const std::string& path)
{
    const Json wanted = toJson(inferred);
    JsonReader reader(found, source, path);
    for (const auto& [key, value] : wanted.items()) {
        const Json* field = reader.field(key.c_str());
        // A layer may have got attributes since the file was written: those that it has must agree.
        const bool agrees = field && (key == "attributes" ? holdsOnly(value, *field) : *field == value);
        if (!agrees)
            reader.fail(key, field ? shown(*field) : "nothing",
                        shown(value) + ", which follows from the layers before");
    }
    return reader.finish();
}

Expected<LoweredNode> readNode(const Json& json, const std::string& source, const std::string& path)
{
    LoweredNode node;
    std::vector<std::int64_t> inputs;
    JsonReader reader(json, source, path);
    reader.require({"name", "kind", "inputs", "attributes"});
    reader.read("name", node.name);
    reader.read("kind", node.kind);
    reader.read("inputs", inputs);
    const Json* attributes = reader.field("attributes");
    if (const auto complete = reader.finishLeniently(); !complete)
        return failure(complete);
    // An index that is out of range stays so: the builder refuses it.
    for (const std::int64_t input : inputs)
        node.inputs.push_back(input >= 0 && input < INT32_MAX ? static_cast<int>(input) : -1);
    if (const LayerSpec* spec = findLayer(node.kind)) {
        auto read = readAttributes(*spec, *attributes, nullptr, source, path + ".attributes");
        if (!read)
            return failure(read);
        node.attributes = std::move(*read);
    }
    return node;
}

Expected<LoweredModel> rebuilt(GraphBuilder& graph, const Json& nodes, const std::string& source)
{
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const std::string path = fmt::format("nodes[{}]", i);
        int index = 0;
        if (i > 0) {
            auto node = readNode(nodes[i], source, path);
            if (!node)
                return failure(node);
            const auto added = graph.add(std::move(*node), path);
            if (!added)
                return failure(added);
            index = *added;
        }
        if (const auto same = compare(nodes[i], graph.node(index), source, path); !same)
            return failure(same);
    }
    return graph.finish();
}

} // namespace

std::int64_t LoweredModel::parameterCount() const
{
    std::int64_t count = 0;
    for (const LoweredNode& node : nodes) {
        for (const ParameterSpec& parameter : node.parameters)
            count += parameter.trainable ? elementCount(parameter.shape).value_or(0) : 0;
    }
    return count;
}

std::int64_t LoweredModel::multiplyAdds() const
{
    std::int64_t count = 0;
    for (const LoweredNode& node : nodes)
        count += node.multiplyAdds;
    return count;
}

Json toJson(const LoweredModel& model)
{
    Json json = {
        {"name", model.name}, {"label", model.label}, {"input", model.input}, {"classes", model.classes}};
    json["nodes"] = Json::array();
    for (const LoweredNode& node : model.nodes)
        json["nodes"].push_back(toJson(node));
    return json;
}

Expected<LoweredModel> loweredFromJson(const Json& json, const std::string& source)
{
    LoweredModel model;
    JsonReader reader(json, source);
    reader.require({"name", "label", "input", "classes", "nodes"});
    reader.read("name", model.name);
    reader.read("label", model.label);
    reader.read("input", model.input);
    reader.read("classes", model.classes, 1, 1'000'000);
    const Json* nodes = reader.field("nodes");
    if (nodes && (!nodes->is_array() || nodes->empty()))
        reader.fail("nodes", shown(*nodes), "an array of nodes, the input first");
    if (const auto complete = reader.finish(); !complete)
        return failure(complete);
    GraphBuilder graph(source, model.name, model.label);
    if (const auto begun = graph.begin(model.input, model.classes); !begun)
        return failure(begun);
    return rebuilt(graph, *nodes, source);
}

} // namespace torchdesk
