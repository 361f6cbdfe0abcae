// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan/trainingplan.h"

#include <span>
#include <string>
#include <vector>

namespace torchdesk {

/// A plan file that ships with the program (resources/presets/*.json: a plan with "label" and "order" beside
/// it).
struct Preset
{
    std::string name;  ///< "lenet-drawn-digits"
    std::string label; ///< "LeNet on drawn digits, Adam, 5 epochs"; English, shown through tr()
    TrainingPlan plan;
    bool namesData = true; ///< else it is for pictures of one's own: the data that is chosen stays
};

/// The presets in the order of the form; the first one is the default plan. Any thread.
std::span<const Preset> presets();

/// The names in that order.
std::vector<std::string> presetNames();

/// The preset of this name; an error lists those that exist.
Expected<Preset> findPreset(const std::string& name);

} // namespace torchdesk
