// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/predict/predictions.h"

#include "core/base/files.h"
#include "core/data/pictures/picture.h"
#include "core/device/systemmonitor.h"
#include "core/model/softmax.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <fmt/format.h>
#include <new>
#include <span>
#include <system_error>
#include <thread>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t groupOfPictures = 64;

/// One picture on its way: its bytes for the network, or its problem.
struct Prepared
{
    std::vector<std::uint8_t> sample;
    std::string problem;
};

Prepared prepare(const fs::path& file, const Preprocessing& preprocessing)
{
    try {
        const auto picture = readPicture(file, wishFor(preprocessing));
        if (!picture)
            return {{}, picture.error().message};
        return {toSample(*picture, preprocessing), {}};
    } catch (const std::bad_alloc&) {
        return {{}, fmt::format("{} does not fit into memory once decoded.", shown(file))};
    }
}

/// On all cores; what a stop leaves has neither sample nor problem.
std::vector<Prepared> prepareAll(std::span<const fs::path> files, const Preprocessing& preprocessing,
                                 const std::stop_token& stop)
{
    std::vector<Prepared> prepared(files.size());
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t i = next++; i < files.size() && !stop.stop_requested(); i = next++)
            prepared[i] = prepare(files[i], preprocessing);
    };
    std::vector<std::jthread> others;
    try {
        const auto threads = std::min(static_cast<std::size_t>(availableCores()), files.size());
        for (std::size_t i = 1; i < threads; ++i)
            others.emplace_back(work);
    } catch (const std::system_error&) {
        // Fewer threads do it too.
    }
    work();
    return prepared;
}

std::vector<RankedClass> topOf(std::span<const float> logits)
{
    if (logits.empty() ||
        !std::all_of(logits.begin(), logits.end(), [](float x) { return std::isfinite(x); }))
        return {};
    return ranked(softmax(logits), PicturePrediction::mostClasses);
}

/// The samples of one group, one after the other.
std::vector<std::uint8_t> joinedSamples(const std::vector<Prepared>& prepared)
{
    std::vector<std::uint8_t> samples;
    for (const Prepared& each : prepared)
        samples.insert(samples.end(), each.sample.begin(), each.sample.end());
    return samples;
}

Expected<std::vector<PicturePrediction>> predictGroup(Predictor& predictor,
                                                      const Preprocessing& preprocessing,
                                                      std::span<const fs::path> files,
                                                      const std::stop_token& stop)
{
    const std::vector<Prepared> prepared = prepareAll(files, preprocessing, stop);
    if (stop.stop_requested())
        return failure(ErrorKind::Cancelled, "Looking at the pictures was stopped.");
    const auto good =
        std::count_if(prepared.begin(), prepared.end(), [](const Prepared& p) { return p.problem.empty(); });
    const auto logits = good > 0 ? predictor.logits(joinedSamples(prepared), good) : std::vector<float>{};
    if (!logits)
        return failure(logits);
    const std::size_t classes = good > 0 ? logits->size() / static_cast<std::size_t>(good) : 0;
    std::vector<PicturePrediction> predictions;
    std::size_t row = 0;
    for (std::size_t i = 0; i < files.size(); ++i) {
        PicturePrediction prediction{files[i], {}, prepared[i].problem};
        if (prediction.problem.empty()) {
            prediction.top = topOf(std::span(*logits).subspan(row++ * classes, classes));
            if (prediction.top.empty())
                prediction.problem = fmt::format(
                    "{}: the network's answer is not a number; its weights are damaged.", shown(files[i]));
        }
        predictions.push_back(std::move(prediction));
    }
    return predictions;
}

} // namespace

std::vector<RankedClass> ranked(const std::vector<float>& probabilities, std::size_t most)
{
    std::vector<RankedClass> all;
    for (const float probability : probabilities)
        all.push_back({all.size(), static_cast<double>(probability)});
    std::stable_sort(all.begin(), all.end(), [](const RankedClass& a, const RankedClass& b) {
        return a.probability > b.probability;
    });
    all.resize(std::min(all.size(), most));
    return all;
}

Expected<void> predictPictures(Predictor& predictor, const Preprocessing& preprocessing,
                               const std::vector<fs::path>& files, const PredictionSink& sink,
                               std::stop_token stop)
{
    const std::span<const fs::path> all(files);
    for (std::size_t first = 0; first < all.size(); first += groupOfPictures) {
        auto group = predictGroup(predictor, preprocessing,
                                  all.subspan(first, std::min(groupOfPictures, all.size() - first)), stop);
        if (!group)
            return failure(group);
        sink(std::move(*group));
    }
    return {};
}

std::string className(const std::vector<std::string>& classes, std::size_t index)
{
    return index < classes.size() ? classes[index] : std::to_string(index);
}

} // namespace torchdesk
