// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/diagram/layerfamily.h"

#include <algorithm>
#include <array>
#include <utility>

namespace torchdesk {

namespace {

using FamilyWord = std::pair<std::string_view, LayerFamily>;

constexpr std::array<FamilyWord, 14> familyWords = {{
    {"conv", LayerFamily::Convolution},
    {"norm", LayerFamily::Normalisation},
    {"pool", LayerFamily::Pooling},
    {"linear", LayerFamily::Linear},
    {"embedding", LayerFamily::Linear},
    {"attention", LayerFamily::Linear},
    {"lu", LayerFamily::Activation}, // relu, gelu, elu, silu
    {"tanh", LayerFamily::Activation},
    {"sigmoid", LayerFamily::Activation},
    {"swish", LayerFamily::Activation},
    {"softmax", LayerFamily::Activation},
    {"add", LayerFamily::Join},
    {"concat", LayerFamily::Join},
    {"multiply", LayerFamily::Join},
}};

} // namespace

LayerFamily familyOf(std::string_view kind)
{
    const auto found = std::find_if(familyWords.begin(), familyWords.end(), [&](const FamilyWord& word) {
        return kind.find(word.first) != std::string_view::npos;
    });
    return found == familyWords.end() ? LayerFamily::Other : found->second;
}

QColor familyColour(LayerFamily family, bool dark)
{
    switch (family) {
    case LayerFamily::Convolution:
        return dark ? "#56b4e9" : "#0072b2";
    case LayerFamily::Normalisation:
        return dark ? "#f0e442" : "#b8a400";
    case LayerFamily::Activation:
        return dark ? "#f5b83d" : "#e69f00";
    case LayerFamily::Pooling:
        return dark ? "#2fc39b" : "#009e73";
    case LayerFamily::Linear:
        return dark ? "#f0904a" : "#d55e00";
    case LayerFamily::Join:
        return dark ? "#dd9dc0" : "#cc79a7";
    case LayerFamily::Other:
        break;
    }
    return dark ? "#6f7984" : "#98a1ab";
}

} // namespace torchdesk
