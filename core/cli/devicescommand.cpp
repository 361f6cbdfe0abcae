// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/cli/commands.h"
#include "core/cli/table.h"
#include "core/session/engineloader.h"

#include <CLI/CLI.hpp>

namespace torchdesk::cli {

namespace {

Json toJson(const DeviceInfo& device)
{
    return Json{{"id", device.id},
                {"label", device.label},
                {"total_memory", device.totalMemory},
                {"free_memory", device.freeMemory},
                {"pci_bus", device.pciBus}};
}

std::string memoryText(std::uint64_t bytes)
{
    return bytes ? byteSize(bytes) : "";
}

void print(Output& out, const EngineInfo& info, const std::vector<DeviceInfo>& devices)
{
    Table table({{"Device"}, {"What it is"}, {"Memory", true}, {"Free", true}});
    for (const DeviceInfo& device : devices)
        table.add({device.id, device.label, memoryText(device.totalMemory), memoryText(device.freeMemory)});
    table.print(out);
    out.line("");
    const std::string units = info.vectorUnits.empty() ? "" : ", " + info.vectorUnits;
    out.line(info.name + " " + info.version + units +
             (info.cudaVersion.empty() ? "" : ", CUDA " + info.cudaVersion));
    if (!info.whyNoCuda.empty())
        out.line(wrapped(info.whyNoCuda, out.width()));
}

int runDevices(Context& context, bool json)
{
    const auto engine = loadEngine();
    if (!engine)
        return report(context, engine.error());
    const auto devices = (*engine)->devices();
    if (json) {
        Json list = Json::array();
        for (const DeviceInfo& device : devices)
            list.push_back(toJson(device));
        context.out.json(list);
    } else
        print(context.out, (*engine)->info(), devices);
    return finish(context);
}

} // namespace

Command devicesCommand(CLI::App& program)
{
    CLI::App* app =
        program.add_subcommand("devices", "Lists what can compute here, and why a graphics card cannot.");
    const auto json = std::make_shared<bool>(false);
    app->add_flag("--json", *json, "Prints an array of objects instead.");
    return {app, [json](Context& context) { return runDevices(context, *json); }, {}};
}

} // namespace torchdesk::cli
