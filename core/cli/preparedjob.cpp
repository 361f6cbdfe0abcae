// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cli/preparedjob.h"

#include "core/session/engineloader.h"

#include <future>

namespace torchdesk::cli {

Expected<PreparedJob> prepareForEngine(const TrainingPlan& plan, const Progress& progress,
                                       std::stop_token stop)
{
    auto loading = std::async(std::launch::async, [] { return loadEngine(); });
    auto job = prepareJob(plan, progress, stop);
    auto engine = loading.get();
    if (!job)
        return failure(job);
    if (!engine)
        return failure(engine);
    if (stop.stop_requested())
        return failure(ErrorKind::Cancelled, "stopped before the training began.");
    if (const auto checked = (*engine)->check(*job); !checked)
        return failure(checked);
    return PreparedJob{std::move(*engine), std::move(*job)};
}

} // namespace torchdesk::cli
