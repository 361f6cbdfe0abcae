// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/fakepredictor.h"

#include "core/base/text.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace torchdesk {

namespace {

/// FNV-1a, 64 bits (Fowler, Noll, Vo).
std::uint64_t hashOf(std::span<const std::byte> bytes, std::uint64_t hash = 0xcbf29ce484222325u)
{
    for (const std::byte byte : bytes)
        hash = (hash ^ static_cast<std::uint64_t>(byte)) * 0x100000001b3u;
    return hash;
}

class FakePredictor final : public Predictor
{
public:
    FakePredictor(std::int64_t classes, std::int64_t sampleBytes, std::uint64_t weights)
        : m_classes(classes), m_sampleBytes(sampleBytes), m_weights(weights)
    {}

    Expected<std::vector<float>> logits(std::span<const std::uint8_t> samples, std::int64_t count) override
    {
        if (count < 0 || samples.size() != static_cast<std::size_t>(count * m_sampleBytes))
            return failure(ErrorKind::InvalidInput,
                           "The samples do not have the size of the network's input: found " +
                               std::to_string(samples.size()) + " bytes, wanted " +
                               std::to_string(count * m_sampleBytes) + ".");
        std::vector<float> all;
        for (std::int64_t i = 0; i < count; ++i) {
            const auto sample = samples.subspan(static_cast<std::size_t>(i * m_sampleBytes),
                                                static_cast<std::size_t>(m_sampleBytes));
            std::uint64_t hash = hashOf(std::as_bytes(sample), m_weights);
            for (std::int64_t c = 0; c < m_classes; ++c) {
                hash = hash * 6364136223846793005u + 1442695040888963407u; // Knuth's MMIX generator
                all.push_back(static_cast<float>(hash >> 40) / static_cast<float>(1 << 21) - 4.0f);
            }
        }
        return all;
    }

    Expected<Evaluation> evaluate(const SampleStore& store, std::span<const std::int64_t> indices,
                                  std::stop_token stop) override
    {
        Evaluation sum;
        std::vector<std::uint8_t> sample(static_cast<std::size_t>(m_sampleBytes));
        for (const std::int64_t index : indices) {
            if (stop.stop_requested())
                return failure(ErrorKind::Cancelled, "The evaluation was cancelled.");
            gather(store, m_sampleBytes, std::span(&index, 1), sample);
            const auto values = logits(sample, 1);
            if (!values)
                return failure(values);
            add(sum, *values, static_cast<std::size_t>(store.labels()[static_cast<std::size_t>(index)]));
        }
        if (sum.samples > 0) {
            sum.loss /= static_cast<double>(sum.samples);
            sum.accuracy /= static_cast<double>(sum.samples);
        }
        return sum;
    }

private:
    static void add(Evaluation& sum, const std::vector<float>& logits, std::size_t label)
    {
        double total = 0;
        for (const float value : logits)
            total += std::exp(static_cast<double>(value));
        const auto top = std::max_element(logits.begin(), logits.end()) - logits.begin();
        sum.loss += std::log(total) - static_cast<double>(logits[label]);
        sum.accuracy += static_cast<std::size_t>(top) == label ? 1 : 0;
        ++sum.samples;
    }

    std::int64_t m_classes;
    std::int64_t m_sampleBytes;
    std::uint64_t m_weights;
};

std::map<std::string, ParameterSpec> parametersOf(const LoweredModel& model)
{
    std::map<std::string, ParameterSpec> all;
    for (const LoweredNode& node : model.nodes) {
        for (const ParameterSpec& parameter : node.parameters)
            all[parameter.name] = parameter;
    }
    return all;
}

tl::unexpected<Error> mismatch(const std::string& name, const std::string& found, const std::string& wanted)
{
    return failure(ErrorKind::InvalidInput, "The weights do not fit the model: " + name + ": found " + found +
                                                ", wanted " + wanted + ".");
}

} // namespace

Expected<std::unique_ptr<Predictor>> openFakePredictor(const LoweredModel& model,
                                                       const Preprocessing& preprocessing,
                                                       const std::vector<NamedTensor>& tensors)
{
    auto missing = parametersOf(model);
    std::map<std::string, std::uint64_t> hashes; // by name: the order of the tensors does not count
    for (const NamedTensor& tensor : tensors) {
        const auto wanted = missing.find(tensor.name);
        if (wanted == missing.end())
            return mismatch(shortened(tensor.name, 60), "a tensor", "none of this name");
        if (tensor.shape != wanted->second.shape)
            return mismatch(tensor.name, shapeText(tensor.shape), shapeText(wanted->second.shape));
        if (tensor.type != DType::F32)
            return mismatch(tensor.name, dtypeName(tensor.type), dtypeName(DType::F32));
        hashes[tensor.name] = hashOf(*tensor.bytes);
        missing.erase(wanted);
    }
    if (!missing.empty())
        return mismatch(missing.begin()->first, "nothing", "a tensor");
    std::uint64_t weights = hashOf({});
    for (const auto& [name, hash] : hashes)
        weights = hashOf(std::as_bytes(std::span(&hash, 1)), weights);
    const std::int64_t sampleBytes = elementCount(preprocessing.shape).value_or(0);
    return std::make_unique<FakePredictor>(model.classes, sampleBytes, weights);
}

} // namespace torchdesk
