// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <string_view>

namespace torchdesk {

/// What a kind of layer does; boxes of one family have one colour.
enum class LayerFamily
{
    Convolution,
    Normalisation,
    Activation,
    Pooling,
    Linear,
    Join, ///< add, concat
    Other ///< input, dropout, flatten …
};

/// By the words in the kind ("adaptiveavgpool2d" is pooling), so that new kinds find their family.
LayerFamily familyOf(std::string_view kind);

/// From the colours of Okabe and Ito, which people with any of the common forms of colour blindness tell
/// apart; lighter on a dark panel. Never the only carrier of a meaning: the kind stands in the box.
QColor familyColour(LayerFamily family, bool dark);

} // namespace torchdesk
