// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/events.h"

#include <filesystem>
#include <functional>
#include <memory>

namespace torchdesk
{

/// Writes snapshots on a thread of its own: one in flight; of those waiting only the newest, and the newest best one,
/// are kept. After each write what is neither best nor last is removed. A full disk is told once through \c problem; the next
/// snapshot tries again.
class CheckpointWriter
{
public:
    using Problem = std::function<void(const Error&)>; ///< called on the writer's thread

    CheckpointWriter(std::filesystem::path run, Problem problem);
    ~CheckpointWriter(); ///< flushes
    CheckpointWriter(const CheckpointWriter&) = delete;
    CheckpointWriter& operator=(const CheckpointWriter&) = delete;

    /// Never blocks for a write.
    void write(std::shared_ptr<const Snapshot> snapshot);
    /// Waits until all is on disk; the last error, if the newest snapshot could not be written.
    Expected<void> flush();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace torchdesk
