// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/model/attributes.h"
#include "core/model/graphbuilder.h"
#include "core/model/names.h"

#include <fmt/format.h>
#include <map>

namespace torchdesk {

namespace {

constexpr std::int64_t mostRepeats = 1000;
constexpr int deepestUse = 32; ///< blocks in blocks

void collectNames(const ModelNode& node, std::set<std::string>& names)
{
    if (!node.name.empty())
        names.insert(node.name);
    for (const ModelNode& child : node.children)
        collectNames(child, names);
}

/// Where names are given: below a composite that has a name, layers without one are numbered as the parts of
/// an nn.Sequential ("features.0"); elsewhere they are called after their kind ("relu1").
struct Place
{
    std::string prefix; ///< "features."; "" at the top
    int next = 0;
};

/// Walks the tree. Each kind of composite is a function that takes the node that its input is and returns the
/// node that its output is.
class Lowering
{
public:
    Lowering(const ModelFile& file, const Shape& input, std::int64_t classes)
        : m_file(file), m_source(file.origin.empty() ? file.name : file.origin), m_classes(classes),
          m_data(classes, input.empty() ? 0 : input[0]), m_graph(m_source, file.name, file.label)
    {
        collectNames(file.body, m_taken);
        for (const auto& [name, block] : file.blocks)
            collectNames(block.body, m_taken);
    }

    Expected<LoweredModel> run(const Shape& input)
    {
        if (const auto begun = m_graph.begin(input, m_classes); !begun)
            return failure(begun);
        Place top;
        if (const auto output = lower(m_file.body, 0, top, m_data); !output)
            return failure(output);
        return m_graph.finish();
    }

private:
    using Step = Expected<int> (Lowering::*)(const ModelNode&, int, Place&, const Scope&);

    Expected<int> lower(const ModelNode& node, int input, Place& place, const Scope& scope)
    {
        static const std::map<std::string, Step> composites = {{"sequential", &Lowering::sequential},
                                                               {"residual", &Lowering::residual},
                                                               {"concat", &Lowering::concat},
                                                               {"block", &Lowering::block}};
        const auto composite = composites.find(node.kind);
        if (composite == composites.end())
            return leaf(node, input, place, scope);
        const bool opens = !node.name.empty() || (node.kind == "block" && !place.prefix.empty());
        if (!opens)
            return (this->*composite->second)(node, input, place, scope);
        Place own{nameIn(place, node) + ".", 0};
        return (this->*composite->second)(node, input, own, scope);
    }

    Expected<int> sequential(const ModelNode& node, int input, Place& place, const Scope& scope)
    {
        std::int64_t repeats = 1;
        if (node.attributes.contains("repeat")) {
            const auto value = scope.value(node.attributes["repeat"]);
            if (!value || *value < 1 || *value > mostRepeats)
                return refuse(node.path + ".repeat", shown(node.attributes["repeat"]),
                              fmt::format("a whole number from 1 to {}, {}", mostRepeats, scope.names()));
            repeats = *value;
        }
        for (std::int64_t i = 0; i < repeats; ++i) {
            for (const ModelNode& child : node.children) {
                const auto output = lower(child, input, place, scope);
                if (!output)
                    return output;
                input = *output;
            }
        }
        return input;
    }

    /// body(x) + x. The shortcut is for bodies that change the shape, and left out where they do not: so one
    /// block serves the first of a stage and the others.
    Expected<int> residual(const ModelNode& node, int input, Place& place, const Scope& scope)
    {
        const auto body = lower(node.children[0], input, place, scope);
        if (!body)
            return body;
        int beside = input;
        const bool same = m_graph.node(*body).output == m_graph.node(input).output;
        if (!same && node.attributes.contains("only_where_equal"))
            return body;
        if (!same && node.children.size() > 1) {
            const auto shortcut = lower(node.children[1], input, place, scope);
            if (!shortcut)
                return shortcut;
            beside = *shortcut;
        }
        return join("add", {*body, beside}, node, place);
    }

    Expected<int> concat(const ModelNode& node, int input, Place& place, const Scope& scope)
    {
        std::vector<int> outputs;
        for (const ModelNode& branch : node.children) {
            const auto output = lower(branch, input, place, scope);
            if (!output)
                return output;
            outputs.push_back(*output);
        }
        return join("concat", std::move(outputs), node, place);
    }

