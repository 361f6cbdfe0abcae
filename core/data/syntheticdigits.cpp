// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/syntheticdigits.h"

#include "core/base/philox.h"
#include "core/base/sha256.h"
#include "core/data/digitpen.h"
#include "core/data/digitstrokes.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <system_error>
#include <thread>

namespace torchdesk {

namespace {

using Point = DigitPen::Point;

constexpr std::uint64_t drawnSeed = 0x546f726368446967; // "TorchDig"
constexpr std::uint32_t trainCount = 60'000;
constexpr std::uint32_t testCount = 10'000;
constexpr std::size_t pictureBytes = DigitPen::side * DigitPen::side;
constexpr std::uint32_t digits = 10;

/// Streams of the two parts: pictures 0 and 1, labels 2 and 3.
Random streamOf(bool test, bool labels, std::uint32_t index)
{
    return {drawnSeed, Purpose::DrawnDigits, (labels ? 2u : 0u) + (test ? 1u : 0u), index};
}

std::int32_t between(Random& random, std::int32_t least, std::int32_t most)
{
    return least + static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(most - least + 1)));
}

/// Around 0, small values more often, never beyond \p most.
std::int32_t spread(Random& random, std::int32_t most)
{
    const std::int32_t first = between(random, -most, most);
    return (first + between(random, -most, most)) / 2;
}

/// How one picture is written: everything that varies but the knots. Shares are in 1/65536.
struct Hand
{
    explicit Hand(Random& random);

    std::int32_t wobble; ///< of a knot, in 1/256 of the model's units
    std::int32_t ends;   ///< the same for where the pen is put down and lifted
    std::int32_t bend;   ///< curves the upright
    std::int32_t height; ///< of the digit, in 1/128 pixel
    std::int32_t aspect;
    std::int32_t turn; ///< radians
    std::int32_t slant;
    Point shift;
    std::int32_t pressure; ///< how much it varies, of 256
    std::int32_t grain;    ///< noise on the ink, of 256
    DigitPen::Ink ink;
};

Hand::Hand(Random& random)
{
    // Most write neatly, two in seven do not.
    const bool careless = random.below(7) < 2;
    const std::int32_t care = careless ? between(random, 14, 26) : between(random, 5, 15);
    wobble = care * 256;
    ends = wobble * 3 / 2;
    bend = spread(random, 12000);
    height = between(random, 16 * 128, 21 * 128);
    aspect = between(random, 46000, 80000);
    turn = spread(random, 24000);
    slant = spread(random, 26000) + 6000;
    shift.x = spread(random, 3 * 128);
    shift.y = spread(random, 3 * 128);
    pressure = between(random, 0, 60);
    grain = between(random, 0, 52);
    ink.radius = between(random, 84, 196);
    ink.softness = between(random, 128, 210);
    ink.brightness = between(random, 225, 255);
}

/// The hand's affine change, from model units (1/256) to 1/128 pixel. Whole numbers only.
class Placement
{
public:
    explicit Placement(const Hand& hand) : m_shift(hand.shift)
    {
        const std::int64_t a = hand.turn;
        const std::int64_t square = a * a >> 16;
        const std::int64_t sine = a - (square * a >> 16) / 6;
        const std::int64_t cosine = 65536 - square / 2 + (square * square >> 16) / 24;
        const std::int64_t scale = (std::int64_t{hand.height} << 16) / (140 * 256);
        const std::int64_t across = scale * hand.aspect >> 16;
        const std::int64_t slanted = -(across * hand.slant >> 16);
        m_xx = across * cosine >> 16;
        m_xy = (slanted * cosine - scale * sine) >> 16;
        m_yx = across * sine >> 16;
        m_yy = (slanted * sine + scale * cosine) >> 16;
    }
    Point operator()(std::int64_t x, std::int64_t y) const
    {
        constexpr std::int32_t centre = DigitPen::side * DigitPen::pixel / 2;
        return {centre + m_shift.x + static_cast<std::int32_t>((m_xx * x + m_xy * y) >> 16),
                centre + m_shift.y + static_cast<std::int32_t>((m_yx * x + m_yy * y) >> 16)};
    }

private:
    std::int64_t m_xx, m_xy, m_yx, m_yy;
    Point m_shift;
};

