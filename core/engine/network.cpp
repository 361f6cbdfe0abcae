// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/network.h"

#include "core/base/text.h"
#include "core/engine/tensors.h"

#include <algorithm>
#include <map>

namespace torchdesk {

namespace {

/// See Network::evaluationBatch(): inputs and output of a layer are held at once.
std::int64_t evaluationBatchOf(const LoweredModel& model)
{
    constexpr double budget = 256.0 * 1024 * 1024;
    constexpr double most = 500;
    double values = 1;
    for (const LoweredNode& node : model.nodes) {
        const auto size = [](const Shape& shape) {
            return static_cast<double>(elementCount(shape).value_or(1));
        };
        double held = size(node.output);
        for (const int input : node.inputs)
            held += size(model.nodes[static_cast<std::size_t>(input)].output);
        values = std::max(values, held);
    }
    return static_cast<std::int64_t>(std::clamp(budget / (values * sizeof(float)), 1.0, most));
}

} // namespace

Expected<Network> Network::build(const LoweredModel& model, at::Device device)
{
    if (model.nodes.size() < 2)
        return failure(ErrorKind::InvalidInput,
                       "Model '" + model.name + "' has no layers. Add at least one layer to its body");
    Network network(device);
    for (std::size_t index = 0; index < model.nodes.size(); ++index)
        if (auto added = network.add(model.nodes[index], static_cast<int>(index)); !added)
            return failure(added);
    network.m_evaluationBatch = evaluationBatchOf(model);
    return network;
}

Expected<void> Network::add(const LoweredNode& node, int index)
{
    std::vector<at::Tensor> values;
    for (const ParameterSpec& spec : node.parameters) {
        at::Tensor value = at::empty(spec.shape, at::TensorOptions(at::kFloat).device(m_device));
        value.set_requires_grad(spec.trainable);
        values.push_back(value);
        m_parameters.push_back({spec, value, index});
    }
    m_nodes.push_back({node.inputs, nullptr, index});
    for (const int input : node.inputs)
        m_nodes[static_cast<std::size_t>(input)].lastUse = index;
    if (index == 0)
        return {};
    const LayerMaker* maker = findLayerMaker(node.kind);
    if (!maker)
        return failure(ErrorKind::Unsupported, "Layer '" + node.name + "' is of kind '" + node.kind +
                                                   "', which the engine cannot compute. Use another layer");
    m_nodes.back().layer = maker->make(node, index, values);
    return {};
}

at::Tensor Network::forward(const at::Tensor& input, const Pass& pass) const
{
    std::vector<at::Tensor> outputs(m_nodes.size());
    // Convolutions follow the layout of what comes in; the weights stay as they are, so that the gradients
    // fit them.
    const bool picture = m_channelsLast && input.dim() == 4;
    outputs[0] = picture ? input.contiguous(at::MemoryFormat::ChannelsLast) : input;
    std::vector<at::Tensor> inputs;
    Pass frozenPass = pass;
    frozenPass.frozen = true;
    for (std::size_t index = 1; index < m_nodes.size(); ++index) {
        const Node& node = m_nodes[index];
        inputs.clear();
        for (const int from : node.inputs)
            inputs.push_back(outputs[static_cast<std::size_t>(from)]);
        if (static_cast<int>(index) < m_frozen) { // nothing before it is trained either
            const c10::NoGradGuard noGrad;
            outputs[index] = node.layer->forward(inputs, frozenPass);
        } else {
            outputs[index] = node.layer->forward(inputs, pass);
        }
        for (const int from : node.inputs)
            if (m_nodes[static_cast<std::size_t>(from)].lastUse == static_cast<int>(index))
                outputs[static_cast<std::size_t>(from)].reset();
    }
    return outputs.back();
}

std::vector<at::Tensor> Network::parameterTensors() const
{
    std::vector<at::Tensor> tensors;
    for (const NetworkParameter& parameter : m_parameters)
        if (parameter.trained())
            tensors.push_back(parameter.value);
    return tensors;
}

void Network::freeze(int nodes)
{
    m_frozen = nodes;
    for (NetworkParameter& parameter : m_parameters) {
        parameter.frozen = parameter.node < nodes;
        parameter.value.set_requires_grad(parameter.trained());
    }
}

Expected<void> Network::loadSome(const std::vector<NamedTensor>& tensors)
{
    for (const NamedTensor& tensor : tensors) {
        const auto found = std::ranges::find_if(m_parameters, [&](const NetworkParameter& parameter) {
            return parameter.spec.name == tensor.name;
        });
        if (found == m_parameters.end())
            return failure(ErrorKind::InvalidInput, "The model has no tensor '" + shortened(tensor.name, 80) +
                                                        "'. Use weights that were trained with this model");
        if (auto copied = copyInto(tensor, found->value); !copied)
            return failure(copied);
    }
    return {};
}

Expected<void> Network::load(const std::vector<NamedTensor>& tensors)
{
    std::map<std::string, const NamedTensor*> byName;
    for (const NamedTensor& tensor : tensors)
        byName[tensor.name] = &tensor;
    for (const NetworkParameter& parameter : m_parameters) {
        const auto found = byName.find(parameter.spec.name);
        if (found == byName.end())
            return failure(ErrorKind::InvalidInput, "The weights have no tensor '" + parameter.spec.name +
                                                        "'. Use weights that were trained with this model");
        if (auto copied = copyInto(*found->second, parameter.value); !copied)
            return failure(copied);
        byName.erase(found);
    }
    if (!byName.empty())
        return failure(ErrorKind::InvalidInput,
                       "The weights have a tensor '" + shortened(byName.begin()->first, 80) +
                           "' that the model does not have. Use weights that were trained with this model");
    if (tensors.size() != m_parameters.size())
        return failure(ErrorKind::InvalidInput, "The weights hold a tensor twice. Export them again");
    return {};
}

std::vector<NamedTensor> Network::weights() const
{
    std::vector<NamedTensor> named;
    for (const NetworkParameter& parameter : m_parameters)
        named.push_back(toNamed(parameter.spec.name, parameter.value));
    return named;
}

bool Network::allFinite() const
{
    return std::ranges::all_of(m_parameters, [](const NetworkParameter& parameter) {
        return at::isfinite(parameter.value.detach()).all().item<bool>();
    });
}

} // namespace torchdesk
