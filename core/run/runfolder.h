// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/runrecord.h"

#include <memory>

namespace torchdesk {

/// The lock of a run: a file with process id and start time, held with flock for as long as this lives.
class RunLock
{
public:
    /// ErrorKind::Locked where another process holds it; the message names the process.
    static Expected<RunLock> take(const std::filesystem::path& run);
    RunLock(RunLock&&) noexcept;
    RunLock& operator=(RunLock&&) noexcept;
    ~RunLock();

private:
    explicit RunLock(int descriptor);
    int m_descriptor = -1;
};

/// Makes "2026-11-23_1412_lenet-mnist" below \p runs, exclusively; "-2", "-3" … where two start in one
/// minute.
Expected<std::filesystem::path> makeRunFolder(const std::filesystem::path& runs, const std::string& name);

enum class RunState
{
    Running, ///< its process lives and holds the lock
    Finished,
    Interrupted, ///< neither finished nor alive: crashed or killed
    Unreadable,  ///< run.json is damaged or from a newer version
};

/// What the list of runs shows. Reading it never needs the lock.
struct RunSummary
{
    std::filesystem::path folder;
    RunState state = RunState::Unreadable;
    RunRecord record;    ///< as far as it could be read
    std::string problem; ///< for Unreadable: the sentence

    bool operator==(const RunSummary&) const = default;
};

RunSummary readRunSummary(const std::filesystem::path& run);
/// Every run of the folder, newest first. Folders without run.json are passed over. Blocks.
std::vector<RunSummary> listRuns(const std::filesystem::path& runs);
/// A run by path, or by name (or a unique beginning of one) below \p runs; "last" is the newest.
Expected<std::filesystem::path> findRun(const std::filesystem::path& runs, const std::string& nameOrPath);
/// Changes the shown name in run.json. Refused while the run is going on in another process.
Expected<void> renameRun(const std::filesystem::path& run, const std::string& name);

enum class Weights
{
    Best,
    Last
};

/// A run with its weights: checked against the MANIFEST before use.
struct OpenedRun
{
    std::filesystem::path folder;
    RunRecord record;
    RunModel model;
    std::int64_t epoch = 0; ///< of these weights
    std::vector<NamedTensor> weights;
};

/// Blocks while it reads. Errors: a folder cut short, a checkpoint whose bytes differ from its MANIFEST, a
/// newer version.
Expected<OpenedRun> openRun(const std::filesystem::path& run, Weights weights = Weights::Best);

} // namespace torchdesk
