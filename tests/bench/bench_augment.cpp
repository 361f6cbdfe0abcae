// SPDX-License-Identifier: GPL-3.0-or-later
// How long the pictures of an augmented epoch take: bench_augment THREADS. Prints microseconds a sample; what
// a batch does with several threads is done here in the same chunks.
#include "core/base/text.h"
#include "core/data/augment/augmenter.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <numeric>
#include <thread>

using namespace torchdesk;

namespace {

constexpr std::int64_t samplesAtOnce = 256;

Preprocessing imageNetLike(std::int64_t side)
{
    Preprocessing preprocessing;
    preprocessing.shape = {3, side, side};
    preprocessing.mean = {0.485, 0.456, 0.406};
    preprocessing.deviation = {0.229, 0.224, 0.225};
    return preprocessing;
}

/// The best of several rounds, in microseconds a sample.
double microseconds(const Augmentation& augmentation, std::int64_t side, std::size_t threads)
{
    const Augmenter augmenter(augmentation, imageNetLike(side), 1);
    const std::size_t elements = augmenter.shape().elements();
    std::vector<std::uint8_t> samples(samplesAtOnce * elements);
    Random random(1, Purpose::Verification);
    std::ranges::generate(samples, [&] { return static_cast<std::uint8_t>(random.next()); });
    std::vector<std::int64_t> indices(samplesAtOnce);
    std::iota(indices.begin(), indices.end(), std::int64_t{0});
    std::vector<float> out(samples.size());
    const std::size_t chunk = (indices.size() + threads - 1) / threads;
    double best = 1e30;
    for (std::uint64_t round = 1; round <= (side < 100 ? 20 : 4); ++round) {
        const auto start = std::chrono::steady_clock::now();
        {
            std::vector<std::jthread> workers;
            for (std::size_t first = 0; first < indices.size(); first += chunk)
                workers.emplace_back([&, first] {
                    const auto own =
                        std::span(indices).subspan(first, std::min(chunk, indices.size() - first));
                    augmenter.fill(samples, own, round, out.data() + first * elements);
                });
        }
        const std::chrono::duration<double, std::micro> taken = std::chrono::steady_clock::now() - start;
        best = std::min(best, taken.count() / samplesAtOnce);
    }
    return best;
}

void report(const char* what, const Augmentation& augmentation, std::int64_t side, std::size_t threads)
{
    std::printf("%s %s us a sample\n", what, toText(microseconds(augmentation, side, threads)).c_str());
}

} // namespace

int main(int argc, char** argv)
{
    const auto threads = static_cast<std::size_t>(toUnsigned(argc > 1 ? argv[1] : "1").value_or(1));
    Augmentation cifar;
    cifar.flip = "horizontal";
    cifar.cropPadding = 4;
    Augmentation folder;
    folder.flip = "horizontal";
    folder.resizedCrop = 0.08;
    report("flip, crop with padding, 32", cifar, 32, std::max<std::size_t>(threads, 1));
    report("flip, resized crop, 224", folder, 224, std::max<std::size_t>(threads, 1));
    folder.rotate = 15;
    report("flip, resized crop, rotation, 224", folder, 224, std::max<std::size_t>(threads, 1));
    folder = {};
    folder.brightness = folder.contrast = folder.saturation = 0.4;
    report("colours, 224", folder, 224, std::max<std::size_t>(threads, 1));
    return 0;
}
