// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/layers/support.h"

#include "core/base/text.h"

#include <fmt/format.h>
#include <limits>

namespace torchdesk::layers {

namespace {

AttributeSpec numeric(std::string name, AttributeSpec::Kind kind, double least, double most,
                      std::optional<Attribute> byDefault)
{
    AttributeSpec spec;
    spec.name = std::move(name);
    spec.kind = kind;
    spec.least = least;
    spec.most = most;
    spec.byDefault = std::move(byDefault);
    return spec;
}

Initialisation ofWeight(const std::string& word)
{
    if (word == "glorot")
        return Initialisation::GlorotUniform;
    if (word == "kaiming_normal")
        return Initialisation::KaimingNormal;
    if (word == "kaiming_normal_in")
        return Initialisation::FanInNormal;
    return word == "normal" ? Initialisation::SmallNormal : Initialisation::KaimingUniform;
}

} // namespace

AttributeSpec integer(std::string name, double least, double most, std::optional<Attribute> byDefault)
{
    return numeric(std::move(name), AttributeSpec::Kind::Integer, least, most, std::move(byDefault));
}

AttributeSpec pair(std::string name, double least, double most, std::optional<Attribute> byDefault)
{
    return numeric(std::move(name), AttributeSpec::Kind::Pair, least, most, std::move(byDefault));
}

AttributeSpec real(std::string name, double least, double most, double byDefault)
{
    return numeric(std::move(name), AttributeSpec::Kind::Real, least, most, Attribute(byDefault));
}

AttributeSpec boolean(std::string name, bool byDefault)
{
    return numeric(std::move(name), AttributeSpec::Kind::Boolean, 0, 1, Attribute(byDefault));
}

AttributeSpec initialisation()
{
    AttributeSpec spec;
    spec.name = "initialisation";
    spec.kind = AttributeSpec::Kind::Text;
    spec.byDefault = std::string("kaiming");
    spec.words = {"glorot", "kaiming", "kaiming_normal", "kaiming_normal_in", "normal"};
    return spec;
}

std::int64_t product(const Shape& sizes)
{
    return elementCount(sizes).value_or(std::numeric_limits<std::int64_t>::max());
}

std::string briefPair(const Pair& pair)
{
    return pair[0] == pair[1] ? fmt::format("{}", pair[0]) : shapeText(pair);
}

std::string pythonPair(const Pair& pair)
{
    return pair[0] == pair[1] ? fmt::format("{}", pair[0]) : fmt::format("({}, {})", pair[0], pair[1]);
}

Expected<Shape> windowed(const Shape& input, const Pair& kernel, const Pair& stride, const Pair& padding)
{
    if (input.size() != 3)
        return failure(
            ErrorKind::InvalidInput,
            fmt::format(
                "found an input of {}, wanted channels×rows×columns: put this layer before the flatten",
                shapeText(input)));
    Shape output = {input[0], 0, 0};
    for (std::size_t axis = 0; axis < 2; ++axis) {
        const std::int64_t room = input[axis + 1] + 2 * padding[axis] - kernel[axis];
        if (room < 0) {
            const bool padded = padding != Pair{0, 0};
            return failure(ErrorKind::InvalidInput,
                           fmt::format("a window of {} does not fit an input of {}{}", shapeText(kernel),
                                       shapeText(input),
                                       padded ? fmt::format(" with padding {}", briefPair(padding)) : ""));
        }
        output[axis + 1] = room / stride[axis] + 1;
    }
    return output;
}

void addWeightAndBias(LoweredNode& node, Shape weight, std::int64_t fanIn, std::int64_t fanOut)
{
    const std::string& word = node.attribute<std::string>("initialisation");
    const std::int64_t outputs = weight[0];
    node.parameters = {{node.name + ".weight", std::move(weight), ofWeight(word), fanIn, fanOut}};
    // PyTorch begins a bias with the weight's fan-in; Keras and torchvision with zeros.
    if (node.attribute<bool>("bias"))
        node.parameters.push_back({node.name + ".bias",
                                   {outputs},
                                   word == "kaiming" ? Initialisation::FanInUniform : Initialisation::Zeros,
                                   fanIn,
                                   fanOut});
}

Expected<void> keepShape(LoweredNode& node, const Shape& input)
{
    node.output = input;
    return {};
}

} // namespace torchdesk::layers
