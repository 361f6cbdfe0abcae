// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

namespace torchdesk {

/// The models that ship with the program (models/*.json, embedded at build time) followed by those of the
/// user's own folder; a file there with the same name wins. Files that cannot be read come as errors in \p
/// problems. Reads the user's folder: blocks briefly.
std::vector<ModelFile> modelCatalogue(std::vector<Error>* problems = nullptr);

/// A model by name, or by path where \p nameOrPath contains '/'. An unknown name lists those that exist.
Expected<ModelFile> findModel(const std::string& nameOrPath);

} // namespace torchdesk