/// A model's knots as one hand puts them on the field.
struct Path
{
    std::array<Point, mostKnots> points{};
    std::array<std::int32_t, mostKnots> pressures{};
    StrokeModel model;

    bool isEnd(std::size_t i) const
    {
        return model[i].kind == Knot::Begin || i + 1 == model.size() || model[i + 1].kind == Knot::Begin;
    }
    /// The direction in which the pen passes knot \p i on its way between \p from and from + 1 (Catmull-Rom;
    /// at corners and ends along the chord).
    Point direction(std::size_t i, std::size_t from) const
    {
        if (model[i].kind == Knot::Corner || isEnd(i))
            return {points[from + 1].x - points[from].x, points[from + 1].y - points[from].y};
        return {(points[i + 1].x - points[i - 1].x) / 2, (points[i + 1].y - points[i - 1].y) / 2};
    }
};

Path write(StrokeModel model, const Hand& hand, Random& random)
{
    Path path;
    path.model = model;
    const Placement place(hand);
    for (std::size_t i = 0; i < model.size(); ++i) {
        const std::int32_t wobble = path.isEnd(i) ? hand.ends : hand.wobble;
        std::int32_t x = (model[i].x - 50) * 256;
        const std::int32_t y = (model[i].y - 70) * 256 + spread(random, wobble);
        x += spread(random, wobble) +
             static_cast<std::int32_t>((std::int64_t{y} * y / (70 * 256) * hand.bend) >> 16);
        path.points[i] = place(x, y);
        path.pressures[i] = 256 + spread(random, hand.pressure);
    }
    return path;
}

/// One span of the path, as a cubic Hermite curve in a few straight pieces.
void drawSpan(DigitPen& pen, const Path& path, std::size_t from)
{
    const bool straight = path.model[from].kind != Knot::Smooth && path.model[from + 1].kind == Knot::Corner;
    const std::int32_t n = straight ? 2 : 5;
    const Point p = path.points[from];
    const Point q = path.points[from + 1];
    const Point u = path.direction(from, from);
    const Point v = path.direction(from + 1, from);
    Point last = p;
    for (std::int32_t k = 1; k <= n; ++k) {
        const std::int32_t h10 = k * (k - n) * (k - n);
        const std::int32_t h01 = k * k * (3 * n - 2 * k);
        const std::int32_t h11 = k * k * (k - n);
        const std::int32_t n3 = n * n * n;
        const Point next = {p.x + (h10 * u.x + h01 * (q.x - p.x) + h11 * v.x) / n3,
                            p.y + (h10 * u.y + h01 * (q.y - p.y) + h11 * v.y) / n3};
        const std::int32_t pressure = (path.pressures[from] * (n - k) + path.pressures[from + 1] * k) / n;
        pen.line(last, next, pressure);
        last = next;
    }
}

void roughen(std::span<std::uint8_t> picture, std::int32_t grain, Random& random)
{
    for (std::uint8_t& value : picture) {
        if (value > 0)
            value = static_cast<std::uint8_t>(value - (value * between(random, 0, grain) >> 8));
    }
}

struct Job
{
    std::vector<std::uint8_t> samples;
    std::vector<std::int64_t> labels;
};

/// Both parts as one row of numbers: training first.
constexpr std::uint32_t allCount = trainCount + testCount;
constexpr std::uint32_t blockCount = 500; ///< pictures that a thread takes at a time

void drawBlock(Job& train, Job& test, std::uint32_t first)
{
    for (std::uint32_t i = first; i < first + blockCount; ++i) {
        const bool isTest = i >= trainCount;
        Job& job = isTest ? test : train;
        const std::uint32_t number = isTest ? i - trainCount : i;
        drawDigit(isTest, number, std::span(job.samples).subspan(number * pictureBytes, pictureBytes));
        job.labels[number] = drawnLabel(isTest, number);
    }
}

