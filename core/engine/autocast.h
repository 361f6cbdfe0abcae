// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/torchheaders.h"

namespace torchdesk {

/// While it lives, the calling thread's operations compute in bf16 where that does no harm (LibTorch's
/// lists); weights stay fp32. What was cast is forgotten at its end, as the weights move after it. With \p on
/// false it does nothing.
class Bf16Autocast
{
public:
    Bf16Autocast(bool on, at::DeviceType device);
    ~Bf16Autocast();
    Bf16Autocast(const Bf16Autocast&) = delete;
    Bf16Autocast& operator=(const Bf16Autocast&) = delete;

private:
    bool m_on;
    at::DeviceType m_device;
};

} // namespace torchdesk
