// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/trainer.h"

#include "core/base/log.h"
#include "core/engine/torcherror.h"
#include "core/engine/trainloop.h"

namespace torchdesk {

LibTorchTrainer::LibTorchTrainer(TrainingJob job, std::shared_ptr<EventSink> sink)
    : m_job(std::move(job)), m_sink(std::move(sink)), m_thread([this] { run(); })
{}

LibTorchTrainer::~LibTorchTrainer()
{
    m_abandoned = true;
    m_mailbox.post(Stop{Stop::When::Now});
    m_thread.join();
}

/// False where the trainer is stopped before it began.
bool LibTorchTrainer::waitForStart()
{
    for (;;) {
        const Command command = m_mailbox.waitForNext(); // what follows Start is for the training
        if (std::holds_alternative<Stop>(command))
            return false;
        if (std::holds_alternative<Start>(command))
            return true;
    }
}

void LibTorchTrainer::run() noexcept
{
    Finished finished;
    if (!waitForStart()) {
        finished.outcome = Outcome::Stopped;
        if (!m_abandoned)
            m_sink->put(finished);
        return;
    }
    {
        TrainLoop loop(m_job, *m_sink, m_mailbox);
        try {
            finished = loop.run();
        } catch (...) {
            const Error error = errorOf(std::current_exception(), "The training failed");
            logInfo(error.message + "\n" + error.details); // the sentence goes to whoever watches
            loop.salvage();
            finished = {};
            finished.outcome = Outcome::Failed;
            finished.message = error.message;
            finished.lastStep = loop.lastStep();
            finished.bestEpoch = loop.bestEpoch();
        }
    }
    m_sink->put(std::move(finished));
}

} // namespace torchdesk
