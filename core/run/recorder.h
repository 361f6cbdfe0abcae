// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/runfolder.h"
#include "core/session/events.h"

#include <functional>
#include <memory>

namespace torchdesk {

/// Writes a run's folder from its events: run.json (atomically, at the start, after each epoch and at the
/// end), event files (train: loss, accuracy, learning_rate by step; validation: loss, accuracy by epoch's
/// last step), log.txt, and checkpoints through a CheckpointWriter. A disk that is full costs no record: what
/// could not be written is kept in memory, said once as a Notice, and tried again; when all is written again
/// a second Notice says so. One thread at a time.
class RunRecorder
{
public:
    /// Makes and locks the folder; where that fails nothing stays behind. The name of the folder is the
    /// record's name, or model and data where it has none; startedAt is now where it is 0. Blocks. \p notice
    /// gets what the user should know (log.txt has it already); called from the recorder's or the writer's
    /// thread, must not call back.
    static Expected<std::unique_ptr<RunRecorder>> create(const std::filesystem::path& runs, RunRecord record,
                                                         const RunModel& model,
                                                         std::function<void(Notice)> notice);
    ~RunRecorder();

    /// Never waits for weights to be written; run.json and the event files are written at once.
    void record(const Event& event);
    /// Without events, once or twice a second: writes what has waited long enough.
    void tick();
    /// After Finished: writes what is left and waits for it, the outcome into run.json last, and gives the
    /// lock back. Without a Finished the run will be read as interrupted. Weights that cannot be written are
    /// tried again each second for a minute, until \p giveUp says so; where they are lost, that is the error
    /// and the outcome.
    Expected<void> close(const std::function<bool()>& giveUp = [] { return true; });
    const std::filesystem::path& folder() const;

private:
    struct Impl;
    explicit RunRecorder(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace torchdesk
