// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/augment/augmenter.h"
#include "tests/support/testsupport.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <thread>

using namespace torchdesk;
using namespace torchdesk::augment;

namespace {

using Pixels = std::vector<float>;

Preprocessing colourPictures(std::int64_t side)
{
    Preprocessing preprocessing;
    preprocessing.shape = {3, side, side};
    preprocessing.mean = {0.4, 0.5, 0.6};
    preprocessing.deviation = {0.2, 0.25, 0.3};
    return preprocessing;
}

std::vector<std::uint8_t> someBytes(std::size_t count)
{
    Random random(5, Purpose::Verification);
    std::vector<std::uint8_t> bytes(count);
    for (std::uint8_t& byte : bytes)
        byte = static_cast<std::uint8_t>(random.below(256));
    return bytes;
}

Augmentation everything()
{
    Augmentation all;
    all.flip = "both";
    all.shift = 0.1;
    all.cropPadding = 2;
    all.resizedCrop = 0.5;
    all.rotate = 15;
    all.brightness = all.contrast = all.saturation = 0.4;
    all.noise = 0.05;
    all.erasing = 0.5;
    return all;
}

constexpr std::int64_t manySamples = 61;

/// All samples of epoch 1 by \p threads threads in chunks of \p size.
Pixels filled(int threads, std::size_t size)
{
    const Augmenter augmenter(everything(), colourPictures(16), 9);
    const std::size_t elements = augmenter.shape().elements();
    const auto samples = someBytes(manySamples * elements);
    std::vector<std::int64_t> indices(manySamples);
    std::iota(indices.rbegin(), indices.rend(), 0);
    Pixels out(samples.size());
    std::vector<std::jthread> workers;
    for (int t = 0; t < threads; ++t)
        workers.emplace_back([&, t] {
            for (std::size_t first = static_cast<std::size_t>(t) * size; first < indices.size();
                 first += size * static_cast<std::size_t>(threads)) {
                const auto chunk = std::span(indices).subspan(first, std::min(size, indices.size() - first));
                augmenter.fill(samples, chunk, 1, out.data() + first * elements);
            }
        });
    workers.clear();
    return out;
}

} // namespace

class TestAugmenter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutKindsItNormalises();
    void threadsAndBatchesDoNotMatter();
    void epochsAndSeedsDiffer();
    void betaHasItsMoments();
    void mixupBlends();
    void cutmixPastes();
    void eachBatchGetsOneOfBoth();
    void bytesShowWhatTheNetworkSees();
};

void TestAugmenter::withoutKindsItNormalises()
{
    const Preprocessing preprocessing = colourPictures(4);
    const auto samples = someBytes(3 * 48);
    const std::vector<std::int64_t> indices = {2, 0};
    Pixels out(96);
    Augmenter({}, preprocessing, 1).fill(samples, indices, 1, out.data());
    std::vector<std::uint8_t> chosen(samples.begin() + 96, samples.end());
    chosen.insert(chosen.end(), samples.begin(), samples.begin() + 48);
    Pixels wanted(96);
    normalise(preprocessing, chosen, wanted);
    for (std::size_t i = 0; i < out.size(); ++i)
        QVERIFY(std::abs(out[i] - wanted[i]) < 1e-6f);
}

void TestAugmenter::threadsAndBatchesDoNotMatter()
{
    const Pixels one = filled(1, manySamples);
    QVERIFY(filled(2, 8) == one);
    QVERIFY(filled(7, 3) == one);
    QVERIFY(filled(1, 1) == one);
}

void TestAugmenter::epochsAndSeedsDiffer()
{
    Augmentation turned;
    turned.rotate = 30;
    const auto samples = someBytes(768);
    const std::vector<std::int64_t> index = {0};
    const auto picture = [&](std::uint64_t seed, std::uint64_t epoch) {
        Pixels out(768);
        Augmenter(turned, colourPictures(16), seed).fill(samples, index, epoch, out.data());
        return out;
    };
    QVERIFY(picture(1, 1) == picture(1, 1));
    QVERIFY(picture(1, 1) != picture(1, 2));
    QVERIFY(picture(1, 1) != picture(2, 1));
}

