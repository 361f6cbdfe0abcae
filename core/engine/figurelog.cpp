// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/figurelog.h"

#include <c10/core/impl/VirtualGuardImpl.h>
#include <utility>

namespace torchdesk {

FigureLog::FigureLog(at::Device device) : m_device(device)
{
    if (device.is_cpu())
        return;
    for (Group& group : m_groups) {
        group.onDevice = at::zeros({groupSize, 2}, at::TensorOptions(at::kFloat).device(device));
        group.pinned = at::empty({groupSize, 2}, at::TensorOptions(at::kFloat).pinned_memory(true));
    }
}

void FigureLog::add(const at::Tensor& loss, const at::Tensor& correct)
{
    if (m_device.is_cpu()) {
        m_arrived.push_back({loss.item<float>(), correct.item<float>()});
        return;
    }
    Group& group = m_groups[m_filling];
    const at::Tensor row = group.onDevice.select(0, group.count++);
    row.select(0, 0).copy_(loss);
    row.select(0, 1).copy_(correct);
    if (group.count < groupSize)
        return;
    send(group);
    m_filling = 1 - m_filling;
    receive(m_groups[m_filling]);
}

void FigureLog::send(Group& group)
{
    group.pinned.copy_(group.onDevice, /*non_blocking=*/true);
    group.event.emplace(m_device.type());
    group.event->record(c10::impl::VirtualGuardImpl(m_device.type()).getStream(m_device));
}

void FigureLog::receive(Group& group)
{
    if (!group.event)
        return;
    group.event->synchronize();
    group.event.reset();
    const float* values = group.pinned.const_data_ptr<float>();
    for (std::int64_t i = 0; i < group.count; ++i)
        m_arrived.push_back({values[2 * i], values[2 * i + 1]});
    group.count = 0;
}

std::vector<StepFigures> FigureLog::take(bool all)
{
    if (m_device.is_cuda()) {
        Group& earlier = m_groups[1 - m_filling];
        Group& filling = m_groups[m_filling];
        if (all || (earlier.event && earlier.event->query()))
            receive(earlier);
        if (all && filling.count > 0) {
            send(filling);
            receive(filling);
        }
    }
    return std::exchange(m_arrived, {});
}

} // namespace torchdesk
