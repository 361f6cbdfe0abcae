// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device/systemmonitor.h"

#include "core/base/text.h"
#include "core/device/procfile.h"

#include <algorithm>
#include <cmath>
#include <sched.h>
#include <string_view>
#include <thread>
#include <unistd.h>

namespace torchdesk {

namespace {

/// The words of a line, blanks and tabs between them.
std::vector<std::string> words(std::string_view line)
{
    std::vector<std::string> all;
    std::size_t at = 0;
    while ((at = line.find_first_not_of(" \t", at)) != std::string_view::npos) {
        const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
        all.emplace_back(line.substr(at, end - at));
        at = end;
    }
    return all;
}

std::uint64_t number(const std::vector<std::string>& all, std::size_t index)
{
    return index < all.size() ? toUnsigned(all[index]).value_or(0) : 0;
}

struct Times
{
    std::uint64_t busy = 0;
    std::uint64_t all = 0;
};

/// The first line of /proc/stat: user nice system idle iowait irq softirq steal, in ticks (proc(5)).
Times processorTimes(const std::filesystem::path& proc)
{
    const std::string text = procText(proc / "stat");
    const auto fields = words(std::string_view(text).substr(0, text.find('\n')));
    Times times;
    if (fields.empty() || fields[0] != "cpu")
        return times;
    for (std::size_t i = 1; i <= 8; ++i) {
        times.all += number(fields, i);
        if (i != 4 && i != 5)
            times.busy += number(fields, i);
    }
    return times;
}

/// utime + stime of this process, in ticks. The name in brackets may hold anything, so counting begins after
/// it.
std::uint64_t ownTimes(const std::filesystem::path& proc)
{
    const std::string text = procText(proc / "self/stat");
    const std::size_t bracket = text.rfind(')');
    if (bracket == std::string::npos)
        return 0;
    const auto fields = words(std::string_view(text).substr(bracket + 1));
    return number(fields, 11) + number(fields, 12);
}

std::uint64_t kilobytes(const std::string& text, std::string_view key)
{
    for (const std::string& line : splitText(text, '\n')) {
        if (std::string_view(line).starts_with(key))
            return number(words(std::string_view(line).substr(key.size())), 0) * 1024;
    }
    return 0;
}

/// Without the marks of trade, which say nothing here.
std::string plainName(std::string name)
{
    for (const std::string_view mark : {"(R)", "(TM)", "(tm)"}) {
        for (std::size_t at; (at = name.find(mark)) != std::string::npos;)
            name.erase(at, mark.size());
    }
    return name;
}

std::optional<double> meanMegahertz(const std::string& cpuinfo)
{
    double sum = 0;
    int cores = 0;
    for (const std::string& line : splitText(cpuinfo, '\n')) {
        const std::size_t colon = line.find(':');
        if (!line.starts_with("cpu MHz") || colon == std::string::npos)
            continue;
        if (const auto value = toReal(trimmed(std::string_view(line).substr(colon + 1)))) {
            sum += *value;
            ++cores;
        }
    }
    return cores == 0 ? std::nullopt : std::optional(sum / cores);
}

} // namespace

std::string processorNameIn(const std::filesystem::path& proc)
{
    for (const std::string& line : splitText(procText(proc / "cpuinfo"), '\n')) {
        const std::size_t colon = line.find(':');
        if (colon != std::string::npos && (line.starts_with("model name") || line.starts_with("Model")))
            return plainName(trimmed(std::string_view(line).substr(colon + 1)));
    }
    return "Processor";
}

std::string processorName()
{
    return processorNameIn("/proc");
}

int coresOfQuota(const std::string& cpuMax, int cores)
{
    const auto fields = words(cpuMax);
    const double quota = static_cast<double>(number(fields, 0)); // "max" is none
    const double period = static_cast<double>(number(fields, 1));
    if (quota <= 0 || period <= 0)
        return cores;
    return std::clamp(static_cast<int>(std::ceil(quota / period)), 1, cores);
}

int availableCores()
{
    cpu_set_t set;
    CPU_ZERO(&set);
    const bool known = sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0;
    const int cores = known ? CPU_COUNT(&set) : static_cast<int>(std::thread::hardware_concurrency());
    const std::string cpuMax = procText("/sys/fs/cgroup/cpu.max");
    return coresOfQuota(cpuMax.substr(0, cpuMax.find('\n')), std::max(1, cores));
}

SystemMonitor::SystemMonitor(std::filesystem::path proc) : m_proc(std::move(proc)) {}

SystemSample SystemMonitor::sample()
{
    SystemSample sample;
    const Times times = processorTimes(m_proc);
    const std::uint64_t own = ownTimes(m_proc);
    if (!m_first && times.all > m_all) {
        const auto passed = static_cast<double>(times.all - m_all);
        sample.processorShare = times.busy >= m_busy ? static_cast<double>(times.busy - m_busy) / passed : 0;
        sample.ownProcessorShare = own >= m_own ? static_cast<double>(own - m_own) / passed : 0;
    }
    m_busy = times.busy;
    m_all = times.all;
    m_own = own;
    m_first = false;

    const std::string memory = procText(m_proc / "meminfo");
    sample.memoryTotal = kilobytes(memory, "MemTotal:");
    const std::uint64_t available = kilobytes(memory, "MemAvailable:");
    sample.memoryUsed = sample.memoryTotal > available ? sample.memoryTotal - available : 0;
    sample.ownMemory = kilobytes(procText(m_proc / "self/status"), "VmRSS:");
    sample.megahertz = meanMegahertz(procText(m_proc / "cpuinfo"));
    return sample;
}

} // namespace torchdesk
