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

/// "self.conv1", or "self.layer1["0"]["conv1"]" for what stands in containers.
std::string attributeOf(const std::string& path)
{
    const std::vector<std::string> parts = splitText(path, '.');
    std::string text = "self." + parts.front();
    for (std::size_t i = 1; i < parts.size(); ++i)
        text += fmt::format("[\"{}\"]", parts[i]);
    return text;
}

std::string forwardBody(const LoweredModel& model)
{
    std::string text;
    std::string expression;
    for (std::size_t i = 1; i < model.nodes.size(); ++i) {
        const LoweredNode& node = model.nodes[i];
        const LayerSpec& spec = *findLayer(node.kind);
        std::vector<std::string> inputs;
        for (const int input : node.inputs)
            inputs.push_back(variable(model, input));
        if (!expression.empty())
            inputs.front() = expression;
        const Shape& shape = model.nodes[static_cast<std::size_t>(node.inputs[0])].output;
        expression = spec.expression ? spec.expression(node, shape, inputs)
                                     : fmt::format("{}({})", attributeOf(node.name), inputs.front());
        if (joinsNext(model, i))
            continue;
        const bool last = i + 1 == model.nodes.size();
        text += last ? fmt::format("        return {}\n", expression)
                     : fmt::format("        {} = {}\n", variable(model, static_cast<int>(i)), expression);
        expression.clear();
    }
    return text;
}

/// The modules by the parts of their names: a leaf has a constructor, a container has modules.
struct ModuleTree
{
    std::string name;
    std::string constructor;
    std::vector<ModuleTree> modules;

    ModuleTree& at(const std::string& part)
    {
        const auto found = std::find_if(modules.begin(), modules.end(),
                                        [&](const ModuleTree& each) { return each.name == part; });
        return found == modules.end() ? modules.emplace_back(ModuleTree{part, {}, {}}) : *found;
    }

    std::string text(int indent) const
    {
        if (!constructor.empty())
            return constructor;
        const std::string inside(static_cast<std::size_t>(indent) + 4, ' ');
        std::string dictionary = "nn.ModuleDict({\n";
        for (const ModuleTree& module : modules)
            dictionary += fmt::format("{}\"{}\": {},\n", inside, module.name, module.text(indent + 4));
        return dictionary + std::string(static_cast<std::size_t>(indent), ' ') + "})";
    }
};

bool isSound(const LoweredModel& model, std::size_t index)
{
    const LoweredNode& node = model.nodes[index];
    const LayerSpec* spec = findLayer(node.kind);
    return spec && wantedPath(node.name).empty() && !node.inputs.empty() &&
           std::all_of(node.inputs.begin(), node.inputs.end(),
                       [&](int input) { return input >= 0 && input < static_cast<int>(index); });
}

tl::unexpected<Error> notKnown(const LoweredModel& model, std::size_t index)
{
    return failure(ErrorKind::Internal,
                   fmt::format("The model {} cannot be written as Python: its node {} ({}) is not known.",
                               shortened(model.name, 60), index, shortened(model.nodes[index].kind, 60)));
}

/// nullptr where the name is taken by another module, or by a container.
ModuleTree* placeOf(ModuleTree& top, const std::string& path)
{
    ModuleTree* place = &top;
    for (const std::string& part : splitText(path, '.')) {
        if (!place->constructor.empty())
            return nullptr;
        place = &place->at(part);
    }
    return place->constructor.empty() && place->modules.empty() ? place : nullptr;
}

Expected<std::string> constructors(const LoweredModel& model)
{
    ModuleTree top;
    for (std::size_t i = 1; i < model.nodes.size(); ++i) {
        if (!isSound(model, i))
            return notKnown(model, i);
        const LoweredNode& node = model.nodes[i];
        const LayerSpec& spec = *findLayer(node.kind);
        if (!spec.python) // a function, not a module
            continue;
        ModuleTree* place = placeOf(top, node.name);
        if (!place)
            return notKnown(model, i);
        place->constructor = spec.python(node, model.nodes[static_cast<std::size_t>(node.inputs[0])].output);
    }
    std::string text;
    for (const ModuleTree& module : top.modules)
        text += fmt::format("        self.{} = {}\n", module.name, module.text(8));
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
    const std::string forward = forwardBody(model);
    return fmt::format("# {}: {} parameters. Written by TorchDesk.\n"
                       "# Input: batch×{}, output: batch×{} (logits).\n"
                       "{}from torch import nn\n"
                       "\n"
                       "\n"
                       "class {}(nn.Module):\n"
                       "    def __init__(self):\n"
                       "        super().__init__()\n"
                       "{}\n"
                       "    def forward(self, x):\n"
                       "{}",
                       shortened(model.label, 200), grouped(model.parameterCount()), shapeText(model.input),
                       model.classes, forward.find("torch.") == std::string::npos ? "" : "import torch\n",
                       pythonClassName(model), *layers, forward);
}

} // namespace torchdesk
