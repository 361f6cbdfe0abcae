// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/checkpoint.h"

#include "core/base/clock.h"
#include "core/formats/safetensors.h"
#include "core/run/manifest.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <fmt/format.h>
#include <limits>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t stateFormat = 1;

struct Listed
{
    CheckpointInfo info;
    double savedAt = 0;
};

fs::path checkpointsOf(const fs::path& run)
{
    return run / "checkpoints";
}

/// A name that is free: "epoch-0007", else with the step, else with a number.
fs::path freeFolder(const fs::path& checkpoints, const Snapshot& snapshot)
{
    std::string name = fmt::format("epoch-{:04}", snapshot.epoch);
    const std::string withStep = fmt::format("{}-step-{}", name, snapshot.step);
    std::error_code ignored;
    for (int number = 1; fs::exists(checkpoints / name, ignored); ++number)
        name = number == 1 ? withStep : fmt::format("{}-{}", withStep, number);
    return checkpoints / name;
}

Json stateJson(const Snapshot& snapshot)
{
    return {{"format", stateFormat}, {"epoch", snapshot.epoch},   {"step", snapshot.step},
            {"best", snapshot.best}, {"saved_at", wallSeconds()}, {"state", snapshot.state}};
}

Expected<void> writeFiles(const fs::path& folder, const Snapshot& snapshot)
{
    const std::string state = stateJson(snapshot).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
    Manifest manifest;
    const auto put = [&](const std::string& name, std::span<const std::byte> content) {
        manifest[name] = describe(content);
        return writeAtomically(folder / name, content);
    };
    const auto putTensors = [&](const std::string& name, const std::vector<NamedTensor>& tensors) {
        return put(name, writeSafetensors(tensors, {{"format", "pt"}}));
    };
    return putTensors("model.safetensors", snapshot.weights)
        .and_then([&] { return putTensors("optimizer.safetensors", snapshot.optimizer); })
        .and_then([&] { return put("state.json", std::as_bytes(std::span(state))); })
        .and_then([&] { return writeManifest(folder, manifest); });
}

std::optional<Listed> readState(const fs::path& folder)
{
    const auto text = readText(folder / "state.json");
    const auto json = text ? parseJson(*text, "state.json") : failure(text);
    if (!json)
        return std::nullopt;
    JsonReader reader(*json, "state.json");
    Listed listed{{folder}};
    std::int64_t found = 0;
    reader.require({"format", "epoch", "step", "best"});
    reader.read("format", found, 1, stateFormat);
    reader.read("epoch", listed.info.epoch, 0);
    reader.read("step", listed.info.step, 0);
    reader.read("best", listed.info.best);
    reader.read("saved_at", listed.savedAt);
    return reader.finishLeniently() ? std::optional(listed) : std::nullopt;
}

std::vector<fs::path> foldersIn(const fs::path& folder)
{
    std::vector<fs::path> found;
    std::error_code ignored;
    for (fs::directory_iterator at(folder, ignored), end; at != end; at.increment(ignored)) {
        if (at->is_directory(ignored))
            found.push_back(at->path());
    }
    return found;
}

bool isTemporary(const fs::path& folder)
{
    const std::string name = folder.filename().string();
    return name.starts_with('.') && name.ends_with(".tmp");
}

/// Out of sight in one step, then away: a half-removed checkpoint is never seen.
void removeCheckpoint(const fs::path& folder)
{
    std::error_code ignored;
    const fs::path aside = folder.parent_path() / fmt::format(".{}.old.tmp", folder.filename().string());
    fs::rename(folder, aside, ignored);
    fs::remove_all(ignored ? folder : aside, ignored);
}

} // namespace

std::vector<std::int64_t> nameOrder(const fs::path& checkpoint)
{
    std::vector<std::int64_t> numbers;
    const std::string name = checkpoint.filename().string();
    const char* const end = name.data() + name.size();
    const auto isDigit = [](unsigned char c) { return std::isdigit(c) != 0; };
    for (const char* at = std::find_if(name.data(), end, isDigit); at != end;
         at = std::find_if(at, end, isDigit)) {
        std::int64_t number = std::numeric_limits<std::int64_t>::max(); // of more digits than fit
        at = std::from_chars(at, end, number).ptr;
        numbers.push_back(number);
    }
    return numbers;
}

Expected<fs::path> writeCheckpoint(const fs::path& run, const Snapshot& snapshot)
{
    const fs::path checkpoints = checkpointsOf(run);
    if (auto made = makeFolder(checkpoints); !made)
        return failure(made);
    const fs::path folder = freeFolder(checkpoints, snapshot);
    const fs::path temporary = checkpoints / fmt::format(".{}.tmp", folder.filename().string());
    std::error_code problem;
    fs::remove_all(temporary, problem);
    auto written = makeFolder(temporary).and_then([&] { return writeFiles(temporary, snapshot); });
    if (written) {
        fs::rename(temporary, folder, problem);
        if (problem)
            written = tl::unexpected(systemError(problem.value(), "Cannot write", folder));
    }
    if (!written) {
        fs::remove_all(temporary, problem);
        return failure(written);
    }
    if (auto synced = syncFolder(checkpoints); !synced)
        return failure(synced);
    return folder;
}

std::vector<CheckpointInfo> listCheckpoints(const fs::path& run)
{
    std::vector<Listed> found;
    for (const fs::path& folder : foldersIn(checkpointsOf(run))) {
        if (isTemporary(folder) || !readManifest(folder))
            continue;
        if (auto listed = readState(folder))
            found.push_back(std::move(*listed));
    }
    std::sort(found.begin(), found.end(), [](const Listed& a, const Listed& b) {
        return std::tie(a.info.step, a.savedAt) < std::tie(b.info.step, b.savedAt);
    });
    std::vector<CheckpointInfo> checkpoints;
    for (Listed& listed : found)
        checkpoints.push_back(std::move(listed.info));
    return checkpoints;
}

std::vector<fs::path> damagedCheckpoints(const fs::path& run)
{
    std::vector<fs::path> damaged;
    for (const fs::path& folder : foldersIn(checkpointsOf(run))) {
        if (!isTemporary(folder) && (!readManifest(folder) || !readState(folder)))
            damaged.push_back(folder);
    }
    std::sort(damaged.begin(), damaged.end(),
              [](const fs::path& a, const fs::path& b) { return nameOrder(a) < nameOrder(b); });
    return damaged;
}

Expected<std::vector<NamedTensor>> readWeights(const fs::path& checkpoint)
{
    const auto manifest = readManifest(checkpoint);
    if (!manifest)
        return failure(manifest);
    const auto bytes = readListedFile(checkpoint, *manifest, "model.safetensors");
    if (!bytes)
        return failure(bytes);
    auto file = readSafetensors(*bytes, shown(checkpoint / "model.safetensors"));
    if (!file)
        return failure(file);
    return std::move(file->tensors);
}

void removeOldCheckpoints(const fs::path& run)
{
    for (const fs::path& folder : foldersIn(checkpointsOf(run))) {
        std::error_code ignored;
        if (isTemporary(folder))
            fs::remove_all(folder, ignored);
    }
    const auto checkpoints = listCheckpoints(run);
    const auto best =
        std::find_if(checkpoints.rbegin(), checkpoints.rend(), [](const auto& c) { return c.best; });
    for (auto at = checkpoints.rbegin(); at != checkpoints.rend(); ++at) {
        if (at != checkpoints.rbegin() && at != best)
            removeCheckpoint(at->folder);
    }
}

} // namespace torchdesk
