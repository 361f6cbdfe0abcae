// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/events.h"

#include <filesystem>
#include <functional>
#include <memory>

namespace torchdesk {

/// Writes snapshots on a thread of its own: one in flight; of those waiting only the newest, and the newest
/// best one, are kept. After each write what is neither best nor last is removed, so the old best goes only
/// after the new one is on disk. A full disk is told once through \c problem; the snapshot is kept, the next
/// one (or flush()) tries again, and \c recovered tells when all is on disk once more.
class CheckpointWriter
{
public:
    using Problem = std::function<void(const Error&)>; ///< called on the writer's thread

    using Recovered = std::function<void()>; ///< the same thread

    CheckpointWriter(std::filesystem::path run, Problem problem, Recovered recovered = {});
    ~CheckpointWriter(); ///< flushes
    CheckpointWriter(const CheckpointWriter&) = delete;
    CheckpointWriter& operator=(const CheckpointWriter&) = delete;

    /// Never blocks for a write.
    void write(std::shared_ptr<const Snapshot> snapshot);
    /// Gives up what still waits; waits for a write that is going on.
    void discard();
    /// Waits until all was tried; the last error, if something could not be written.
    Expected<void> flush();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace torchdesk
