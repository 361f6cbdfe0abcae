// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/export/exporter.h"

namespace torchdesk {

/// Pictures to compare outputs on: up to 64 of the run's test data, spread over it, or random ones where the
/// data cannot be opened or is another.
struct VerificationSamples
{
    std::vector<std::uint8_t> bytes;
    std::int64_t count = 0;
};
VerificationSamples verificationSamples(const OpenedRun& run, std::stop_token stop);

/// Names, types, shapes and every byte are those of the run; in any order.
Expected<void> compareTensors(const std::vector<NamedTensor>& wanted, const std::vector<NamedTensor>& found,
                              const std::string& source);

struct ComparedOutputs
{
    double largestDifference = 0;
    std::vector<float> first; ///< the run's own logits of the first sample
};
/// Both sets of weights in fresh modules, on the processor: outputs may differ by 1e-6 at most.
Expected<ComparedOutputs> compareOutputs(Engine& engine, const OpenedRun& run,
                                         const std::vector<NamedTensor>& found,
                                         const VerificationSamples& samples, const std::string& source);

} // namespace torchdesk
