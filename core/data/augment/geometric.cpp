// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/augment/geometric.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace torchdesk::augment {

namespace {

constexpr int cropTries = 10;
constexpr double narrowest = 3.0 / 4.0;
constexpr double widest = 4.0 / 3.0;

int whole(double value)
{
    return static_cast<int>(std::lround(value));
}

int below(Random& random, int count)
{
    return static_cast<int>(random.below(static_cast<std::uint32_t>(count)));
}

Box middleBox(const PictureShape& shape)
{
    Box box{0, 0, shape.width, shape.height};
    if (shape.width < narrowest * shape.height)
        box.height = std::max(1, whole(shape.width / narrowest));
    else if (shape.width > widest * shape.height)
        box.width = std::max(1, whole(shape.height * widest));
    box.left = (shape.width - box.width) / 2;
    box.top = (shape.height - box.height) / 2;
    return box;
}

AffineMap drawCrop(std::int64_t padding, Random random)
{
    const int border = static_cast<int>(padding);
    const int left = below(random, 2 * border + 1) - border;
    const int top = below(random, 2 * border + 1) - border;
    return shifted(-left, -top);
}

AffineMap drawFlip(const std::string& flip, const PictureShape& shape, Random random)
{
    const std::uint32_t bits = random.next() >> 30; // the upper ones are as good as any
    return flipped(shape, (bits & 1) != 0, flip == "both" && (bits & 2) != 0);
}

// Whole pixels, as torchvision's RandomAffine: nothing is blurred by a shift.
AffineMap drawShift(double share, const PictureShape& shape, Random random)
{
    const int right = whole(uniformIn(random, -share, share) * shape.width);
    const int down = whole(uniformIn(random, -share, share) * shape.height);
    return shifted(right, down);
}

} // namespace

AffineMap flipped(const PictureShape& shape, bool horizontally, bool vertically)
{
    AffineMap map;
    if (horizontally) {
        map.xx = -1;
        map.x0 = shape.width - 1;
    }
    if (vertically) {
        map.yy = -1;
        map.y0 = shape.height - 1;
    }
    return map;
}

AffineMap shifted(int right, int down)
{
    AffineMap map;
    map.x0 = -right;
    map.y0 = -down;
    return map;
}

AffineMap rotated(const PictureShape& shape, double degrees)
{
    const double angle = degrees * std::numbers::pi / 180;
    const double x = (shape.width - 1) / 2.0;
    const double y = (shape.height - 1) / 2.0;
    AffineMap map;
    map.xx = map.yy = std::cos(angle);
    map.yx = std::sin(angle);
    map.xy = -map.yx;
    map.x0 = x - map.xx * x - map.xy * y;
    map.y0 = y - map.yx * x - map.yy * y;
    return map;
}

AffineMap cropped(const PictureShape& shape, const Box& box)
{
    AffineMap map;
    map.xx = static_cast<double>(box.width) / shape.width;
    map.yy = static_cast<double>(box.height) / shape.height;
    map.x0 = box.left + 0.5 * map.xx - 0.5;
    map.y0 = box.top + 0.5 * map.yy - 0.5;
    return map;
}

Box drawCropBox(const PictureShape& shape, double leastArea, Random random)
{
    const auto area = static_cast<double>(shape.plane());
    for (int i = 0; i < cropTries; ++i) {
        const double wanted = area * uniformIn(random, leastArea, 1);
        const double proportion = std::exp(uniformIn(random, std::log(narrowest), std::log(widest)));
        const int width = whole(std::sqrt(wanted * proportion));
        const int height = whole(std::sqrt(wanted / proportion));
        if (width < 1 || height < 1 || width > shape.width || height > shape.height)
            continue;
        const int left = below(random, shape.width - width + 1);
        const int top = below(random, shape.height - height + 1);
        return {left, top, width, height};
    }
    return middleBox(shape);
}

AffineMap drawMap(const Augmentation& a, const PictureShape& shape, const Turn& turn)
{
    AffineMap map;
    if (a.resizedCrop < 1)
        map = then(map, cropped(shape, drawCropBox(shape, a.resizedCrop, stream(turn, Kind::ResizedCrop))));
    if (a.cropPadding > 0)
        map = then(map, drawCrop(a.cropPadding, stream(turn, Kind::Crop)));
    if (a.flip != "off")
        map = then(map, drawFlip(a.flip, shape, stream(turn, Kind::Flip)));
    if (a.rotate > 0) {
        Random random = stream(turn, Kind::Rotate);
        map = then(map, rotated(shape, uniformIn(random, -a.rotate, a.rotate)));
    }
    if (a.shift > 0)
        map = then(map, drawShift(a.shift, shape, stream(turn, Kind::Shift)));
    return map;
}

} // namespace torchdesk::augment
