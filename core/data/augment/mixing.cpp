// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/augment/mixing.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace torchdesk::augment {

namespace {

/// The logarithm of a Gamma(shape) of scale 1. For a shape below 1 a larger one is drawn and shrunk by
/// U^(1 / shape), as the paper says.
double drawLogGamma(double shape, Random& random)
{
    // 1 - uniform is in (0, 1], so that its logarithm is finite.
    const double shrunk = shape < 1 ? std::log(1 - random.uniformDouble()) / shape : 0;
    const double d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3.0;
    const double c = 1 / std::sqrt(9 * d);
    while (true) {
        const double x = random.normal();
        const double root = 1 + c * x;
        if (root <= 0)
            continue;
        const double v = root * root * root;
        if (std::log(1 - random.uniformDouble()) < 0.5 * x * x + d - d * v + d * std::log(v))
            return std::log(d * v) + shrunk;
    }
}

int placed(double place, int size)
{
    return std::clamp(static_cast<int>(place), 0, size);
}

/// A box of 1 - share of the area around a random pixel, cut at the edges; share becomes what is left.
void drawCutBox(Mix& mix, const PictureShape& shape, Random& random)
{
    const double side = std::sqrt(1 - mix.share);
    const int halfWidth = static_cast<int>(shape.width * side / 2);
    const int halfHeight = static_cast<int>(shape.height * side / 2);
    const auto x = static_cast<int>(random.below(static_cast<std::uint32_t>(shape.width)));
    const auto y = static_cast<int>(random.below(static_cast<std::uint32_t>(shape.height)));
    const int left = placed(x - halfWidth, shape.width);
    const int top = placed(y - halfHeight, shape.height);
    mix.box = {left, top, placed(x + halfWidth, shape.width) - left,
               placed(y + halfHeight, shape.height) - top};
    mix.share = 1 - static_cast<double>(mix.box.width) * mix.box.height / static_cast<double>(shape.plane());
}

/// Calls \p work with each row of the box in each channel of each picture, as the offset of its first value.
template <class Work>
void forEachRow(const Box& box, const PictureShape& shape, std::size_t count, Work work)
{
    const auto width = static_cast<std::size_t>(shape.width);
    for (std::size_t picture = 0; picture < count; ++picture)
        for (std::size_t c = 0; c < static_cast<std::size_t>(shape.channels); ++c)
            for (int y = box.top; y < box.top + box.height; ++y)
                work(picture, picture * shape.elements() + c * shape.plane() +
                                  static_cast<std::size_t>(y) * width + static_cast<std::size_t>(box.left));
}

} // namespace

double drawBeta(double alpha, Random& random)
{
    const double first = drawLogGamma(alpha, random);
    const double second = drawLogGamma(alpha, random);
    return 1 / (1 + std::exp(second - first));
}

Mix drawMix(const Augmentation& a, const PictureShape& shape, std::int64_t count, const Turn& turn)
{
    Mix mix;
    if (!a.mixes() || count < 2)
        return mix;
    Random random = stream(turn, Kind::Mix);
    const bool coin = (random.next() >> 31) != 0;
    mix.paste = a.mixup > 0 && a.cutmix > 0 ? coin : a.cutmix > 0;
    mix.share = drawBeta(mix.paste ? a.cutmix : a.mixup, random);
    mix.box = {0, 0, shape.width, shape.height};
    if (mix.paste)
        drawCutBox(mix, shape, random);
    mix.partners = permutation(count, random);
    return mix;
}

void mix(const Mix& mix, const PictureShape& shape, std::span<float> pictures, std::vector<float>& scratch)
{
    const std::size_t count = mix.partners.size();
    assert(pictures.size() >= count * shape.elements());
    const auto length = static_cast<std::size_t>(mix.box.width);
    const std::size_t rows =
        static_cast<std::size_t>(shape.channels) * static_cast<std::size_t>(mix.box.height);
    scratch.resize(std::max(scratch.size(), count * rows * length));
    std::size_t kept = 0;
    forEachRow(mix.box, shape, count, [&](std::size_t, std::size_t at) {
        std::copy_n(pictures.data() + at, length, scratch.data() + kept);
        kept += length;
    });
    const float own = mix.paste ? 0.0f : static_cast<float>(mix.share);
    const float others = 1 - own;
    std::size_t row = 0;
    forEachRow(mix.box, shape, count, [&](std::size_t picture, std::size_t at) {
        const std::size_t partner = static_cast<std::size_t>(mix.partners[picture]) * rows + row++ % rows;
        const float* other = scratch.data() + partner * length;
        float* target = pictures.data() + at;
        for (std::size_t x = 0; x < length; ++x)
            target[x] = own * target[x] + others * other[x];
    });
}

} // namespace torchdesk::augment
