// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device/gpumonitor.h"

#include "core/base/text.h"
#include "core/device/cudastatus.h"
#include "core/device/nvml.h"
#include "core/device/procfile.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <dlfcn.h>
#include <fmt/format.h>

namespace torchdesk {

namespace {

/// Calls a function of the library that may be absent.
template <class Function, class... Arguments>
nvml::Result call(Function function, Arguments... arguments)
{
    return function ? function(arguments...) : nvml::functionNotFound;
}

template <class Function, class... Arguments>
std::string textFrom(Function function, Arguments... arguments)
{
    std::array<char, 128> text{};
    if (call(function, arguments..., text.data(), static_cast<unsigned>(text.size() - 1)) != nvml::success)
        return {};
    return shortened(text.data(), text.size());
}

std::string throttlingText(std::uint64_t reasons)
{
    constexpr std::uint64_t thermal = nvml::reasonSoftwareThermal | nvml::reasonHardwareThermal;
    std::vector<std::string> words;
    if (reasons & thermal)
        words.emplace_back("too hot");
    if (reasons & nvml::reasonPowerCap)
        words.emplace_back("power limit");
    if (reasons & nvml::reasonPowerBrake)
        words.emplace_back("power brake of the machine");
    if ((reasons & nvml::reasonHardware) && !(reasons & (thermal | nvml::reasonPowerBrake)))
        words.emplace_back("hardware slowdown");
    return joined(words, ", ");
}

std::string processName(std::uint32_t pid)
{
    return trimmed(procText(fmt::format("/proc/{}/comm", pid)));
}

/// Reads one card, each figure on its own: what is not supported, not permitted or absent stays nullopt.
class CardReader
{
public:
    CardReader(const nvml::Functions& functions, nvml::Device device) : m_nvml(functions), m_device(device) {}

    void read(GpuSample& sample)
    {
        identify(sample);
        readLoad(sample);
        readPower(sample);
        addProcesses(m_nvml.computeProcesses, sample);
        addProcesses(m_nvml.graphicsProcesses, sample);
        sample.lost = m_lost;
    }

private:
    /// True where the figure was given; notes a card that has fallen off the bus.
    bool given(nvml::Result result)
    {
        m_lost = m_lost || result == nvml::gpuIsLost;
        return result == nvml::success;
    }

    template <class Function, class... Arguments>
    std::optional<double> figure(double scale, Function function, Arguments... arguments)
    {
        unsigned value = 0;
        if (!given(call(function, m_device, arguments..., &value)))
            return std::nullopt;
        return value * scale;
    }

    void identify(GpuSample& sample)
    {
        sample.name = textFrom(m_nvml.name, m_device);
        sample.uuid = textFrom(m_nvml.uuid, m_device);
        nvml::PciInfo pci{};
        if (given(call(m_nvml.pciInfo, m_device, &pci)))
            sample.pciBus = fmt::format("{:04x}:{:02x}:{:02x}.0", pci.domain, pci.bus, pci.device);
    }

    void readLoad(GpuSample& sample)
    {
        nvml::Utilization load{};
        if (given(call(m_nvml.utilization, m_device, &load)))
            sample.compute = load.gpu / 100.0;
        nvml::MemoryV2 memory{};
        memory.version = nvml::memoryV2Version;
        if (given(call(m_nvml.memory, m_device, &memory))) {
            sample.memoryUsed = memory.used;
            sample.memoryTotal = memory.total;
        }
    }

    void readPower(GpuSample& sample)
    {
        sample.watts = figure(0.001, m_nvml.power);
        sample.wattsLimit = figure(0.001, m_nvml.powerLimit);
        sample.celsius = figure(1, m_nvml.temperature, nvml::temperatureOfGpu);
        sample.megahertz = figure(1, m_nvml.clock, nvml::clockOfMultiprocessors);
        sample.fan = figure(0.01, m_nvml.fan);
        unsigned long long reasons = 0;
        if (given(call(m_nvml.clockReasons, m_device, &reasons)))
            sample.throttling = throttlingText(reasons);
    }

