// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/weightmatch.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <fmt/format.h>

namespace torchdesk {

namespace {

constexpr std::array<std::string_view, 2> wrapperPrefixes = {"module.", "_orig_mod."};

bool countsBatches(const std::string& name)
{
    return name == "num_batches_tracked" || name.ends_with(".num_batches_tracked");
}

/// IEEE 754 half precision: 5 bits of exponent (bias 15), 10 of fraction.
float fromHalf(std::uint16_t bits)
{
    const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000u) << 16;
    const std::uint32_t exponent = (bits >> 10) & 0x1fu;
    const std::uint32_t fraction = bits & 0x3ffu;
    if (exponent == 0) { // zero and subnormal: fraction × 2^-24
        const float value = static_cast<float>(fraction) / 16777216.0f;
        return sign ? -value : value;
    }
    const std::uint32_t wide = exponent == 31 ? 255 : exponent + 127 - 15;
    return std::bit_cast<float>(sign | (wide << 23) | (fraction << 13));
}

float fromBrain(std::uint16_t bits)
{
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

template <class From, class Convert>
NamedTensor converted(const NamedTensor& tensor, Convert convert)
{
    const std::size_t count = tensor.bytes->size() / sizeof(From);
    auto bytes = std::make_shared<Bytes>(count * sizeof(float));
    for (std::size_t i = 0; i < count; ++i) {
        From value;
        std::memcpy(&value, tensor.bytes->data() + i * sizeof(From), sizeof(From));
        const float made = convert(value);
        std::memcpy(bytes->data() + i * sizeof(float), &made, sizeof(float));
    }
    return {tensor.name, DType::F32, tensor.shape, std::move(bytes)};
}

/// nullopt for whole numbers, of which no parameter consists.
std::optional<NamedTensor> asFloat(const NamedTensor& tensor)
{
    switch (tensor.type) {
    case DType::F32:
        return tensor;
    case DType::F16:
        return converted<std::uint16_t>(tensor, fromHalf);
    case DType::BF16:
        return converted<std::uint16_t>(tensor, fromBrain);
    case DType::F64:
        return converted<double>(tensor, [](double value) { return static_cast<float>(value); });
    default:
        return std::nullopt;
    }
}

std::string sizesOf(const Shape& shape)
{
    return shape.empty() ? "a single value" : shapeText(shape);
}

std::string commonPrefix(const std::vector<NamedTensor>& tensors)
{
    for (const std::string_view prefix : wrapperPrefixes)
        if (!tensors.empty() && std::ranges::all_of(tensors, [&](const NamedTensor& tensor) {
                return tensor.name.starts_with(prefix);
            }))
            return std::string(prefix);
    return {};
}

class Matching
{
public:
    Matching(const LoweredModel& model, const std::vector<NamedTensor>& tensors)
        : m_model(model), m_head(headNode(model))
    {
        m_match.prefix = commonPrefix(tensors);
        for (const NamedTensor& tensor : tensors)
            m_found.emplace(tensor.name.substr(m_match.prefix.size()), &tensor);
    }

    WeightMatch run()
    {
        for (std::size_t index = 0; index < m_model.nodes.size(); ++index) {
            const LoweredNode& node = m_model.nodes[index];
            const bool head = m_head && *m_head == static_cast<int>(index);
            if (head && !fitsHead(node))
                m_match.newHead = node.name;
            for (const ParameterSpec& spec : node.parameters)
                match(spec, head && !m_match.newHead.empty());
        }
        for (const auto& [name, tensor] : m_found)
            if (!countsBatches(name))
                m_match.leftOver.push_back(name);
        return std::move(m_match);
    }

private:
    bool fitsHead(const LoweredNode& node) const
    {
        return std::ranges::all_of(node.parameters, [this](const ParameterSpec& spec) {
            const auto found = m_found.find(spec.name);
            return found != m_found.end() && found->second->shape == spec.shape;
        });
    }

    void match(const ParameterSpec& spec, bool isNew)
    {
        ++m_match.wanted;
        const auto found = m_found.find(spec.name);
        if (found == m_found.end()) {
            if (!isNew)
                m_match.missing.push_back(spec.name);
            return;
        }
        const NamedTensor& tensor = *found->second;
        m_found.erase(found);
        if (isNew)
            return;
        auto values = tensor.shape == spec.shape ? asFloat(tensor) : std::nullopt;
        if (values) {
            values->name = spec.name;
            m_match.matched.push_back(std::move(*values));
        } else if (tensor.shape != spec.shape) {
            m_match.otherShape.push_back(
                fmt::format("{} is {}, wanted {}", spec.name, sizesOf(tensor.shape), sizesOf(spec.shape)));
        } else {
            m_match.otherShape.push_back(
                fmt::format("{} is of type {}, wanted F32", spec.name, dtypeName(tensor.type)));
        }
    }

    const LoweredModel& m_model;
    std::optional<int> m_head;
    std::map<std::string, const NamedTensor*> m_found; ///< those not used yet, without the prefix
    WeightMatch m_match;
};

} // namespace

std::optional<int> headNode(const LoweredModel& model)
{
    for (std::size_t index = model.nodes.size(); index > 0; --index) {
        const LoweredNode& node = model.nodes[index - 1];
        if (node.parameters.empty())
            continue;
        const Shape& shape = node.parameters.front().shape;
        const bool ofClasses = !shape.empty() && shape.front() == model.classes;
        return ofClasses ? std::optional<int>(static_cast<int>(index - 1)) : std::nullopt;
    }
    return std::nullopt;
}

std::string publishedAs(const std::string& model)
{
    for (const char* same : {"alexnet", "resnet18", "resnet34", "resnet50"})
        if (model == same)
            return model;
    return model == "mobilenetv2" ? "mobilenet_v2" : "";
}

WeightMatch matchWeights(const LoweredModel& model, const std::vector<NamedTensor>& tensors)
{
    return Matching(model, tensors).run();
}

namespace {

/// "a, b, c …"
std::string firstNames(const std::vector<std::string>& names)
{
    constexpr std::size_t shown = 3;
    std::vector<std::string> first;
    for (std::size_t i = 0; i < std::min(shown, names.size()); ++i)
        first.push_back(shortened(names[i], 60));
    return joined(first, ", ") + (names.size() > shown ? " …" : "");
}

} // namespace

std::string matchSummary(const WeightMatch& match, const LoweredModel& model)
{
    std::string text = fmt::format("{} of {} tensors matched", match.matched.size(), match.wanted);
    if (!match.newHead.empty())
        text += fmt::format(", {} is new for {} classes", match.newHead, model.classes);
    if (!match.leftOver.empty())
        text += fmt::format(", {} left over ({})", match.leftOver.size(), firstNames(match.leftOver));
    if (!match.prefix.empty())
        text += fmt::format(", '{}' taken off their names", match.prefix);
    return text;
}

std::string matchTrouble(const WeightMatch& match)
{
    constexpr std::size_t shown = 3;
    std::vector<std::string> all;
    for (const std::string& each : match.otherShape)
        all.push_back(shortened(each, 160));
    for (const std::string& each : match.missing)
        all.push_back(shortened(each, 120) + " is missing");
    if (all.empty())
        return {};
    const std::size_t more = all.size() > shown ? all.size() - shown : 0;
    all.resize(all.size() - more);
    const std::string text = joined(all, "; ");
    return more == 0 ? text : fmt::format("{}; and {} more", text, more);
}

} // namespace torchdesk
