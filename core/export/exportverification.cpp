// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/exportverification.h"

#include "core/base/philox.h"
#include "core/base/text.h"
#include "core/data/catalogue.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace torchdesk {

namespace {

constexpr std::int64_t sampleLimit = 64;
constexpr double tolerance = 1e-6;

std::vector<std::uint8_t> randomBytes(std::size_t count)
{
    Random random(1, Purpose::Verification);
    std::vector<std::uint8_t> bytes(count);
    for (std::uint8_t& byte : bytes)
        byte = static_cast<std::uint8_t>(random.below(256));
    return bytes;
}

const NamedTensor* named(const std::vector<NamedTensor>& tensors, const std::string& name)
{
    const auto at = std::find_if(tensors.begin(), tensors.end(),
                                 [&](const NamedTensor& tensor) { return tensor.name == name; });
    return at == tensors.end() ? nullptr : &*at;
}

Expected<std::vector<float>> outputs(Engine& engine, const OpenedRun& run,
                                     const std::vector<NamedTensor>& tensors,
                                     const VerificationSamples& samples)
{
    auto network = engine.open(run.model.model, run.model.preprocessing, tensors, "cpu");
    if (!network)
        return failure(network);
    return (*network)->logits(samples.bytes, samples.count);
}

tl::unexpected<Error> differs(const std::string& source, const std::string& what)
{
    return failure(
        ErrorKind::Internal,
        fmt::format("{}: after it was written and read back, {}; the file was removed. The run's own weights "
                    "are unharmed: try another folder.",
                    source, what));
}

} // namespace

VerificationSamples verificationSamples(const OpenedRun& run, std::stop_token stop)
{
    const Shape& shape = run.model.preprocessing.shape;
    const auto sampleBytes = static_cast<std::size_t>(elementCount(shape).value_or(0));
    const auto data = openData(requestFor(run.record.plan, run.model.model.input), {}, stop);
    const bool usable = data && data->description.shape == shape && data->test && data->test->count() > 0;
    if (!usable)
        return {randomBytes(sampleBytes * sampleLimit), sampleLimit};
    const std::int64_t count = std::min(sampleLimit, data->test->count());
    std::vector<std::int64_t> indices;
    for (std::int64_t i = 0; i < count; ++i)
        indices.push_back(i * data->test->count() / count);
    VerificationSamples samples{std::vector<std::uint8_t>(sampleBytes * indices.size()), count};
    gather(*data->test, static_cast<std::int64_t>(sampleBytes), indices, samples.bytes);
    return samples;
}

Expected<void> compareTensors(const std::vector<NamedTensor>& wanted, const std::vector<NamedTensor>& found,
                              const std::string& source)
{
    if (wanted.size() != found.size())
        return differs(source, fmt::format("it held {} tensors instead of {}", found.size(), wanted.size()));
    for (const NamedTensor& tensor : wanted) {
        const NamedTensor* other = named(found, tensor.name);
        if (!other)
            return differs(source, fmt::format("{} was missing", shortened(tensor.name, 60)));
        if (!(*other == tensor))
            return differs(source,
                           fmt::format("{} was not what had been written", shortened(tensor.name, 60)));
    }
    return {};
}

Expected<ComparedOutputs> compareOutputs(Engine& engine, const OpenedRun& run,
                                         const std::vector<NamedTensor>& found,
                                         const VerificationSamples& samples, const std::string& source)
{
    const auto own = outputs(engine, run, run.weights, samples);
    if (!own)
        return failure(own);
    const auto reloaded = outputs(engine, run, found, samples);
    if (!reloaded)
        return failure(reloaded);
    if (own->size() != reloaded->size())
        return differs(source, "the network gave another number of outputs");
    if (!std::ranges::all_of(*own, [](float value) { return std::isfinite(value); }))
        return failure(
            ErrorKind::InvalidInput,
            "The network's outputs are not numbers with these weights: the run diverged. Export the "
            "best weights, or train again with a smaller learning rate.");
    ComparedOutputs compared;
    for (std::size_t i = 0; i < own->size(); ++i) {
        const double difference =
            std::abs(static_cast<double>((*own)[i]) - static_cast<double>((*reloaded)[i]));
        // Written this way round, a NaN fails.
        if (!(difference <= tolerance))
            return differs(source, fmt::format("an output was {} instead of {}", toText((*reloaded)[i]),
                                               toText((*own)[i])));
        compared.largestDifference = std::max(compared.largestDifference, difference);
    }
    const auto classes = own->size() / static_cast<std::size_t>(samples.count);
    compared.first.assign(own->begin(), own->begin() + static_cast<std::ptrdiff_t>(classes));
    return compared;
}

} // namespace torchdesk
