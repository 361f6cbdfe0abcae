// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/device/gpumonitor.h"
#include "core/device/systemmonitor.h"
#include "gui/bridge/worker.h"

#include <QObject>
#include <QSet>
#include <QTimer>
#include <memory>
#include <string>
#include <vector>

namespace torchdesk {

/// What the devices do at one moment.
struct DeviceFigures
{
    std::vector<GpuSample> gpus; ///< empty without a driver or a card
    std::string driver;          ///< "580.65.06"
    std::string cuda;            ///< the newest that the driver knows: "13.0"
    std::string whyNoGpu;        ///< a neutral sentence, where gpus is empty
    SystemSample system;
    std::string processor; ///< "AMD EPYC"
    int cores = 1;
};

/// Asks NVML and /proc twice a second on a thread of its own, as long as somebody visible wants to know. GUI
/// thread only; nothing blocks but the destructor, for the sample that is being taken.
class DeviceSampler final : public QObject
{
    Q_OBJECT

public:
    static constexpr int interval = 500; ///< ms

    explicit DeviceSampler(QObject* parent = nullptr);
    ~DeviceSampler() override;
    /// A widget says here when it becomes visible or hidden.
    void setWanted(QObject* by, bool wanted);
    bool isRunning() const { return !m_wanted.isEmpty(); }

Q_SIGNALS:
    void sampled(const torchdesk::DeviceFigures& figures);

private:
    struct Probe;
    void sample(bool first);

    std::shared_ptr<Probe> m_probe;
    QTimer m_timer;
    bool m_asking = false;
    bool m_first = true; ///< the devices are to be looked for before the next sample
    QSet<QObject*> m_wanted;
    Worker m_worker;
};

} // namespace torchdesk
