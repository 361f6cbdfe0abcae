// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/batch.h"
#include "core/engine/network.h"

namespace torchdesk {

/// Logits of a batch as when nothing is learned. Belongs to one thread at a time; may throw c10::Error.
class Forward
{
public:
    virtual ~Forward() = default;
    /// false: it takes Batch::raw where there is one, and no inputs need to be made.
    virtual bool wantsInputs() const { return true; }
    /// count × classes floats on the device of the network; the labels are not looked at.
    virtual at::Tensor logits(const Batch& batch) = 0;
};

/// By LibTorch: every model and device.
class NetworkForward final : public Forward
{
public:
    /// \p network must outlive it.
    explicit NetworkForward(const Network& network) : m_network(network) {}
    at::Tensor logits(const Batch& batch) override { return m_network.forward(batch.inputs, Pass{}); }

private:
    const Network& m_network;
};

} // namespace torchdesk
