// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/plancheck.h"
#include "gui/pages/notecombo.h"

/// The words and offers of the form of a new run. Pure functions.
namespace torchdesk {

/// Words that core holds in English (option table, presets), in the user's language.
QString tableText(const std::string& text);

std::vector<Offer> modelOffers(const Catalogue& catalogue);
std::vector<Offer> dataOffers(const Catalogue& catalogue);
/// "cuda:1 RTX 4090, 21 GB free"; automatic first.
std::vector<Offer> deviceOffers(const std::vector<DeviceInfo>& devices);
/// Rich text: "Adam 0.001, batch 128, <b>seed 7 •</b>": what differs from the preset is bold.
/// Fields named in \p seen stand above it already and are left out.
QString settingsSummary(const TrainingPlan& plan, const TrainingPlan& base,
                        const std::vector<std::string>& seen = {});
/// What stands at the field at fault: the sentence, or where it is long its first part and where the rest
/// stands.
QString refusalText(const QString& sentence);
/// The same for a folder of the user's own without the data.
QString missingFolderText(const std::string& folder);
/// "54,000 + 6,000 + 10,000": training, validation, test.
QString dataCountsText(const TrainingJob& job);

} // namespace torchdesk
