// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lane/graph.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <set>
#include <utility>

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif

namespace torchdesk::lane {

namespace {

using Pair = std::vector<std::int64_t>;

constexpr std::size_t alignment = 64;
constexpr std::size_t largePage = 2 * 1024 * 1024;

Map mapOf(const Shape& shape)
{
    if (shape.size() == 3)
        return {nullptr, shape[0], shape[1], shape[2], 0, 0};
    return {nullptr, shape.empty() ? 1 : shape[0], 1, 1, 0, 0};
}

std::int64_t larger(const Pair& pair)
{
    return std::max(pair[0], pair[1]);
}

Looks looksOf(const std::string& kind, const Unit& unit)
{
    const bool cutsWhatItMakes = unit.relu && (kind == "batchnorm2d" || kind == "linear");
    if (kind == "relu" || kind == "leakyrelu" || cutsWhatItMakes)
        return Looks::AtSigns;
    static const std::set<std::string> atValues{"relu6", "tanh", "sigmoid", "maxpool2d"};
    return atValues.contains(kind) ? Looks::AtValues : Looks::AtNothing;
}

/// May the node write its output where its first input is, with \p before the most that the nodes which did
/// so already look at?
bool worksInPlace(const std::string& kind, Looks before)
{
    static const std::set<std::string> changing{"relu", "leakyrelu", "relu6", "tanh", "sigmoid", "add"};
    if (kind == "flatten")
        return true;
    if (kind == "dropout") // what it drops gets no gradient, the others keep their signs
        return before != Looks::AtValues;
    return changing.contains(kind) && before == Looks::AtNothing;
}

/// Zeros around the gradient by a convolution's output, which its backward pass reads: see convolution.cpp.
/// None where its input learns nothing.
std::int64_t gradientHalo(const LoweredNode& node, const std::vector<bool>& learns)
{
    if (node.kind != "conv2d" || !learns[static_cast<std::size_t>(node.inputs[0])])
        return 0;
    const auto& kernel = node.attribute<Pair>("kernel");
    const auto& stride = node.attribute<Pair>("stride");
    const auto& padding = node.attribute<Pair>("padding");
    std::int64_t halo = 0;
    for (std::size_t axis = 0; axis < 2; ++axis)
        halo = std::max(halo, kernel[axis] - 1 - (stride[axis] == 1 ? padding[axis] : 0));
    return halo;
}

std::string whyNotConvolution(const LoweredNode& node)
{
    const auto& kernel = node.attribute<Pair>("kernel");
    if (node.attribute<std::int64_t>("groups") != 1)
        return "'" + node.name + "' is a convolution in groups";
    if (larger(kernel) > 7 || larger(node.attribute<Pair>("stride")) > 7)
        return "'" + node.name + "' has a kernel or stride above 7";
    for (std::size_t axis = 0; axis < 2; ++axis)
        if (node.attribute<Pair>("padding")[axis] >= kernel[axis])
            return "'" + node.name + "' is padded by more than its kernel";
    return "";
}

/// A nearest cache keeps 8 lines or so of those that lie a multiple of 4 KiB apart: the channels of a map
/// must not.
std::int64_t gapFor(const Map& map, int lanes)
{
    constexpr std::int64_t page = 4096;
    constexpr std::int64_t apart = 9;
    const std::int64_t vectorsOfPage = page / static_cast<std::int64_t>(sizeof(float)) / lanes;
    const std::int64_t rest = map.channelStride() % vectorsOfPage;
    return rest < apart || rest > vectorsOfPage - apart ? 2 * apart : 0;
}

const std::set<std::string> kindsOfLanes{
    "input",       "conv2d",  "linear", "flatten", "maxpool2d", "avgpool2d", "adaptiveavgpool2d",
    "batchnorm2d", "dropout", "add",    "concat",  "subsample", "relu",      "leakyrelu",
    "relu6",       "tanh",    "sigmoid"};

/// An upper bound: values, gradients, masks and copies of each node, gradients and packed weights a thread.
double bytesOf(const LoweredModel& model, const GraphSettings& settings, int lanes)
{
    double values = 0;
    double weights = 0;
    for (const LoweredNode& node : model.nodes) {
        Map map = mapOf(node.output);
        map.halo = 3;
        values += static_cast<double>(map.positions() > 1 ? map.groupStride() : map.features());
        for (const ParameterSpec& parameter : node.parameters)
            weights += static_cast<double>(elementCount(parameter.shape).value_or(0)) *
                       (node.kind == "conv2d" ? 3 : 2);
    }
    const auto samples = static_cast<double>(groupsOf(settings.batch, lanes) * lanes);
    return sizeof(float) * (samples * values * (settings.trains ? 2 : 1) + weights * settings.threads);
}

} // namespace

void Arena::Free::operator()(std::byte* block) const
{
    ::operator delete[](block, std::align_val_t(largePage));
}

void Arena::addBlock(std::size_t bytes)
{
    const std::size_t whole = (bytes + largePage - 1) / largePage * largePage;
    auto* block = static_cast<std::byte*>(::operator new[](whole, std::align_val_t(largePage)));
    m_blocks.emplace_back(block);
#if defined(MADV_HUGEPAGE)
    madvise(block, whole, MADV_HUGEPAGE); // only advice: small pages do as well
#endif
    std::memset(block, 0, whole);
    m_next = block;
    m_left = whole;
}

float* Arena::take(std::int64_t floats)
{
    const std::size_t bytes = static_cast<std::size_t>(std::max<std::int64_t>(floats, 1)) * sizeof(float);
    const std::size_t whole = (bytes + alignment - 1) / alignment * alignment;
    if (whole > m_left)
        addBlock(whole);
    m_left -= whole;
    return reinterpret_cast<float*>(std::exchange(m_next, m_next + whole));
}

std::string whyNot(const LoweredModel& model, const GraphSettings& settings, int lanes)
{
    for (const LoweredNode& node : model.nodes) {
        if (!kindsOfLanes.contains(node.kind))
            return "it has no form of '" + node.kind + "'";
        if (node.inputs.size() > mostInputs)
            return "'" + node.name + "' has more than " + std::to_string(mostInputs) + " inputs";
        if (node.kind == "conv2d")
            if (std::string reason = whyNotConvolution(node); !reason.empty())
                return reason;
    }
    constexpr double mostBytes = 4.0 * 1024 * 1024 * 1024;
    if (bytesOf(model, settings, lanes) > mostBytes)
        return "it would take more than 4 GiB of memory";
    return "";
}

Graph::Graph(const LoweredModel& model, const Kernels& kernels, const std::vector<ModelParameter>& parameters,
             const GraphSettings& settings)
    : m_kernels(kernels), m_groups(groupsOf(settings.batch, kernels.lanes)), m_units(unitsOf(model)),
      m_readers(readersOf(model))
{
    std::size_t next = 0;
    for (const LoweredNode& node : model.nodes) {
        const bool frozen = m_learns.size() < static_cast<std::size_t>(settings.frozenNodes);
        bool learns = false;
        for (const int input : node.inputs)
            learns = learns || m_learns[static_cast<std::size_t>(input)];
        for (std::size_t i = 0; i < node.parameters.size(); ++i, ++next) {
            const bool trained = settings.trains && !frozen && parameters[next].trained;
            learns = learns || trained;
            m_offsets.push_back(trained ? m_gradientFloats : -1);
            // Whole vectors for each, so that no two threads of the update write to one line of the cache.
            if (trained)
                m_gradientFloats += (parameters[next].count + 15) / 16 * 16;
        }
        m_learns.push_back(learns);
    }
    placeValues(model, settings);
    for (int thread = 0; settings.trains && thread < settings.threads; ++thread)
        m_threadGradients.push_back(m_memory.take(m_gradientFloats));
    makeLayers(model, parameters, settings);
}

/// Values lie where those of the first input do, where the unit can work in place and nobody else reads them;
/// gradients too, but for a flatten that has to take off a halo. A batchnorm2d needs what it read for its
/// backward pass, which can write where it reads: over the gradient by its output, or, where a pool has made
/// that one smaller, over what it read, if nobody looks at that any more.
std::vector<Graph::Place> Graph::placesOf(const LoweredModel& model) const
{
    std::vector<Place> places(model.nodes.size());
    for (const Unit& unit : m_units) {
        const std::string& kind = model.nodes[unit.node].kind;
        Place& place = places[unit.output];
        place.value = place.gradient = unit.output;
        place.looks = looksOf(kind, unit);
        if (unit.inputs.empty())
            continue;
        const auto first = static_cast<std::size_t>(unit.inputs[0]);
        Place& before = places[first];
        if (kind == "conv2d")
            places[before.value].halo = std::max(places[before.value].halo,
                                                 larger(model.nodes[unit.node].attribute<Pair>("padding")));
        if (m_readers[first] != 1 || m_learns[first] != m_learns[unit.output])
            continue;
        if (kind == "batchnorm2d" && !unit.pool)
            place.gradient = before.gradient;
        if (kind == "batchnorm2d" && unit.pool && before.looks == Looks::AtNothing &&
            before.value == before.gradient)
            places[before.value].together = true;
        if (!worksInPlace(kind, before.looks))
            continue;
        place.value = before.value;
        place.looks = std::max(place.looks, before.looks);
        if (kind != "flatten" || gradientHalo(model.nodes[before.gradient], m_learns) == 0)
            place.gradient = before.gradient;
    }
    return places;
}

/// A gradient that is written and read while the backward pass is at one group is soon not needed any more:
/// the next group of the thread can have its place, which is still in a near cache.
void Graph::findShared(const LoweredModel& model, std::vector<Place>& places) const
{
    std::vector<std::size_t> lastReader(model.nodes.size(), 0); // a unit
    for (std::size_t u = 0; u < m_units.size(); ++u)
        for (const int input : m_units[u].inputs) {
            std::size_t& last = lastReader[places[static_cast<std::size_t>(input)].gradient];
            last = std::max(last, u);
        }
    for (std::size_t u = 0; u + 1 < m_units.size(); ++u) {
        const std::size_t root = places[m_units[u].output].gradient;
        if (root != m_units[u].output || places[m_units.back().output].gradient == root)
            continue; // the loss writes the gradients by the logits of all groups before the backward pass
        const auto begin = m_units.begin() + static_cast<std::ptrdiff_t>(u);
        const auto end = m_units.begin() + static_cast<std::ptrdiff_t>(lastReader[root]) + 1;
        places[root].byThread = std::none_of(begin, end, [&](const Unit& unit) {
            const std::string& kind =
                model.nodes[unit.node].kind; // those wait for all groups, or take all at once
            return kind == "batchnorm2d" || kind == "linear";
        });
    }
}

void Graph::assign(const Slice& slice)
{
    for (std::int64_t group = slice.first; group < slice.last; ++group)
        m_threadOf[static_cast<std::size_t>(group)] = slice.thread;
}

void Graph::placeValues(const LoweredModel& model, const GraphSettings& settings)
{
    std::vector<Place> places = placesOf(model);
    findShared(model, places);
    m_threadOf.resize(static_cast<std::size_t>(m_groups));
    const auto take = [&](const Map& map) {
        const std::int64_t count = map.places ? settings.threads : m_groups;
        return m_memory.take(count * map.groupStride() * m_kernels.lanes);
    };
    m_values.resize(model.nodes.size());
    m_gradients.resize(model.nodes.size());
    for (const Unit& unit : m_units) {
        const std::size_t i = unit.output;
        const Place& place = places[i];
        const bool needs = settings.trains && m_learns[i];
        const bool together = needs && places[place.value].together;
        Map& value = m_values[i] = mapOf(model.nodes[i].output);
        Map& gradient = m_gradients[i] = value;
        value.halo = places[place.value].halo;
        gradient.halo = gradientHalo(model.nodes[place.gradient], m_learns);
        if (together)
            value.halo = gradient.halo = std::max(value.halo, gradient.halo);
        for (Map* map : {&value, &gradient}) // without a halo it may be flattened where it is: in one piece
            map->gap = map->halo > 0 ? gapFor(*map, m_kernels.lanes) : 0;
        if (places[place.gradient].byThread && !together)
            gradient.places = m_threadOf.data();
        value.data = place.value == i ? take(value) : m_values[place.value].data;
        if (needs && together)
            gradient.data = value.data;
        else if (needs)
            gradient.data = place.gradient == i ? take(gradient) : m_gradients[place.gradient].data;
    }
}

LayerPlan Graph::planOf(const LoweredModel& model, const Unit& unit, std::vector<bool>& written) const
{
    const LoweredNode& node = model.nodes[unit.node];
    LayerPlan plan;
    plan.output = m_values[unit.output];
    plan.outputGradient = m_gradients[unit.output];
    plan.node = static_cast<int>(unit.node);
    plan.groups = m_groups;
    plan.relu = unit.relu;
    plan.pool = unit.pool;
    plan.dropout = unit.dropout;
    if (unit.dropout >= 0)
        plan.dropoutShare = model.nodes[static_cast<std::size_t>(unit.dropout)].attribute<double>("p");
    plan.frozen = !m_learns[unit.output];
    for (const int each : unit.inputs) {
        const auto input = static_cast<std::size_t>(each);
        const bool wanted = m_gradients[input].data != nullptr;
        plan.inputs[plan.inputCount++] = {m_values[input], m_gradients[input], wanted, written[input]};
        written[input] = true;
    }
    const auto take = [&](const char* name, std::int64_t(&to)[2]) {
        if (!node.attributes.contains(name))
            return;
        const auto& pair = node.attribute<Pair>(name);
        to[0] = pair[0];
        to[1] = pair[1];
    };
    take("kernel", plan.kernel);
    take("stride", plan.stride);
    take("padding", plan.padding);
    for (const char* name : {"p", "slope", "eps"})
        if (node.attributes.contains(name))
            plan.number = node.attribute<double>(name);
    if (node.attributes.contains("momentum"))
        plan.momentum = node.attribute<double>("momentum");
    return plan;
}

/// For a convolution that pools what it makes: a place for each thread.
void Graph::placeUnpooled(const LoweredModel& model, const Unit& unit, LayerPlan& plan)
{
    const LoweredNode& node = model.nodes[unit.node];
    if (node.kind != "conv2d" || !unit.pool)
        return;
    Map& map = plan.unpooled = mapOf(node.output);
    map.halo = gradientHalo(node, m_learns);
    map.gap = gapFor(map, m_kernels.lanes);
    map.places = m_threadOf.data();
    if (!plan.frozen)
        map.data = m_memory.take(plan.threads * map.groupStride() * m_kernels.lanes);
}

/// Of what a batchnorm2d reads, gathered by the convolution before it, if it is the only reader.
void Graph::placeMoments(const LoweredModel& model, const Unit& unit, LayerPlan& plan,
                         std::vector<float*>& moments)
{
    const std::string& kind = model.nodes[unit.node].kind;
    if (kind == "batchnorm2d" && !plan.frozen) {
        const auto input = static_cast<std::size_t>(unit.inputs[0]);
        plan.moments = m_memory.take(m_groups * plan.output.channels * momentVectors * m_kernels.lanes);
        plan.gathered = m_readers[input] == 1 && model.nodes[input].kind == "conv2d";
        if (plan.gathered)
            moments[input] = plan.moments;
    } else {
        plan.moments = moments[unit.output];
    }
}

/// From the last to the first, as the backward pass goes, which tells who writes a gradient first.
void Graph::makeLayers(const LoweredModel& model, const std::vector<ModelParameter>& parameters,
                       const GraphSettings& settings)
{
    std::vector<bool> written(model.nodes.size(), false);
    std::vector<float*> moments(model.nodes.size(), nullptr);
    std::vector<std::size_t> firstParameter;
    std::size_t next = 0;
    for (const LoweredNode& node : model.nodes)
        firstParameter.push_back(std::exchange(next, next + node.parameters.size()));
    m_layers.resize(m_units.size());
    for (std::size_t index = m_units.size(); index-- > 0;) {
        const Unit& unit = m_units[index];
        const LoweredNode& node = model.nodes[unit.node];
        LayerPlan plan = planOf(model, unit, written);
        plan.threads = settings.threads;
        placeUnpooled(model, unit, plan);
        placeMoments(model, unit, plan, moments);
        for (std::size_t i = 0; i < node.parameters.size(); ++i) {
            const std::size_t parameter = firstParameter[unit.node] + i;
            plan.parameters[i] = {parameters[parameter].value, parameters[parameter].count,
                                  m_offsets[parameter]};
        }
        plan.gradients = m_threadGradients.data();
        plan.memory = &m_memory;
        m_layers[index].reset(m_kernels.makeLayer(node.kind.c_str(), plan));
    }
}

} // namespace torchdesk::lane
