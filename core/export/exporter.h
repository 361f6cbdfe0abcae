// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/runfolder.h"
#include "core/session/engine.h"

namespace torchdesk {

enum class ExportFormat
{
    Safetensors,
    PyTorch
};

const char* exportFormatName(ExportFormat format); ///< "safetensors", "pytorch"
std::optional<ExportFormat> exportFormatNamed(std::string_view name);
const char* exportSuffix(ExportFormat format); ///< ".safetensors", ".pt"

struct ExportRequest
{
    std::filesystem::path run;
    Weights weights = Weights::Best;
    ExportFormat format = ExportFormat::PyTorch;
    std::filesystem::path file;
};

/// What was written and how it was verified.
struct ExportReport
{
    std::filesystem::path file;
    std::filesystem::path
        modelFile; ///< model.py beside it; model_<weights>.py where another one stands there
    std::int64_t epoch = 0;
    std::int64_t tensors = 0;
    std::int64_t parameters = 0;
    std::uint64_t bytes = 0;
    std::int64_t samples = 0;     ///< compared
    double largestDifference = 0; ///< of any output, against the run's own weights
    std::string script; ///< Python that runs as pasted and prints a sample's logits beside TorchDesk's
};

/// Writes the weights in the format, with model.py beside them; then reads the file back from disk into a
/// fresh module: tensors must be bit-equal and outputs within 1e-6, else it fails and what was written is
/// removed. Blocks.
Expected<ExportReport> exportRun(Engine& engine, const ExportRequest& request, const Progress& progress = {},
                                 std::stop_token stop = {});

} // namespace torchdesk
