// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/presets.h"

#include "core/base/embedded.h"
#include "core/base/log.h"
#include "core/base/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace torchdesk {

namespace {

struct Ordered
{
    std::int64_t order = 0;
    Preset preset;
};

Expected<Ordered> parsed(const EmbeddedFile& file)
{
    const std::string source = std::string(file.name) + ".json";
    const auto json = parseJson(file.text, source);
    if (!json)
        return failure(json);
    const auto plan = planFromJson(*json, source);
    if (!plan)
        return failure(plan);
    Ordered made{0, {std::string(file.name), {}, *plan, json->contains("data")}};
    JsonReader reader(*json, source);
    reader.require({"label", "order"});
    reader.read("label", made.preset.label);
    reader.read("order", made.order);
    if (const auto complete = reader.finishLeniently(); !complete)
        return failure(complete);
    return made;
}

std::vector<Preset> read()
{
    std::vector<Ordered> found;
    for (const EmbeddedFile& file : embedded_presets()) {
        if (auto preset = parsed(file))
            found.push_back(std::move(*preset));
        else
            logWarning(preset.error().message);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.order < b.order; });
    std::vector<Preset> result;
    for (Ordered& each : found)
        result.push_back(std::move(each.preset));
    return result;
}

} // namespace

std::span<const Preset> presets()
{
    static const std::vector<Preset> all = read();
    return all;
}

std::vector<std::string> presetNames()
{
    std::vector<std::string> names;
    for (const Preset& preset : presets())
        names.push_back(preset.name);
    return names;
}

Expected<Preset> findPreset(const std::string& name)
{
    const auto all = presets();
    const auto found = std::ranges::find(all, name, &Preset::name);
    if (found != all.end())
        return *found;
    return failure(ErrorKind::NotFound, fmt::format("there is no preset \"{}\"; there are {}.",
                                                    shortened(name, 60), joined(presetNames(), ", ")));
}

} // namespace torchdesk
