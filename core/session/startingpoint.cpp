// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/startingpoint.h"

#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/formats/safetensors.h"
#include "core/formats/statedict.h"
#include "core/model/weightmatch.h"
#include "core/run/runfolder.h"
#include "core/session/startadvice.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

/// The names that can be given: those of layers with parameters up to their first dot, which also stand for
/// all that begins so ("layer1" for "layer1.0.conv1").
std::vector<std::string> layerNames(const LoweredModel& model)
{
    std::vector<std::string> names;
    for (const LoweredNode& node : model.nodes) {
        const std::string name = node.name.substr(0, node.name.find('.'));
        if (!node.parameters.empty() && std::ranges::find(names, name) == names.end())
            names.push_back(name);
    }
    return names;
}

bool belongsTo(const std::string& node, const std::string& layer)
{
    return node == layer || node.starts_with(layer + ".");
}

/// One past the last layer with parameters among the nodes before \p end: what follows it without any
/// (dropout before a head) is no part of what is frozen.
int afterParameters(const LoweredModel& model, int end)
{
    while (end > 0 && model.nodes[static_cast<std::size_t>(end - 1)].parameters.empty())
        --end;
    return end;
}

Expected<int> frozenUpTo(const std::string& layer, const LoweredModel& model)
{
    const std::vector<std::string> names = layerNames(model);
    int end = 0;
    for (std::size_t index = 0; index < model.nodes.size(); ++index)
        if (!layer.empty() && belongsTo(model.nodes[index].name, layer))
            end = static_cast<int>(index) + 1;
    if (end > 0)
        return end;
    return failure(ErrorKind::InvalidInput,
                   fmt::format("Freeze up to: found \"{}\", wanted a layer of model '{}', such as {}.",
                               shortened(layer, 60), model.name, joined(names, ", ")));
}

bool anyTrained(const LoweredModel& model, int from)
{
    return std::any_of(model.nodes.begin() + from, model.nodes.end(), [](const LoweredNode& node) {
        return std::ranges::any_of(node.parameters, [](const ParameterSpec& spec) { return spec.trainable; });
    });
}

std::string frozenSummary(const StartOptions& options, const LoweredModel& model, int frozen)
{
    std::int64_t values = 0;
    for (int index = 0; index < frozen; ++index)
        for (const ParameterSpec& spec : model.nodes[static_cast<std::size_t>(index)].parameters)
            if (spec.trainable)
                values += elementCount(spec.shape).value_or(0);
    std::string text =
        fmt::format("; {} of {} parameters are frozen", grouped(values), grouped(model.parameterCount()));
    if (options.releaseEpoch > 1)
        text += fmt::format(" until epoch {}", options.releaseEpoch);
    return text;
}

/// Of float32, as matchWeights() leaves them.
Expected<void> checkFinite(const std::vector<NamedTensor>& tensors, const std::string& source)
{
    for (const NamedTensor& tensor : tensors) {
        std::int64_t broken = 0;
        for (std::size_t at = 0; at + sizeof(float) <= tensor.bytes->size(); at += sizeof(float)) {
            float value = 0;
            std::memcpy(&value, tensor.bytes->data() + at, sizeof value);
            broken += !std::isfinite(value);
        }
        if (broken > 0)
            return failure(ErrorKind::InvalidInput,
                           fmt::format("{}: {} of the values of {} are not numbers, so nothing can be "
                                       "learned from them. Choose other weights.",
                                       source, grouped(broken), tensor.name));
    }
    return {};
}

} // namespace

Expected<std::vector<NamedTensor>> readWeightsFrom(const std::string& text, std::string* note)
{
    const fs::path path = userPath(text);
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
        auto run = openRun(path);
        if (!run)
            return failure(run);
        if (note)
            *note = fmt::format("epoch {}", run->epoch);
        return std::move(run->weights);
    }
    const auto bytes = readBytes(path);
    if (!bytes)
        return failure(bytes);
    if (!looksLikeStateDict(*bytes)) {
        auto file = readSafetensors(*bytes, shown(path));
        if (!file && path.extension() != ".safetensors")
            return failure(ErrorKind::InvalidInput,
                           fmt::format("{} holds no weights: it is neither a state dict as PyTorch's "
                                       "torch.save(model.state_dict(), 'weights.pth') writes it nor a "
                                       "safetensors file. Choose one of these, or the folder of a run.",
                                       shown(path)));
        if (!file)
            return failure(file);
        return std::move(file->tensors);
    }
    auto dict = readStateDict(*bytes, shown(path));
    if (!dict)
        return failure(dict);
    if (note && !dict->key.empty())
        *note = "under '" + dict->key + "'";
    return std::move(dict->tensors);
}

Expected<int> frozenNodes(const StartOptions& options, const LoweredModel& model)
{
    if (options.freeze == "none" || options.releaseEpoch == 1)
        return 0;
    Expected<int> end = 0;
    if (options.freeze == "layers") {
        end = frozenUpTo(options.freezeLayer, model);
    } else if (const auto head = headNode(model)) {
        end = *head;
    } else {
        return failure(ErrorKind::InvalidInput,
                       fmt::format("Freeze: model '{}' has no head: its last layer with parameters does not "
                                   "give one value a class. Freeze up to a layer, or nothing.",
                                   model.name));
    }
    if (!end)
        return end;
    if (!anyTrained(model, *end))
        return failure(ErrorKind::InvalidInput,
                       fmt::format("Freeze up to: \"{}\" leaves nothing to train in model '{}'. Name an "
                                   "earlier layer.",
                                   shortened(options.freezeLayer, 60), model.name));
    return afterParameters(model, *end);
}

Expected<StartingPoint> prepareStart(const StartOptions& options, const LoweredModel& model)
{
    const std::string source = shown(userPath(options.weights));
    std::string note;
    const auto tensors = readWeightsFrom(options.weights, &note);
    if (!tensors)
        return failure(tensors);
    WeightMatch match = matchWeights(model, *tensors);
    if (!match.startsTraining())
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{}: its weights are not those of model '{}' ({}){}{}. Choose the model "
                                   "that they were trained with, or other weights ('torchdesk-cli weights' "
                                   "lists all).",
                                   source, model.name, matchSummary(match, model), match.fits() ? "" : ": ",
                                   matchTrouble(match)));
    if (const auto whole = checkFinite(match.matched, source); !whole)
        return failure(whole);
    const auto frozen = frozenNodes(options, model);
    if (!frozen)
        return failure(frozen);
    StartingPoint start;
    start.matched = matchSummary(match, model);
    if (*frozen > 0)
        start.matched += frozenSummary(options, model, *frozen);
    start.summary =
        fmt::format("Starts from {}{}: {}.", source, note.empty() ? "" : " (" + note + ")", start.matched);
    start.tensors = std::move(match.matched);
    start.frozenNodes = *frozen;
    start.ofFile = !areOfRun(options.weights);
    return start;
}

} // namespace torchdesk
