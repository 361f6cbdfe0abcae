// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/export/exporter.h"
#include "core/run/runrecord.h"

#include <filesystem>

namespace torchdesk {

/// The network as a plain nn.Module, whose parameter names are those of the weights: the text of model.py.
Expected<std::string> pythonModel(const LoweredModel& model);
/// The name of its class: "lenet" is "LeNet" only by luck, so: letters and digits of the name, capitalised
/// ("Lenet").
std::string pythonClassName(const LoweredModel& model);

/// A script that loads \p weights (beside \p modelFile, in \p format whatever its name ends with) and prints
/// its logits for \p sample (stored bytes) beside \p logits, those of TorchDesk. Needs torch, and safetensors
/// for that format.
std::string pythonScript(const RunModel& model, const std::filesystem::path& weights,
                         const std::filesystem::path& modelFile, ExportFormat format,
                         std::span<const std::uint8_t> sample, std::span<const float> logits);

} // namespace torchdesk
