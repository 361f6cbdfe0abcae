// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan/trainingplan.h"
#include "core/session/fakeengine.h"

#include <filesystem>

namespace torchdesk::test {

/// Trains a run to its end with the fake engine: a whole run folder below \p runs, as the real one writes it.
/// \p data is a folder made by writeTinyDigits.
std::filesystem::path trainFake(const std::filesystem::path& runs, const std::filesystem::path& data,
                                TrainingPlan plan = {}, FakeScript script = {});

} // namespace torchdesk::test
