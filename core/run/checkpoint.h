// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/events.h"

#include <filesystem>

/// checkpoints/epoch-0007/: model.safetensors, optimizer.safetensors, state.json, and a MANIFEST with sizes
/// and SHA-256, written last. A checkpoint without a good MANIFEST does not count.
namespace torchdesk {

/// Writes the checkpoint into a temporary folder and renames it. Blocks. A second one of the same epoch
/// (after a stop in its middle) becomes "epoch-0007-step-812", so that nothing good is touched before the new
/// one is on disk.
Expected<std::filesystem::path> writeCheckpoint(const std::filesystem::path& run, const Snapshot& snapshot);

struct CheckpointInfo
{
    std::filesystem::path folder;
    std::int64_t epoch = 0;
    std::int64_t step = 0;
    bool best = false;
};

/// The checkpoints of a run with their state.json, by rising step (the later written last); those without a
/// MANIFEST are left out.
std::vector<CheckpointInfo> listCheckpoints(const std::filesystem::path& run);
/// Folders of checkpoints whose MANIFEST or state.json is missing or broken: damaged since, as a checkpoint
/// gets its name when it is whole. In the order of their names.
std::vector<std::filesystem::path> damagedCheckpoints(const std::filesystem::path& run);
/// The numbers of a checkpoint's name, which tell older from newer: epoch, step, and one that made it unique.
std::vector<std::int64_t> nameOrder(const std::filesystem::path& checkpoint);
/// The weights, after sizes and hashes were compared.
Expected<std::vector<NamedTensor>> readWeights(const std::filesystem::path& checkpoint);
/// Removes every checkpoint but the newest best one and the last, and what a crash left half-written.
void removeOldCheckpoints(const std::filesystem::path& run);

} // namespace torchdesk
