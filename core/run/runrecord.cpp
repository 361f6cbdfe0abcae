// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/runrecord.h"

#include "core/run/runjson.h"

#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace torchdesk {

namespace {

Json withoutName(Json event)
{
    event.erase("event");
    return event;
}

/// A row as its event has it, except that a figure which was not measured is left out and null means not
/// finite.
Json rowJson(const EpochDone& epoch)
{
    Json row = withoutName(toJson(Event(epoch)));
    if (!epoch.validationLoss)
        row.erase("validation_loss");
    if (!epoch.validationAccuracy)
        row.erase("validation_accuracy");
    return row;
}

/// \p json as the event of that name; messages begin with \p source and \p path.
template <class T>
Expected<T> eventAt(Json json, const char* name, const std::string& source, const std::string& path)
{
    if (!json.is_object())
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{}: {}: found {}, wanted a JSON object.", source, path, shown(json)));
    json["event"] = name;
    auto event = eventFromJson(json);
    if (event)
        return std::move(std::get<T>(*event));
    Error error = event.error();
    const std::string prefix = "event: ";
    if (error.message.starts_with(prefix))
        error.message = fmt::format("{}: {}.{}", source, path, error.message.substr(prefix.size()));
    return tl::unexpected(std::move(error));
}

Expected<EpochDone> rowFromJson(const Json& json, const std::string& source, const std::string& path)
{
    auto row = eventAt<EpochDone>(json, "epoch", source, path);
    if (!row)
        return row;
    const auto isNull = [&json](const char* key) { return json.contains(key) && json.at(key).is_null(); };
    if (isNull("validation_loss"))
        row->validationLoss = std::numeric_limits<double>::quiet_NaN();
    if (isNull("validation_accuracy"))
        row->validationAccuracy = std::numeric_limits<double>::quiet_NaN();
    return row;
}

Expected<std::vector<EpochDone>> rowsFromJson(const Json& json, const std::string& source)
{
    if (!json.is_array())
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{}: epochs: found {}, wanted an array.", source, shown(json)));
    std::vector<EpochDone> rows;
    for (const Json& value : json) {
        auto row = rowFromJson(value, source, fmt::format("epochs[{}]", rows.size()));
        if (!row)
            return failure(row);
        rows.push_back(std::move(*row));
    }
    return rows;
}

/// An event or null into \p out.
template <class T>
Expected<void> readOptional(const Json& json, const char* name, const std::string& source,
                            std::optional<T>& out)
{
    if (json.is_null())
        return {};
    auto event = eventAt<T>(json, name, source, name);
    if (!event)
        return failure(event);
    out = std::move(*event);
    return {};
}

Expected<void> readEnvironment(const Json& json, const std::string& source, RunRecord& record)
{
    if (!json.is_object())
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{}: environment: found {}, wanted a JSON object.", source, shown(json)));
    for (const auto& [key, value] : json.items()) {
        if (!value.is_string())
            return failure(
                ErrorKind::InvalidInput,
                fmt::format("{}: environment.{}: found {}, wanted a text.", source, key, shown(value)));
        record.environment[key] = value.get<std::string>();
    }
    return {};
}

Expected<void> readParts(const Json& json, const std::string& source, RunRecord& record)
{
    auto plan = planFromJson(json.at("plan"), source + ": plan");
    if (!plan)
        return failure(plan);
    record.plan = std::move(*plan);
    auto rows = rowsFromJson(json.at("epochs"), source);
    if (!rows)
        return failure(rows);
    record.epochs = std::move(*rows);
    return readOptional(json.at("started"), "started", source, record.started)
        .and_then([&] { return readOptional(json.at("finished"), "finished", source, record.finished); })
        .and_then([&] { return readEnvironment(json.at("environment"), source, record); });
}

/// NaN beats nothing.
double orLeast(const std::optional<double>& figure)
{
    const double value = figure.value_or(-1.0);
    return std::isnan(value) ? -1.0 : value;
}

double lossOf(const EpochDone& epoch)
{
    const double loss = epoch.validationLoss.value_or(std::numeric_limits<double>::infinity());
    return std::isnan(loss) ? std::numeric_limits<double>::infinity() : loss;
}

} // namespace

