// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/checkpoint.h"
#include "core/run/runfolder.h"

#include <algorithm>
#include <fmt/format.h>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

template <class T, class Parse>
Expected<T> readPart(const fs::path& run, const char* name, Parse parse)
{
    const fs::path file = run / name;
    const auto text = readText(file);
    if (!text && text.error().kind == ErrorKind::NotFound)
        return failure(
            ErrorKind::NotFound,
            fmt::format("The run {} is not complete: {} is missing. Choose another run.", shown(run), name));
    if (!text)
        return failure(text);
    const auto json = parseJson(*text, shown(file));
    if (!json)
        return failure(json);
    return parse(*json, shown(file));
}

/// Other weights than the wanted ones must not be taken in silence.
tl::unexpected<Error> damaged(const fs::path& checkpoint, Weights weights)
{
    return failure(ErrorKind::InvalidInput,
                   fmt::format("The {} weights of the run may be in {}, which is damaged or from a newer "
                               "version: its MANIFEST or state.json "
                               "cannot be read. Use the {} weights, or train again.",
                               weights == Weights::Best ? "best" : "last", shown(checkpoint),
                               weights == Weights::Best ? "last" : "best"));
}

Expected<CheckpointInfo> choose(const fs::path& run, Weights weights)
{
    const auto broken = damagedCheckpoints(run);
    const auto checkpoints = listCheckpoints(run);
    if (checkpoints.empty() && !broken.empty())
        return damaged(broken.back(), weights);
    if (checkpoints.empty())
        return failure(
            ErrorKind::NotFound,
            fmt::format(
                "The run {} has no weights: no whole checkpoint was saved. Train for at least one epoch.",
                shown(run)));
    if (weights == Weights::Last) {
        const auto last = nameOrder(checkpoints.back().folder);
        const auto newer = std::find_if(broken.begin(), broken.end(),
                                        [&](const fs::path& one) { return nameOrder(one) > last; });
        return newer == broken.end() ? Expected<CheckpointInfo>(checkpoints.back())
                                     : damaged(*newer, weights);
    }
    const auto best =
        std::find_if(checkpoints.rbegin(), checkpoints.rend(), [](const auto& c) { return c.best; });
    if (best != checkpoints.rend())
        return *best;
    return broken.empty() ? Expected<CheckpointInfo>(checkpoints.back()) : damaged(broken.front(), weights);
}

Expected<void> readChosen(OpenedRun& opened, Weights weights)
{
    // A run that goes on removes old checkpoints: where one is gone by now, a newer one is there.
    for (int attempt = 0;; ++attempt) {
        const auto chosen = choose(opened.folder, weights);
        if (!chosen)
            return failure(chosen);
        auto tensors = readWeights(chosen->folder);
        std::error_code ignored;
        if (!tensors && attempt < 5 && !fs::exists(chosen->folder, ignored))
            continue;
        if (!tensors)
            return failure(tensors);
        opened.epoch = chosen->epoch;
        opened.weights = std::move(*tensors);
        return {};
    }
}

} // namespace

Expected<OpenedRun> openRun(const fs::path& run, Weights weights)
{
    auto record = readPart<RunRecord>(run, "run.json", runRecordFromJson);
    if (!record)
        return failure(record);
    auto model = readPart<RunModel>(run, "model.json", runModelFromJson);
    if (!model)
        return failure(model);
    OpenedRun opened{run, std::move(*record), std::move(*model), 0, {}};
    if (auto read = readChosen(opened, weights); !read)
        return failure(read);
    return opened;
}

} // namespace torchdesk
