// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/pythonmodel.h"

#include "core/base/text.h"
#include "core/model/layers.h"
#include "core/model/names.h"

#include <algorithm>
#include <fmt/format.h>

namespace torchdesk {

namespace {

bool isAlphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char upper(char c)
{
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

/// Letters and digits only; each one after something else begins a word: "my-net" is "MyNet".
std::string capitalised(const std::string& name)
{
    std::string result;
    bool begins = true;
    for (const char c : name) {
        if (isAlphanumeric(c))
            result += begins ? upper(c) : c;
        begins = !isAlphanumeric(c);
    }
    return result;
}

/// The label's own spelling of the name, where the label begins with it: "LeNet (Keras form)" for "lenet".
std::optional<std::string> spelledByLabel(const std::string& name, const std::string& label)
{
    std::string letters;
    std::copy_if(label.begin(), label.end(), std::back_inserter(letters), isAlphanumeric);
    const auto same = [](char a, char b) { return upper(a) == upper(b); };
    if (letters.size() < name.size() || !std::equal(name.begin(), name.end(), letters.begin(), same))
        return std::nullopt;
    letters.resize(name.size());
    return letters;
}

/// The variable that holds a node's output: always x along a chain, numbered where the net branches.
std::string variable(const LoweredModel& model, int index)
{
    for (std::size_t i = 1; i < model.nodes.size(); ++i) {
        if (model.nodes[i].inputs != std::vector{static_cast<int>(i) - 1})
            return index == 0 ? "x" : fmt::format("x{}", index);
    }
    return "x";
}

bool joinsNext(const LoweredModel& model, std::size_t index)
{
    if (index + 1 >= model.nodes.size())
        return false;
    const LayerSpec* next = findLayer(model.nodes[index + 1].kind);
    return next && !next->joint.empty() && variable(model, static_cast<int>(index)) == "x";
}

std::string forwardBody(const LoweredModel& model)
{
    std::string text;
    std::string expression;
    for (std::size_t i = 1; i < model.nodes.size(); ++i) {
        const LoweredNode& node = model.nodes[i];
        if (expression.empty())
            expression = variable(model, node.inputs[0]);
        expression = fmt::format("self.{}({})", node.name, expression);
        if (joinsNext(model, i))
            continue;
        const bool last = i + 1 == model.nodes.size();
        text += last ? fmt::format("        return {}\n", expression)
                     : fmt::format("        {} = {}\n", variable(model, static_cast<int>(i)), expression);
        expression.clear();
    }
    return text;
}

Expected<std::string> constructors(const LoweredModel& model)
{
    std::string text;
    for (std::size_t i = 1; i < model.nodes.size(); ++i) {
        const LoweredNode& node = model.nodes[i];
        const LayerSpec* spec = findLayer(node.kind);
        const bool sound = spec && wantedName(node.name).empty() && node.inputs.size() == 1 &&
                           node.inputs[0] >= 0 && node.inputs[0] < static_cast<int>(i);
        if (!sound)
            return failure(
                ErrorKind::Internal,
                fmt::format("The model {} cannot be written as Python: its node {} ({}) is not known.",
                            shortened(model.name, 60), i, shortened(node.kind, 60)));
        const Shape& input = model.nodes[static_cast<std::size_t>(node.inputs[0])].output;
        text += fmt::format("        self.{} = {}\n", node.name, spec->python(node, input));
    }
    return text;
}

} // namespace

std::string pythonClassName(const LoweredModel& model)
{
    std::string letters;
    std::copy_if(model.name.begin(), model.name.end(), std::back_inserter(letters), isAlphanumeric);
    std::string name = capitalised(spelledByLabel(letters, model.label).value_or(model.name));
    // "None" is a keyword, "3layers" no name, and a name may have no letters at all.
    return isPythonName(name) ? name : "Net" + name;
}

Expected<std::string> pythonModel(const LoweredModel& model)
{
    if (model.nodes.size() < 2)
        return failure(ErrorKind::Internal, "The model cannot be written as Python: it has no layers.");
    const auto layers = constructors(model);
    if (!layers)
        return failure(layers);
    return fmt::format("# {}: {} parameters. Written by TorchDesk.\n"
                       "# Input: batch×{}, output: batch×{} (logits).\n"
                       "from torch import nn\n"
                       "\n"
                       "\n"
                       "class {}(nn.Module):\n"
                       "    def __init__(self):\n"
                       "        super().__init__()\n"
                       "{}\n"
                       "    def forward(self, x):\n"
                       "{}",
                       shortened(model.label, 200), grouped(model.parameterCount()), shapeText(model.input),
                       model.classes, pythonClassName(model), *layers, forwardBody(model));
}

} // namespace torchdesk
