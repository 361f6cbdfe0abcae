// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/mailbox.h"
#include "core/session/engine.h"

#include <thread>

namespace torchdesk {

/// The engine's Trainer: one long-lived thread, on which everything of LibTorch happens (grad mode, inference
/// mode and the number of threads belong to a thread).
class LibTorchTrainer final : public Trainer
{
public:
    LibTorchTrainer(TrainingJob job, std::shared_ptr<EventSink> sink);
    ~LibTorchTrainer() override;
    void post(const Command& command) noexcept override { m_mailbox.post(command); }

private:
    void run() noexcept;
    bool waitForStart();

    const TrainingJob m_job;
    const std::shared_ptr<EventSink> m_sink;
    Mailbox m_mailbox;
    std::atomic<bool> m_abandoned = false;
    std::thread m_thread; ///< last: it uses the others
};

} // namespace torchdesk
