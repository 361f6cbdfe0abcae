// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/normalisation.h"

#include "core/device/systemmonitor.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <system_error>
#include <thread>

namespace torchdesk {

namespace {

/// Samples between two looks at the stop token, and the least that is worth a thread, in bytes.
constexpr std::size_t measuredAtOnce = 1u << 22;

/// Of one channel. 255² × 2^48 pixels still fit.
struct ChannelSums
{
    std::uint64_t sum = 0;
    std::uint64_t squares = 0;
};

void addPlane(const std::uint8_t* bytes, std::size_t count, ChannelSums& sums)
{
    constexpr std::size_t block = 1u << 15; // 255² × 2^15 fits into 32 bits, which vector code is quick with
    for (std::size_t start = 0; start < count; start += block) {
        std::uint32_t sum = 0;
        std::uint32_t squares = 0;
        for (std::size_t i = start; i < std::min(start + block, count); ++i) {
            const std::uint32_t value = bytes[i];
            sum += value;
            squares += value * value;
        }
        sums.sum += sum;
        sums.squares += squares;
    }
}

ChannelStatistics statisticsOf(const ChannelSums& sums, double pixels)
{
    const double mean = static_cast<double>(sums.sum) / pixels;
    // Integers below 2^53 in almost every set, so that little is lost by the difference.
    const double variance = static_cast<double>(sums.squares) / pixels - mean * mean;
    return {mean / 255, std::sqrt(std::max(variance, 0.0)) / 255};
}

/// One measurement: threads take groups of samples from a shared counter.
class ChannelMeasurement
{
public:
    ChannelMeasurement(const SampleStore& store, const Shape& shape, std::span<const std::int64_t> indices,
                       std::stop_token stop)
        : m_samples(store.samples().data()), m_plane(static_cast<std::size_t>(shape[1] * shape[2])),
          m_channels(static_cast<std::size_t>(shape[0])), m_indices(indices),
          m_group(std::max<std::size_t>(1, measuredAtOnce / std::max<std::size_t>(1, m_plane * m_channels))),
          m_stop(std::move(stop)), m_sums(m_channels)
    {}

    void run(int threads, const Progress& progress)
    {
        const std::size_t groups = (m_indices.size() + m_group - 1) / m_group;
        const auto useful = std::min(groups, static_cast<std::size_t>(std::max(threads, 1)));
        {
            std::vector<std::jthread> others;
            try {
                for (std::size_t i = 1; i < useful; ++i)
                    others.emplace_back([this] { work({}); });
            } catch (const std::system_error&) {
                // Fewer threads do it too.
            }
            work(progress);
        }
    }

    std::vector<ChannelStatistics> result() const
    {
        std::vector<ChannelStatistics> found;
        for (const ChannelSums& sums : m_sums)
            found.push_back(statisticsOf(sums, static_cast<double>(m_indices.size() * m_plane)));
        return found;
    }

private:
    void work(const Progress& progress)
    {
        std::vector<ChannelSums> own(m_channels);
        for (;;) {
            const std::size_t first = m_next.fetch_add(m_group);
            if (first >= m_indices.size() || m_stop.stop_requested())
                break;
            if (progress)
                progress(static_cast<double>(first) / static_cast<double>(m_indices.size()),
                         "measuring mean and deviation");
            for (const std::int64_t index :
                 m_indices.subspan(first, std::min(m_group, m_indices.size() - first)))
                for (std::size_t c = 0; c < m_channels; ++c)
                    addPlane(m_samples + (static_cast<std::size_t>(index) * m_channels + c) * m_plane,
                             m_plane, own[c]);
        }
        const std::scoped_lock lock(m_mutex);
        for (std::size_t c = 0; c < m_channels; ++c) {
            m_sums[c].sum += own[c].sum;
            m_sums[c].squares += own[c].squares;
        }
    }

    const std::uint8_t* m_samples;
    std::size_t m_plane;
    std::size_t m_channels;
    std::span<const std::int64_t> m_indices;
    std::size_t m_group;
    std::stop_token m_stop;
    std::atomic<std::size_t> m_next = 0;
    std::mutex m_mutex;
    std::vector<ChannelSums> m_sums;
};

/// What was measured last, and of what.
struct LastMeasured
{
    std::weak_ptr<const SampleStore> store;
    std::vector<std::int64_t> indices;
    std::vector<ChannelStatistics> found;
};

std::mutex lastMutex;
LastMeasured& lastMeasured()
{
    static LastMeasured last;
    return last;
}

Expected<std::vector<ChannelStatistics>> measuredOnce(const DataSet& data, const Split& split,
                                                      const Progress& progress, std::stop_token stop)
{
    {
        const std::scoped_lock lock(lastMutex);
        const LastMeasured& last = lastMeasured();
        if (last.store.lock() == data.train && last.indices == split.train)
            return last.found;
    }
    auto found = measureChannels(*data.train, data.description.shape, split.train, progress, stop);
    if (found) {
        const std::scoped_lock lock(lastMutex);
        lastMeasured() = {data.train, split.train, *found};
    }
    return found;
}

void setImageNet(Preprocessing& preprocessing, std::size_t channels)
{
    if (channels == 3) {
        preprocessing.mean = {0.485, 0.456, 0.406};
        preprocessing.deviation = {0.229, 0.224, 0.225};
    } else {
        preprocessing.mean.assign(channels, 0.449);
        preprocessing.deviation.assign(channels, 0.226);
    }
}

} // namespace

Expected<std::vector<ChannelStatistics>> measureChannels(const SampleStore& store, const Shape& shape,
                                                         std::span<const std::int64_t> indices,
                                                         const Progress& progress, std::stop_token stop,
                                                         int threads)
{
    ChannelMeasurement measurement(store, shape, indices, stop);
    measurement.run(threads > 0 ? threads : availableCores(), progress);
    if (stop.stop_requested())
        return failure(ErrorKind::Cancelled, "Measuring mean and deviation was stopped.");
    return measurement.result();
}

Expected<void> setNormalisation(Preprocessing& preprocessing, const TrainingPlan& plan, const DataSet& data,
                                const Split& split, const Progress& progress, std::stop_token stop)
{
    if (plan.normalise == "imagenet")
        setImageNet(preprocessing, static_cast<std::size_t>(preprocessing.shape.at(0)));
    if (plan.normalise != "measured")
        return {};
    const auto found = measuredOnce(data, split, progress, std::move(stop));
    if (!found)
        return failure(found);
    preprocessing.mean.clear();
    preprocessing.deviation.clear();
    for (const ChannelStatistics& each : *found) {
        preprocessing.mean.push_back(each.mean);
        preprocessing.deviation.push_back(each.deviation > 0 ? each.deviation : 1);
    }
    return {};
}

} // namespace torchdesk
