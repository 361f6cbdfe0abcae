// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/initialise.h"

#include "core/base/philox.h"
#include "core/engine/network.h"

#include <algorithm>
#include <cmath>

namespace torchdesk {

namespace {

/// Half the width of the uniform distribution; 0 for the constants.
double halfWidth(const ParameterSpec& spec)
{
    const auto fanIn = static_cast<double>(std::max<std::int64_t>(spec.fanIn, 1));
    const auto fanOut = static_cast<double>(std::max<std::int64_t>(spec.fanOut, 1));
    switch (spec.initialisation) {
    case Initialisation::GlorotUniform:
        return std::sqrt(6 / (fanIn + fanOut));
    case Initialisation::KaimingUniform:
    case Initialisation::FanInUniform:
        return 1 / std::sqrt(fanIn);
    case Initialisation::KaimingNormal:
    case Initialisation::FanInNormal:
    case Initialisation::SmallNormal:
    case Initialisation::Zeros:
    case Initialisation::Ones:
        break;
    }
    return 0;
}

/// The standard deviation of the normal distribution; 0 for all others.
double deviation(const ParameterSpec& spec)
{
    constexpr double small = 0.01;
    const auto ofFan = [](std::int64_t fan) {
        return std::sqrt(2 / static_cast<double>(std::max<std::int64_t>(fan, 1)));
    };
    if (spec.initialisation == Initialisation::KaimingNormal)
        return ofFan(spec.fanOut);
    if (spec.initialisation == Initialisation::FanInNormal)
        return ofFan(spec.fanIn);
    return spec.initialisation == Initialisation::SmallNormal ? small : 0;
}

} // namespace

void initialise(std::span<float> values, const ParameterSpec& spec, std::uint64_t seed, std::uint32_t index)
{
    const double half = halfWidth(spec);
    const double spread = deviation(spec);
    if (half == 0 && spread == 0) {
        std::ranges::fill(values, spec.initialisation == Initialisation::Ones ? 1.0f : 0.0f);
        return;
    }
    Random random(seed, Purpose::Initialisation, 0, index);
    std::ranges::generate(values, [&] {
        const double uniform = spread > 0 ? 0 : 2.0 * static_cast<double>(random.uniform()) - 1.0;
        return static_cast<float>(spread > 0 ? random.normal() * spread : uniform * half);
    });
}

void initialise(Network& network, std::uint64_t seed)
{
    c10::NoGradGuard noGrad;
    std::uint32_t index = 0;
    for (const NetworkParameter& parameter : network.parameters()) {
        at::Tensor values = at::empty(parameter.spec.shape, at::kFloat);
        initialise({values.mutable_data_ptr<float>(), static_cast<std::size_t>(values.numel())},
                   parameter.spec, seed, index++);
        at::Tensor(parameter.value).copy_(values);
    }
}

} // namespace torchdesk