void drawAll(Job& train, Job& test, const Progress& progress, const std::stop_token& stop, int threads)
{
    static_assert(trainCount % blockCount == 0 && testCount % blockCount == 0);
    std::atomic<std::uint32_t> next = 0;
    const auto work = [&](const Progress& report) {
        for (std::uint32_t first = 0;
             !stop.stop_requested() && (first = next.fetch_add(blockCount)) < allCount;) {
            if (report)
                report(static_cast<double>(first) / allCount, "drawing digits");
            drawBlock(train, test, first);
        }
    };
    std::vector<std::jthread> others;
    try {
        for (int i = 1; i < threads; ++i)
            others.emplace_back([&work] { work({}); });
    } catch (const std::system_error&) {
        // No more threads are to be had: those that run do the work.
    }
    work(progress);
}

std::string fingerprintOf(const Job& train, const Job& test)
{
    Sha256 hash;
    for (const Job* job : {&train, &test}) {
        hash.add(std::as_bytes(std::span(job->samples)));
        const std::vector<std::uint8_t> labels(job->labels.begin(), job->labels.end());
        hash.add(std::as_bytes(std::span(labels)));
    }
    return hash.finish();
}

} // namespace

std::int64_t drawnLabel(bool test, std::uint32_t number)
{
    // Each ten pictures in a row show the ten digits in a random order, so that the classes are of equal
    // size.
    Random random = streamOf(test, true, number / digits);
    std::array<std::uint8_t, digits> order = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    for (std::uint32_t left = digits; left > 1; --left)
        std::swap(order[left - 1], order[random.below(left)]);
    return order[number % digits];
}

void drawDigit(bool test, std::uint32_t number, std::span<std::uint8_t> out)
{
    assert(out.size() == pictureBytes);
    Random random = streamOf(test, false, number);
    const auto models = strokeModels(static_cast<int>(drawnLabel(test, number)));
    const StrokeModel model = models[random.below(static_cast<std::uint32_t>(models.size()))];
    const Hand hand(random);
    const Path path = write(model, hand, random);
    DigitPen pen(hand.ink);
    for (std::size_t i = 0; i + 1 < model.size(); ++i) {
        if (model[i + 1].kind != Knot::Begin)
            drawSpan(pen, path, i);
    }
    pen.render(out);
    roughen(out, hand.grain, random);
}

DataDescription drawnDigitsDescription()
{
    DataDescription description;
    description.name = "synthetic-digits";
    description.label = "Drawn digits (built in)";
    description.summary = "70,000 grey pictures of 28×28 in 10 classes, drawn by TorchDesk itself";
    description.classes = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    description.shape = {1, DigitPen::side, DigitPen::side};
    description.trainCount = trainCount;
    description.testCount = testCount;
    description.licence = "GPL-3.0-or-later (made by TorchDesk)";
    return description;
}

Expected<DataSet> drawDigits(const Progress& progress, std::stop_token stop, int threads)
{
    try {
        Job train{std::vector<std::uint8_t>(trainCount * pictureBytes),
                  std::vector<std::int64_t>(trainCount)};
        Job test{std::vector<std::uint8_t>(testCount * pictureBytes), std::vector<std::int64_t>(testCount)};
        const int cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
        drawAll(train, test, progress, stop, threads > 0 ? threads : cores);
        if (stop.stop_requested())
            return failure(ErrorKind::Cancelled, "Drawing the digits was stopped.");
        DataSet data;
        data.description = drawnDigitsDescription();
        data.description.fingerprint = fingerprintOf(train, test);
        data.train = std::make_shared<ResidentStore>(std::move(train.samples), std::move(train.labels));
        data.test = std::make_shared<ResidentStore>(std::move(test.samples), std::move(test.labels));
        if (progress)
            progress(1, "drawing digits");
        return data;
    } catch (const std::bad_alloc&) {
        return failure(ErrorKind::OutOfMemory,
                       "The drawn digits need 56 MB of memory, which could not be had.");
    }
}

} // namespace torchdesk
