// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/gathernormalise.h"

namespace torchdesk {

namespace {

/// One channel of one sample; a loop this plain becomes vector code.
void normaliseChannel(const std::uint8_t* from, std::int64_t pixels, float factor, float offset, float* to)
{
    for (std::int64_t pixel = 0; pixel < pixels; ++pixel)
        to[pixel] = static_cast<float>(from[pixel]) * factor + offset;
}

} // namespace

void gatherNormalise(const GatherArguments& a)
{
    const std::int64_t elements = a.channels * a.pixels;
    for (std::int64_t i = 0; i < a.count; ++i) {
        const std::uint8_t* from = a.samples + a.indices[i] * elements;
        float* to = a.out + i * elements;
        for (std::int64_t c = 0; c < a.channels; ++c)
            normaliseChannel(from + c * a.pixels, a.pixels, a.factor[c], a.offset[c], to + c * a.pixels);
    }
}

} // namespace torchdesk