    Expected<int> block(const ModelNode& node, int input, Place& place, const Scope& scope)
    {
        const std::string use = node.attributes["use"].get<std::string>();
        const auto found = m_file.blocks.find(use);
        if (found == m_file.blocks.end())
            return refuse(node.path + ".use", shown(node.attributes["use"]), blockNames());
        if (++m_depth > deepestUse)
            return refuse(node.path, "blocks in blocks without end",
                          fmt::format("at most {} levels", deepestUse));
        const auto inner = arguments(node, found->second, scope);
        if (!inner)
            return failure(inner);
        const auto output = lower(found->second.body, input, place, *inner);
        --m_depth;
        return output;
    }

    /// The names of the block's own expressions; the values are expressions of the place where it is used.
    Expected<Scope> arguments(const ModelNode& node, const ModelBlock& block, const Scope& scope)
    {
        Scope inner = scope.inner();
        JsonReader reader(node.attributes["with"], m_source, node.path + ".with");
        for (const auto& [name, byDefault] : block.arguments) {
            const Json* given = reader.field(name.c_str());
            const auto value = given ? scope.value(*given) : byDefault;
            if (value)
                inner.set(name, *value);
            else
                reader.fail(name, given ? shown(*given) : "nothing", "a whole number, " + scope.names());
        }
        if (block.arguments.empty() && !node.attributes["with"].empty())
            reader.fail("", "arguments", "none: the block has none");
        if (const auto complete = reader.finish(); !complete)
            return failure(complete);
        return inner;
    }

    Expected<int> leaf(const ModelNode& node, int input, Place& place, const Scope& scope)
    {
        LoweredNode lowered;
        lowered.name = nameIn(place, node);
        lowered.kind = node.kind;
        lowered.inputs = {input};
        if (const LayerSpec* spec = findLayer(node.kind)) {
            auto attributes = readAttributes(*spec, node.attributes, &scope, m_source, node.path);
            if (!attributes)
                return failure(attributes);
            lowered.attributes = std::move(*attributes);
        }
        return m_graph.add(std::move(lowered), node.path);
    }

    Expected<int> join(const std::string& kind, std::vector<int> inputs, const ModelNode& node, Place& place)
    {
        LoweredNode lowered;
        ModelNode unnamed;
        unnamed.kind = kind;
        lowered.name = nameIn(place, unnamed);
        lowered.kind = kind;
        lowered.inputs = std::move(inputs);
        return m_graph.add(std::move(lowered), node.path);
    }

    std::string nameIn(Place& place, const ModelNode& node)
    {
        const int index = place.next++;
        if (!node.name.empty())
            return place.prefix + node.name;
        return place.prefix.empty() ? freeName(node.kind) : place.prefix + std::to_string(index);
    }

    /// "relu1", "relu2" …, past the names that the file gives itself.
    std::string freeName(const std::string& kind)
    {
        std::string name;
        do
            name = fmt::format("{}{}", kind, ++m_numbers[kind]);
        while (m_taken.contains(name));
        return name;
    }

    std::string blockNames() const
    {
        std::vector<std::string> names;
        for (const auto& [name, block] : m_file.blocks)
            names.push_back(name);
        return names.empty() ? "a block, but the file has none" : "one of " + joined(names, ", ");
    }

    tl::unexpected<Error> refuse(const std::string& path, const std::string& found,
                                 const std::string& wanted) const
    {
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{}: {}: found {}, wanted {}.", m_source, path, found, wanted));
    }

    const ModelFile& m_file;
    std::string m_source;
    std::int64_t m_classes;
    Scope m_data;
    GraphBuilder m_graph;
    std::set<std::string> m_taken;
    std::map<std::string, int> m_numbers;
    int m_depth = 0;
};

} // namespace

Expected<LoweredModel> lower(const ModelFile& file, const Shape& input, std::int64_t classes)
{
    auto lowered = Lowering(file, input, classes).run(input);
    if (!lowered && input != file.input)
        lowered.error().message +=
            fmt::format(" The model was made for {}, the data has {}: choose others that fit.",
                        shapeText(file.input), shapeText(input));
    return lowered;
}

} // namespace torchdesk
