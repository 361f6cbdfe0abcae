// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/autocast.h"

#include <ATen/autocast_mode.h>

namespace torchdesk {

Bf16Autocast::Bf16Autocast(bool on, at::DeviceType device) : m_on(on), m_device(device)
{
    if (!m_on)
        return;
    at::autocast::set_autocast_dtype(device, at::kBFloat16);
    at::autocast::set_autocast_enabled(device, true);
    at::autocast::increment_nesting();
}

Bf16Autocast::~Bf16Autocast()
{
    if (!m_on)
        return;
    if (at::autocast::decrement_nesting() == 0)
        at::autocast::clear_cache();
    at::autocast::set_autocast_enabled(m_device, false);
}

} // namespace torchdesk
