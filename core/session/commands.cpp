// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/commands.h"

#include <cmath>

namespace torchdesk {

namespace {

Json commandNamed(const char* name)
{
    Json json = Json::object();
    json["command"] = name;
    return json;
}

Json write(const Start&)
{
    return commandNamed("start");
}

Json write(const Pause&)
{
    return commandNamed("pause");
}

Json write(const Resume&)
{
    return commandNamed("resume");
}

Json write(const Stop& stop)
{
    Json json = commandNamed("stop");
    json["when"] = stop.when == Stop::When::AfterEpoch ? "after_epoch" : "now";
    return json;
}

Json write(const Change& change)
{
    Json json = commandNamed("change");
    json["id"] = change.id;
    json["value"] = finiteOrNull(change.value);
    return json;
}

Json write(const TakeSnapshot&)
{
    return commandNamed("snapshot");
}

Stop readStop(JsonReader& reader)
{
    std::string when = "now";
    reader.read("when", when);
    if (when != "now" && when != "after_epoch")
        reader.fail("when", shown(Json(when)), "\"now\" or \"after_epoch\"");
    return Stop{when == "after_epoch" ? Stop::When::AfterEpoch : Stop::When::Now};
}

Change readChange(JsonReader& reader)
{
    Change change;
    reader.require({"id", "value"});
    reader.read("id", change.id);
    reader.read("value", change.value);
    if (!std::isfinite(change.value))
        reader.fail("value", "a number that is not finite", "a finite number");
    return change;
}

Command readCommand(const std::string& name, JsonReader& reader)
{
    if (name == "start")
        return Start{};
    if (name == "pause")
        return Pause{};
    if (name == "resume")
        return Resume{};
    if (name == "stop")
        return readStop(reader);
    if (name == "change")
        return readChange(reader);
    if (name == "snapshot")
        return TakeSnapshot{};
    reader.fail("command", shown(Json(name)), "start, pause, resume, stop, change or snapshot");
    return Pause{};
}

} // namespace

Json toJson(const Command& command)
{
    return std::visit([](const auto& one) { return write(one); }, command);
}

Expected<Command> commandFromJson(const Json& json)
{
    JsonReader reader(json, "command");
    reader.require({"command"});
    std::string name = "pause";
    reader.read("command", name);
    const Command command = readCommand(name, reader);
    if (const auto read = reader.finish(); !read)
        return failure(read);
    return command;
}

} // namespace torchdesk
