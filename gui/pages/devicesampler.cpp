// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/devicesampler.h"

#include <QTimer>
#include <memory>

namespace torchdesk {

namespace {

class Probe final : public QObject
{
public:
    explicit Probe(std::function<void(const DeviceFigures&)> tell) : m_tell(std::move(tell)), m_timer(this)
    {
        m_timer.setInterval(DeviceSampler::interval);
        connect(&m_timer, &QTimer::timeout, this, [this] { sample(); });
    }

    void start()
    {
        openGpus();
        m_timer.start();
        sample();
    }

    void stop() { m_timer.stop(); }

private:
    // Each time the figures are looked at again: a driver may have been loaded since.
    void openGpus()
    {
        if (m_gpus)
            return;
        auto opened = GpuMonitor::open();
        if (opened)
            m_gpus = std::move(*opened);
        else
            m_figures.whyNoGpu = opened.error().message;
        m_figures.driver = m_gpus ? m_gpus->driverVersion() : std::string();
        m_figures.cuda = m_gpus ? m_gpus->cudaVersion() : std::string();
        m_figures.processor = processorName();
        m_figures.cores = availableCores();
    }

    void sample()
    {
        m_figures.system = m_system.sample();
        if (m_gpus)
            m_figures.gpus = m_gpus->sample();
        m_tell(m_figures);
    }

    std::function<void(const DeviceFigures&)> m_tell;
    QTimer m_timer;
    SystemMonitor m_system;
    std::unique_ptr<GpuMonitor> m_gpus;
    DeviceFigures m_figures;
};

} // namespace

DeviceSampler::DeviceSampler(QObject* parent) : QObject(parent)
{
    qRegisterMetaType<DeviceFigures>();
    m_thread.setObjectName(QStringLiteral("devices"));
    m_worker = new Probe([this](const DeviceFigures& figures) { Q_EMIT sampled(figures); });
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
}

DeviceSampler::~DeviceSampler()
{
    if (!m_thread.isRunning()) {
        delete m_worker;
        return;
    }
    m_thread.quit();
    m_thread.wait();
}

void DeviceSampler::setWanted(QObject* by, bool wanted)
{
    const bool before = isRunning();
    if (wanted)
        m_wanted.insert(by);
    else
        m_wanted.remove(by);
    if (before == isRunning())
        return;
    if (!m_thread.isRunning())
        m_thread.start(QThread::LowPriority);
    auto* worker = static_cast<Probe*>(m_worker);
    QMetaObject::invokeMethod(m_worker,
                              [worker, on = isRunning()] { on ? worker->start() : worker->stop(); });
}

} // namespace torchdesk
