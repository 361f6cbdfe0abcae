// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/trainingplan.h"

#include "core/base/files.h"
#include "core/base/paths.h"
#include "core/plan/optioncheck.h"

#include <algorithm>
#include <fmt/format.h>

namespace torchdesk {

namespace {

constexpr std::uint64_t format = 1;
constexpr std::uint64_t largestFile = 1u << 20;

/// Keys of a preset, which is a plan file with a few words beside the plan: let pass, so that a preset can be
/// trained.
bool isBesidePlan(const std::string& key)
{
    return key == "format" || key == "label" || key == "order" || key == "name";
}

Expected<void> checkFormat(const Json& json, const std::string& source)
{
    const auto found = json.find("format");
    if (found == json.end())
        return {};
    if (!found->is_number_unsigned() || found->get<std::uint64_t>() == 0)
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{}: format: found {}, wanted {}.", source, shown(*found), format));
    if (found->get<std::uint64_t>() > format)
        return failure(
            ErrorKind::Unsupported,
            fmt::format("{}: format: found {}, wanted {}: the file is from a newer version of TorchDesk. "
                        "Update TorchDesk to use it.",
                        source, shown(*found), format));
    return {};
}

Expected<void> readOption(TrainingPlan& plan, const std::string& key, const Json& value,
                          const std::string& source)
{
    const Option* option = findOption(key);
    if (!option)
        return failure(ErrorKind::InvalidInput, fmt::format("{}: {}", source, unknownOption(key)));
    if (const auto problem = objection(*option, value))
        return failure(ErrorKind::InvalidInput, fmt::format("{}: {}: {}", source, key, *problem));
    option->put(plan, value);
    return {};
}

} // namespace

Json toJson(const TrainingPlan& plan)
{
    Json json = Json::object();
    json["format"] = format;
    for (const Option& option : optionTable())
        json[option.id] = option.get(plan);
    return json;
}

Expected<TrainingPlan> planFromJson(const Json& json, const std::string& source)
{
    if (!json.is_object())
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{}: found {}, wanted a JSON object.", source, shown(json)));
    if (const auto checked = checkFormat(json, source); !checked)
        return failure(checked);
    TrainingPlan plan;
    for (const auto& [key, value] : json.items()) {
        if (isBesidePlan(key))
            continue;
        if (const auto stored = readOption(plan, key, value, source); !stored)
            return failure(stored);
    }
    return plan;
}

Expected<TrainingPlan> readPlan(const std::string& file)
{
    const auto path = userPath(file);
    const auto text = readText(path, largestFile);
    if (!text)
        return failure(text);
    const auto json = parseJson(*text, shown(path));
    if (!json)
        return failure(json);
    return planFromJson(*json, shown(path));
}

} // namespace torchdesk
