// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"
#include "core/plan/startoptions.h"

namespace torchdesk {

/// Where a training begins that does not begin from nothing. A value; never changes once made.
struct StartingPoint
{
    /// "100 of 102 tensors matched, fc is new for 2 classes; 11,176,512 of 11,177,538 parameters are frozen"
    std::string matched;
    std::string summary;              ///< one sentence: what was taken from where, and what is frozen
    std::vector<NamedTensor> tensors; ///< float32, under the model's names; what is not here begins anew
    bool ofFile = false;              ///< not of a run
    int frozenNodes = 0;              ///< the first so many nodes keep their parameters and running figures
};

/// Reads the weights and puts them beside the model's parameters. An error lists what does not fit. Blocks
/// while the file is read; any thread.
Expected<StartingPoint> prepareStart(const StartOptions& options, const LoweredModel& model);

/// The tensors of a .safetensors, .pt or .pth file, known by its first bytes, or the best weights of the run
/// in a folder. \p note gets what is worth saying of them. Blocks.
Expected<std::vector<NamedTensor>> readWeightsFrom(const std::string& path, std::string* note = nullptr);

/// How many nodes the options freeze: those up to the layer that is named, or all before the head. An error
/// names layers to choose from.
Expected<int> frozenNodes(const StartOptions& options, const LoweredModel& model);

} // namespace torchdesk
