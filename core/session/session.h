// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/engine.h"

#include <chrono>
#include <filesystem>
#include <functional>

namespace torchdesk {

/// One run from its start to its last record. Owns the run folder and the trainer; moves events to the
/// recorder without loss and to a coalescing queue for the client. A client that stalls costs bounded memory
/// and loses no record: where its queue has grown past \c clientLimit steps, the oldest StepsDone are
/// thinned, and what is on disk is whole.
class Session
{
public:
    /// Called from the session's thread when there is something to drain where there was nothing
    /// (edge-triggered). Must not block and must not throw.
    using Wake = std::function<void()>;

    /// Creates the trainer, makes the run folder, records the plan and starts. Where the trainer cannot be
    /// made, nothing is left on disk. The notices of the data follow the first event. Blocks briefly (files).
    static Expected<std::unique_ptr<Session>> start(std::shared_ptr<Engine> engine, TrainingJob job,
                                                    const std::filesystem::path& runs, Wake wake = {});
    /// Stops now where it still runs, keeps the weights, waits for the last file. May block for a step and a
    /// write.
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Any thread; never blocks.
    void post(const Command& command) noexcept;
    /// What has gathered since the last call, in order, StepsDone joined. Any one thread; never blocks for
    /// long.
    std::vector<Event> drain();
    /// True after Finished was recorded and every file is on disk. Any thread.
    bool finished() const noexcept;
    /// Waits for that; false on time-out.
    bool waitFor(std::chrono::milliseconds time);
    const std::filesystem::path& folder() const noexcept;

    static constexpr std::size_t clientLimit = 1 << 20;

private:
    struct Impl;
    explicit Session(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace torchdesk