// Beta(a, a): mean 1/2, variance 1 / (4 (2a + 1)).
void TestAugmenter::betaHasItsMoments()
{
    for (const double alpha : {0.001, 0.2, 1.0, 4.0}) {
        constexpr int draws = 40'000;
        double sum = 0;
        double squares = 0;
        Random random(1, Purpose::Verification);
        for (int i = 0; i < draws; ++i) {
            const double value = drawBeta(alpha, random);
            QVERIFY(value >= 0 && value <= 1);
            sum += value;
            squares += value * value;
        }
        const double mean = sum / draws;
        QVERIFY2(std::abs(mean - 0.5) < 0.011, std::to_string(alpha).c_str());
        const double variance = squares / draws - mean * mean;
        QVERIFY2(std::abs(variance - 1 / (4 * (2 * alpha + 1))) < 0.003, std::to_string(alpha).c_str());
    }
}

void TestAugmenter::mixupBlends()
{
    Mix blend;
    blend.partners = {1, 2, 0};
    blend.share = 0.75;
    blend.box = {0, 0, 2, 1};
    Pixels pictures = {0, 4, 8, 12, 16, 100};
    Pixels scratch;
    mix(blend, {1, 1, 2}, pictures, scratch);
    QCOMPARE(pictures, (Pixels{2, 6, 10, 34, 12, 76}));
}

void TestAugmenter::cutmixPastes()
{
    Mix paste;
    paste.partners = {1, 0};
    paste.paste = true;
    paste.box = {1, 0, 1, 2};
    // Two pictures of two channels, 2 × 2.
    Pixels pictures = {1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16, 17, 18};
    Pixels scratch;
    mix(paste, {2, 2, 2}, pictures, scratch);
    QCOMPARE(pictures, (Pixels{1, 12, 3, 14, 5, 16, 7, 18, 11, 2, 13, 4, 15, 6, 17, 8}));
    Augmentation plan;
    plan.cutmix = 1;
    const PictureShape shape{1, 32, 32};
    for (std::uint32_t i = 0; i < 200; ++i) {
        const Mix drawn = drawMix(plan, shape, 8, {1, 1, i});
        QVERIFY(drawn.active() && drawn.paste);
        QVERIFY(drawn.box.left >= 0 && drawn.box.left + drawn.box.width <= 32);
        QVERIFY(drawn.box.top >= 0 && drawn.box.top + drawn.box.height <= 32);
        QCOMPARE(drawn.share, 1 - drawn.box.width * drawn.box.height / 1024.0);
    }
}

void TestAugmenter::eachBatchGetsOneOfBoth()
{
    const PictureShape shape{1, 8, 8};
    QVERIFY(!drawMix({}, shape, 8, {1, 1, 0}).active());
    Augmentation plan;
    plan.mixup = 0.4;
    QVERIFY(!drawMix(plan, shape, 8, {1, 1, 0}).paste);
    QVERIFY(!drawMix(plan, shape, 1, {1, 1, 0}).active()); // no partner
    plan.cutmix = 1;
    int pasted = 0;
    for (std::uint32_t i = 0; i < 400; ++i) {
        const Mix drawn = drawMix(plan, shape, 4, {1, 1, i});
        pasted += drawn.paste ? 1 : 0;
        std::vector<std::int64_t> sorted = drawn.partners;
        std::sort(sorted.begin(), sorted.end());
        QCOMPARE(sorted, (std::vector<std::int64_t>{0, 1, 2, 3}));
    }
    QVERIFY(pasted > 150 && pasted < 250);
}

void TestAugmenter::bytesShowWhatTheNetworkSees()
{
    const Preprocessing preprocessing = colourPictures(4);
    const auto samples = someBytes(2 * 48);
    const std::vector<std::int64_t> both = {0, 1};
    QCOMPARE(augmentedBytes({}, preprocessing, 1, 1, samples, both), samples);
    Augmentation turned;
    turned.flip = "horizontal";
    turned.rotate = 45;
    const auto first = augmentedBytes(turned, preprocessing, 1, 1, samples, both);
    QVERIFY(first != samples);
    QCOMPARE(augmentedBytes(turned, preprocessing, 1, 1, samples, both), first);
    QVERIFY(augmentedBytes(turned, preprocessing, 1, 2, samples, both) != first);
}

QTEST_APPLESS_MAIN(TestAugmenter)
#include "tst_augmenter.moc"
