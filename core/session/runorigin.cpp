// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/runorigin.h"

#include "core/device/processorfeatures.h"
#include "core/device/systemmonitor.h"
#include "core/session/commonestclass.h"

#include <array>
#include <unistd.h>

namespace torchdesk {

namespace {

std::string hostName()
{
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string();
}

/// "lenet" stays, "/home/me/nets/wide.json" becomes "wide", "/data/faces/" becomes "faces".
std::string shortName(const std::string& nameOrPath)
{
    if (nameOrPath.find('/') == std::string::npos)
        return nameOrPath;
    std::filesystem::path path(nameOrPath);
    if (!path.has_filename())
        path = path.parent_path();
    const std::string stem = path.stem().string();
    return stem.empty() ? "run" : stem;
}

} // namespace

RunRecord originOf(const TrainingJob& job, const EngineInfo& engine)
{
    const DataDescription& data = job.data.description;
    RunRecord record;
    record.name = shortName(job.plan.model) + "-" + shortName(job.plan.data);
    record.plan = job.plan;
    record.modelLabel = job.model.label;
    record.dataLabel = data.label;
    record.dataFingerprint = data.fingerprint;
    record.commonestShare = commonestShare(job);
    record.environment = {{"host", hostName()},
                          {"processor", processorName()},
                          {"cores", std::to_string(availableCores())},
                          {"vector_units", vectorUnits()},
                          {"torchdesk", TORCHDESK_VERSION},
                          {"engine", engine.name + " " + engine.version}};
    if (job.start)
        record.environment["start"] = job.start->summary;
    if (!engine.cudaVersion.empty())
        record.environment["cuda"] = engine.cudaVersion;
    return record;
}

} // namespace torchdesk
