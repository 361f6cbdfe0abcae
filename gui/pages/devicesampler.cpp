// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/devicesampler.h"

#include <memory>

namespace torchdesk {

/// Lives on the worker's thread once it is made.
struct DeviceSampler::Probe
{
    // Each time the figures are looked at again: a driver may have been loaded since.
    void openGpus()
    {
        if (gpus)
            return;
        auto opened = GpuMonitor::open();
        if (opened)
            gpus = std::move(*opened);
        else
            figures.whyNoGpu = opened.error().message;
        figures.driver = gpus ? gpus->driverVersion() : std::string();
        figures.cuda = gpus ? gpus->cudaVersion() : std::string();
        figures.processor = processorName();
        figures.cores = availableCores();
    }

    DeviceFigures sample()
    {
        figures.system = system.sample();
        if (gpus)
            figures.gpus = gpus->sample();
        return figures;
    }

    SystemMonitor system;
    std::unique_ptr<GpuMonitor> gpus;
    DeviceFigures figures;
};

DeviceSampler::DeviceSampler(QObject* parent) : QObject(parent), m_probe(std::make_shared<Probe>())
{
    m_timer.setInterval(interval);
    connect(&m_timer, &QTimer::timeout, this, [this] { sample(false); });
}

DeviceSampler::~DeviceSampler() = default;

void DeviceSampler::setWanted(QObject* by, bool wanted)
{
    const bool before = isRunning();
    if (wanted)
        m_wanted.insert(by);
    else
        m_wanted.remove(by);
    if (before == isRunning())
        return;
    if (!isRunning())
        return m_timer.stop();
    m_timer.start();
    sample(true);
}

// A driver that answers slowly is asked again when it has answered.
void DeviceSampler::sample(bool first)
{
    m_first = m_first || first;
    if (std::exchange(m_asking, true))
        return;
    const bool open = std::exchange(m_first, false);
    const auto work = [probe = m_probe, open](std::stop_token) {
        if (open)
            probe->openGpus();
        return probe->sample();
    };
    m_worker.run("sample", work, [this](const DeviceFigures& figures) {
        m_asking = false;
        if (isRunning())
            Q_EMIT sampled(figures);
    });
}

} // namespace torchdesk
