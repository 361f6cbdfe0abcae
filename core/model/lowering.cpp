// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/model/attributes.h"
#include "core/model/graphbuilder.h"
#include "core/model/names.h"

#include <fmt/format.h>
#include <map>

namespace torchdesk {

namespace {

void collectNames(const ModelNode& node, std::set<std::string>& names)
{
    if (!node.name.empty())
        names.insert(node.name);
    for (const ModelNode& child : node.children)
        collectNames(child, names);
}

/// Walks the tree. Each kind of composite is a function that takes the node that its input is and returns the
/// node that its output is, so that branches and sums fit in beside the sequence.
class Lowering
{
public:
    Lowering(const ModelFile& file, const Shape& input, std::int64_t classes)
        : m_source(file.origin.empty() ? file.name : file.origin), m_scope{classes,
                                                                           input.empty() ? 0 : input[0]},
          m_graph(m_source, file.name, file.label)
    {
        collectNames(file.body, m_taken);
    }

    Expected<LoweredModel> run(const ModelFile& file, const Shape& input)
    {
        if (const auto begun = m_graph.begin(input, m_scope.classes); !begun)
            return failure(begun);
        if (const auto output = lower(file.body, 0); !output)
            return failure(output);
        return m_graph.finish();
    }

private:
    Expected<int> lower(const ModelNode& node, int input)
    {
        return node.kind == "sequential" ? sequential(node, input) : leaf(node, input);
    }

    Expected<int> sequential(const ModelNode& node, int input)
    {
        for (const ModelNode& child : node.children) {
            const auto output = lower(child, input);
            if (!output)
                return output;
            input = *output;
        }
        return input;
    }

    Expected<int> leaf(const ModelNode& node, int input)
    {
        LoweredNode lowered;
        lowered.name = node.name.empty() ? freeName(node.kind) : node.name;
        lowered.kind = node.kind;
        lowered.inputs = {input};
        if (const LayerSpec* spec = findLayer(node.kind)) {
            auto attributes = readAttributes(*spec, node.attributes, &m_scope, m_source, node.path);
            if (!attributes)
                return failure(attributes);
            lowered.attributes = std::move(*attributes);
        }
        return m_graph.add(std::move(lowered), node.path);
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

    std::string m_source;
    Scope m_scope;
    GraphBuilder m_graph;
    std::set<std::string> m_taken;
    std::map<std::string, int> m_numbers;
};

} // namespace

Expected<LoweredModel> lower(const ModelFile& file, const Shape& input, std::int64_t classes)
{
    auto lowered = Lowering(file, input, classes).run(file, input);
    if (!lowered && input != file.input)
        lowered.error().message +=
            fmt::format(" The model was made for {}, the data has {}: choose others that fit.",
                        shapeText(file.input), shapeText(input));
    return lowered;
}

} // namespace torchdesk