    template <class Function>
    std::vector<nvml::ProcessInfo> processes(Function function)
    {
        std::vector<nvml::ProcessInfo> all(32);
        for (int attempt = 0; attempt < 4; ++attempt) {
            auto count = static_cast<unsigned>(all.size());
            const nvml::Result result = call(function, m_device, &count, all.data());
            if (given(result)) {
                all.resize(std::min<std::size_t>(count, all.size()));
                return all;
            }
            if (result != nvml::insufficientSize || count > 100'000)
                return {};
            all.resize(count + 32u); // room for those that begin meanwhile
        }
        return {};
    }

    template <class Function>
    void addProcesses(Function function, GpuSample& sample)
    {
        for (const nvml::ProcessInfo& info : processes(function)) {
            const auto same = [&](const GpuProcess& process) { return process.pid == info.pid; };
            if (std::any_of(sample.processes.begin(), sample.processes.end(), same))
                continue; // it computes and draws
            GpuProcess process;
            process.pid = info.pid;
            process.name = processName(info.pid);
            if (info.usedGpuMemory != nvml::memoryNotAvailable)
                process.memory = info.usedGpuMemory;
            sample.processes.push_back(std::move(process));
        }
    }

    const nvml::Functions& m_nvml;
    nvml::Device m_device;
    bool m_lost = false;
};

class NvmlMonitor final : public GpuMonitor
{
public:
    explicit NvmlMonitor(const nvml::Functions& functions) : m_nvml(functions) {}
    ~NvmlMonitor() override { m_nvml.shutdown(); }

    std::vector<GpuSample> sample() override
    {
        unsigned count = 0;
        call(m_nvml.deviceCount, &count);
        std::vector<GpuSample> samples;
        for (unsigned index = 0; index < count; ++index) {
            GpuSample sample;
            sample.index = static_cast<int>(index);
            nvml::Device device = nullptr;
            const nvml::Result found = call(m_nvml.deviceByIndex, index, &device);
            if (found == nvml::success)
                CardReader(m_nvml, device).read(sample);
            sample.lost = sample.lost || found == nvml::gpuIsLost;
            samples.push_back(std::move(sample));
        }
        return samples;
    }

    std::string driverVersion() const override { return textFrom(m_nvml.driverVersion); }

    std::string cudaVersion() const override
    {
        int version = 0;
        if (call(m_nvml.cudaVersion, &version) != nvml::success)
            return {};
        return fmt::format("{}.{}", version / 1000, version % 1000 / 10);
    }

private:
    nvml::Functions m_nvml;
};

} // namespace

Expected<std::unique_ptr<GpuMonitor>> GpuMonitor::open()
{
    const char* named = std::getenv("TORCHDESK_NVML");
    const char* file = named && *named ? named : "libnvidia-ml.so.1";
    // Never closed: the library keeps threads and handlers of its own.
    void* library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return failure(ErrorKind::NotFound, cudaSentence(CudaProblem::NoCard), dlerror());
    nvml::Functions functions{};
    if (!nvml::lookUp(library, functions))
        return failure(
            ErrorKind::Unsupported,
            fmt::format("The library {} is not NVIDIA's management library: it has no nvmlInit_v2.", file));
    const nvml::Result result = functions.init();
    if (result == nvml::driverNotLoaded)
        return failure(ErrorKind::NotFound, cudaSentence(CudaProblem::NoCard),
                       "nvmlInit_v2 gave 9 (no driver)");
    if (result == nvml::noPermission)
        return failure(ErrorKind::Unreadable,
                       "The NVIDIA driver does not let this user read the cards' figures: ask "
                       "whoever administers this machine for access to /dev/nvidiactl.");
    if (result != nvml::success)
        return failure(
            ErrorKind::Device,
            fmt::format("The NVIDIA driver did not answer (code {}): restart the machine, or install the "
                        "driver again.",
                        result));
    return std::make_unique<NvmlMonitor>(functions);
}

} // namespace torchdesk