Expected<void> checkRunFormat(const Json& json, const std::string& source, std::int64_t format)
{
    if (!json.is_object())
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{}: found {}, wanted a JSON object.", source, shown(json)));
    const auto found = json.find("format");
    const bool whole = found != json.end() && found->is_number_integer();
    if (!whole || *found < 1)
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{}: format: found {}, wanted {}.", source,
                                   found == json.end() ? "nothing" : shown(*found), format));
    if (*found > format)
        return failure(ErrorKind::Unsupported,
                       fmt::format("{} is from a newer version of TorchDesk (format {}, this one "
                                   "reads {}). Update TorchDesk.",
                                   source, shown(*found), format));
    return {};
}

std::string fileText(const Json& json)
{
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::int64_t RunRecord::bestEpoch() const
{
    for (auto row = epochs.rbegin(); row != epochs.rend(); ++row) {
        if (row->best)
            return row->epoch;
    }
    return 0;
}

Json toJson(const RunRecord& record)
{
    Json epochs = Json::array();
    for (const EpochDone& epoch : record.epochs)
        epochs.push_back(rowJson(epoch));
    Json json = Json::object();
    json["format"] = RunRecord::format;
    json["name"] = record.name;
    json["model"] = record.modelLabel;
    json["data"] = record.dataLabel;
    json["data_fingerprint"] = record.dataFingerprint;
    if (record.commonestShare)
        json["commonest_share"] = *record.commonestShare;
    json["started_at"] = finiteOrNull(record.startedAt);
    json["ended_at"] = finiteOrNull(record.endedAt);
    json["best_epoch"] = record.bestEpoch();
    json["plan"] = toJson(record.plan);
    json["environment"] = record.environment;
    json["started"] = record.started ? withoutName(toJson(Event(*record.started))) : Json(nullptr);
    json["epochs"] = std::move(epochs);
    json["finished"] = record.finished ? withoutName(toJson(Event(*record.finished))) : Json(nullptr);
    return json;
}

Expected<RunRecord> runRecordFromJson(const Json& json, const std::string& source)
{
    if (auto checked = checkRunFormat(json, source, RunRecord::format); !checked)
        return failure(checked);
    RunRecord record;
    JsonReader reader(json, source);
    std::int64_t bestEpoch = 0; // for other programs; here it follows from the rows
    reader.require({"name", "model", "data", "data_fingerprint", "started_at", "ended_at", "plan",
                    "environment", "started", "epochs", "finished"});
    reader.read("name", record.name);
    reader.read("model", record.modelLabel);
    reader.read("data", record.dataLabel);
    reader.read("data_fingerprint", record.dataFingerprint);
    reader.read("commonest_share", record.commonestShare);
    reader.read("started_at", record.startedAt);
    reader.read("ended_at", record.endedAt);
    reader.read("best_epoch", bestEpoch);
    for (const char* key : {"format", "plan", "environment", "started", "epochs", "finished"})
        reader.field(key);
    if (auto read = reader.finish().and_then([&] { return readParts(json, source, record); }); !read)
        return failure(read);
    return record;
}

std::optional<double> risingFigure(const EpochDone& epoch, std::string_view name)
{
    if (name == "f1")
        return epoch.validationF1;
    if (name == "top5")
        return epoch.validationTop5;
    return name == "accuracy" ? epoch.validationAccuracy : std::nullopt;
}

bool isBetter(const EpochDone& candidate, const EpochDone& best, std::string_view by)
{
    if (!candidate.validationAccuracy && !best.validationAccuracy)
        return candidate.epoch > best.epoch;
    if (by == "loss" && lossOf(candidate) != lossOf(best))
        return lossOf(candidate) < lossOf(best);
    for (const std::string_view name : {by, std::string_view("accuracy")}) {
        const double found = orLeast(risingFigure(candidate, name));
        const double wanted = orLeast(risingFigure(best, name));
        if (found != wanted)
            return found > wanted;
    }
    if (lossOf(candidate) != lossOf(best))
        return lossOf(candidate) < lossOf(best);
    return candidate.epoch < best.epoch;
}

} // namespace torchdesk
