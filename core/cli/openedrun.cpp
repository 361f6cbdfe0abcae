// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cli/openedrun.h"

#include "core/session/engineloader.h"

namespace torchdesk::cli {

Expected<ReadyRun> openForUse(const WeightsArgument::Chosen& chosen, const std::string& device)
{
    auto run = openRun(chosen.run, chosen.weights);
    if (!run)
        return failure(run);
    auto engine = loadEngine();
    if (!engine)
        return failure(engine);
    auto predictor = (*engine)->open(run->model.model, run->model.preprocessing, run->weights, device);
    if (!predictor)
        return failure(predictor);
    return ReadyRun{std::move(*run), std::move(*engine), std::move(*predictor)};
}

} // namespace torchdesk::cli
