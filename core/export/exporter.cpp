// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/exporter.h"

#include "core/base/text.h"
#include "core/export/exporttarget.h"
#include "core/export/exportverification.h"
#include "core/export/pythonmodel.h"
#include "core/formats/safetensors.h"

#include <algorithm>

namespace torchdesk {

namespace {

std::map<std::string, std::string> metadataOf(const OpenedRun& run)
{
    return {{"format", "pt"},
            {"model", run.model.model.name},
            {"epoch", std::to_string(run.epoch)},
            {"run", shown(run.folder.filename())}};
}

/// In the order of the network's layers, as PyTorch writes a state dict; a checkpoint has them by name.
std::vector<NamedTensor> inModelOrder(const OpenedRun& run)
{
    std::map<std::string, std::size_t> places;
    for (const LoweredNode& node : run.model.model.nodes) {
        for (const ParameterSpec& parameter : node.parameters)
            places.emplace(parameter.name, places.size());
    }
    const auto place = [&places](const NamedTensor& tensor) {
        const auto at = places.find(tensor.name);
        return at == places.end() ? places.size() : at->second;
    };
    std::vector<NamedTensor> tensors = run.weights;
    std::stable_sort(tensors.begin(), tensors.end(),
                     [&](const NamedTensor& a, const NamedTensor& b) { return place(a) < place(b); });
    return tensors;
}

Expected<Bytes> encoded(Engine& engine, const OpenedRun& run, ExportFormat format)
{
    if (format == ExportFormat::Safetensors)
        return writeSafetensors(run.weights, metadataOf(run));
    return engine.toStateDict(inModelOrder(run));
}

Expected<std::vector<NamedTensor>> decoded(Engine& engine, std::span<const std::byte> bytes,
                                           ExportFormat format, const std::string& source)
{
    if (format == ExportFormat::PyTorch)
        return engine.fromStateDict(bytes, source);
    auto file = readSafetensors(bytes, source);
    if (!file)
        return failure(file);
    return std::move(file->tensors);
}

/// What a step of the export says and how far it is.
struct Step
{
    double share;
    const char* what;
};

Expected<void> advance(const Progress& progress, std::stop_token stop, const Step& step)
{
    if (stop.stop_requested())
        return failure(ErrorKind::Cancelled, "The export was cancelled; nothing was written.");
    if (progress)
        progress(step.share, step.what);
    return {};
}

Expected<ComparedOutputs> verify(Engine& engine, const OpenedRun& run, const ExportTarget& target,
                                 ExportFormat format, const VerificationSamples& samples)
{
    const std::string source = shown(target.file());
    const auto bytes = readBytes(target.weightsFile());
    if (!bytes)
        return failure(bytes);
    const auto tensors = decoded(engine, *bytes, format, source);
    if (!tensors)
        return failure(tensors);
    if (const auto compared = compareTensors(run.weights, *tensors, source); !compared)
        return failure(compared);
    return compareOutputs(engine, run, *tensors, samples, source);
}

ExportReport reportOf(const OpenedRun& run, ExportFormat format, const ExportTarget& target,
                      std::uint64_t bytes, const VerificationSamples& samples,
                      const ComparedOutputs& compared)
{
    ExportReport report;
    report.file = target.file();
    report.modelFile = target.modelFile();
    report.epoch = run.epoch;
    report.tensors = static_cast<std::int64_t>(run.weights.size());
    report.parameters = run.model.model.parameterCount();
    report.bytes = bytes;
    report.samples = samples.count;
    report.largestDifference = compared.largestDifference;
    const auto one = samples.bytes.size() / static_cast<std::size_t>(samples.count);
    report.script = pythonScript(run.model, report.file, report.modelFile, format,
                                 std::span(samples.bytes).first(one), compared.first);
    return report;
}

/// Writes the weights and model.py under their temporary names; gives the size of the weights.
Expected<std::uint64_t> writeParts(Engine& engine, const OpenedRun& run, ExportFormat format,
                                   ExportTarget& target)
{
    const auto model = pythonModel(run.model.model);
    if (!model)
        return failure(model);
    const auto bytes = encoded(engine, run, format);
    if (!bytes)
        return failure(bytes);
    if (const auto written = target.writeWeights(*bytes); !written)
        return failure(written);
    if (const auto written = target.writeModel(*model); !written)
        return failure(written);
    return bytes->size();
}

} // namespace

const char* exportFormatName(ExportFormat format)
{
    return format == ExportFormat::Safetensors ? "safetensors" : "pytorch";
}

std::optional<ExportFormat> exportFormatNamed(std::string_view name)
{
    for (const ExportFormat format : {ExportFormat::Safetensors, ExportFormat::PyTorch}) {
        if (name == exportFormatName(format))
            return format;
    }
    return std::nullopt;
}

const char* exportSuffix(ExportFormat format)
{
    return format == ExportFormat::Safetensors ? ".safetensors" : ".pt";
}

Expected<ExportReport> exportRun(Engine& engine, const ExportRequest& request, const Progress& progress,
                                 std::stop_token stop)
{
    auto target = ExportTarget::prepare(request.file, request.run);
    if (!target)
        return failure(target);
    if (const auto on = advance(progress, stop, {0.0, "reading the run"}); !on)
        return failure(on);
    const auto run = openRun(request.run, request.weights);
    if (!run)
        return failure(run);
    if (const auto on = advance(progress, stop, {0.1, "opening the test data"}); !on)
        return failure(on);
    const auto samples = verificationSamples(*run, stop);
    if (const auto on = advance(progress, stop, {0.6, "writing"}); !on)
        return failure(on);
    const auto bytes = writeParts(engine, *run, request.format, *target);
    if (!bytes)
        return failure(bytes);
    if (const auto on = advance(progress, stop, {0.8, "reading back and comparing"}); !on)
        return failure(on);
    const auto compared = verify(engine, *run, *target, request.format, samples);
    if (!compared)
        return failure(compared);
    if (const auto committed = target->commit(); !committed)
        return failure(committed);
    return reportOf(*run, request.format, *target, *bytes, samples, *compared);
}

} // namespace torchdesk
