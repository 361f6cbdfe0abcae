// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/run/runjson.h"
#include "core/run/runrecord.h"

#include <fmt/format.h>

namespace torchdesk {

Json toJson(const RunModel& model)
{
    Json json = Json::object();
    json["format"] = RunRecord::format;
    json["classes"] = model.classes;
    json["preprocessing"] = toJson(model.preprocessing);
    json["model"] = toJson(model.model);
    return json;
}

Expected<RunModel> runModelFromJson(const Json& json, const std::string& source)
{
    if (auto checked = checkRunFormat(json, source, RunRecord::format); !checked)
        return failure(checked);
    RunModel run;
    JsonReader reader(json, source);
    reader.require({"classes", "preprocessing", "model"});
    reader.field("format");
    reader.read("classes", run.classes);
    const Json* preprocessing = reader.field("preprocessing");
    const Json* model = reader.field("model");
    if (auto read = reader.finish(); !read)
        return failure(read);
    auto converted = preprocessingFromJson(*preprocessing, source + ": preprocessing");
    if (!converted)
        return failure(converted);
    auto lowered = loweredFromJson(*model, source + ": model");
    if (!lowered)
        return failure(lowered);
    if (run.classes.size() != static_cast<std::size_t>(lowered->classes))
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("{}: classes: found {} names, wanted {}, as the model has. Use another run.", source,
                        run.classes.size(), lowered->classes));
    if (converted->shape != lowered->input)
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("{}: preprocessing: found a shape of {}, wanted {}, the model's input. Use another "
                        "run.",
                        source, shapeText(converted->shape), shapeText(lowered->input)));
    run.preprocessing = std::move(*converted);
    run.model = std::move(*lowered);
    return run;
}

} // namespace torchdesk
