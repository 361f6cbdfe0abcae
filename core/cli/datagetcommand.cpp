// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/cli/commands.h"
#include "core/cli/progressline.h"
#include "core/cli/usage.h"
#include "core/data/catalogue.h"
#include "core/data/download/downloader.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>

namespace torchdesk::cli {

namespace {

struct GetArguments
{
    std::string name;
    std::string to; ///< empty: ~/TorchDesk/data
    bool json = false;
};

Expected<PublishedSet> setToGet(const std::string& name)
{
    std::vector<std::string> names;
    for (const PublishedSet& set : publishedSets()) {
        if (set.name == name)
            return set;
        names.push_back(set.name);
    }
    const auto near = closest(name, names);
    return failure(ErrorKind::NotFound,
                   fmt::format("there is nothing called \"{}\" to download; {}", shortened(name, 60),
                               near ? fmt::format("did you mean \"{}\"?", *near)
                                    : fmt::format("there are {}.", joined(names, ", "))));
}

/// The one line of a download on a terminal; a pipe is told nothing on the way.
class DownloadLine
{
public:
    explicit DownloadLine(Output& out) : m_out(out) {}
    ~DownloadLine() { clear(); }
    DownloadLine(const DownloadLine&) = delete;
    DownloadLine& operator=(const DownloadLine&) = delete;

    void show(const DownloadProgress& progress)
    {
        if (!m_out.terminal())
            return;
        constexpr int barWidth = 24;
        const double share = progress.total > 0 ? double(progress.done) / double(progress.total) : 0;
        const std::string words = fmt::format("{}  {}", downloadText(progress), m_out.faint(progress.host));
        const std::string line = m_out.width() > 80 ? progressBar(share, barWidth) + "  " + words
                                                    : fitted(downloadText(progress), m_out.width() - 1);
        m_out.write("\r\x1b[K" + line);
        m_shown = true;
    }
    void clear()
    {
        if (m_shown)
            m_out.write("\r\x1b[K");
        m_shown = false;
    }

private:
    Output& m_out;
    bool m_shown = false;
};

/// Where the set lies already; empty where it does not.
std::string foundAt(const PublishedSet& set, const std::string& to)
{
    for (const DataEntry& entry : dataCatalogue(to)) {
        if (entry.description.name == set.name && entry.available)
            return entry.description.folder;
    }
    return {};
}

int told(Context& context, const PublishedSet& set, const std::filesystem::path& folder,
         const GetArguments& arguments, bool before)
{
    if (arguments.json) {
        context.out.json(Json{{"name", set.name},
                              {"place", pathText(folder)},
                              {"bytes", set.bytes()},
                              {"downloaded", !before}});
        return finish(context);
    }
    const std::string place = shown(folder);
    context.out.line(
        before ? fmt::format("{} is there already: {}", set.label, place)
               : fmt::format("{} is in {} ({}, as published).", set.label, place, byteSize(set.bytes())));
    const std::string option = arguments.to.empty() ? "" : " --data-dir " + shellWord(arguments.to);
    context.out.line(fmt::format("To train on it: torchdesk-cli train --data {}{}", set.name, option));
    return finish(context);
}

int runDataGet(Context& context, const GetArguments& arguments)
{
    const auto set = setToGet(arguments.name);
    if (!set)
        return report(context, set.error(), exitWrongUse);
    if (arguments.to.empty()) {
        if (const std::string place = foundAt(*set, {}); !place.empty())
            return told(context, *set, place, arguments, true);
    }
    const auto folder = arguments.to.empty() ? downloadFolder(set->name) : tidyPath(arguments.to) / set->name;
    if (!arguments.json)
        context.out.line(fmt::format("{}, {}, into {}", set->label, byteSize(set->bytes()), shown(folder)));
    std::uint64_t done = 0;
    DownloadLine line(context.out);
    const auto fetched = Downloader().fetch(
        *set, folder,
        [&](const DownloadProgress& progress) {
            done = progress.done;
            line.show(progress);
        },
        context.interrupts.token());
    line.clear();
    if (fetched)
        return told(context, *set, folder, arguments, false);
    if (fetched.error().kind != ErrorKind::Cancelled)
        return report(context, fetched.error());
    context.out.problem(fmt::format("stopped: {} of {} are kept, and the same command goes on from there.",
                                    byteSize(done), byteSize(set->bytes())));
    return exitFailed;
}

} // namespace

Command dataGetCommand(CLI::App& data)
{
    CLI::App* app = data.add_subcommand(
        "get",
        "Downloads a data set. Files are compared with the published SHA-256; after an interruption the same "
        "command goes on where it stopped.");
    const auto arguments = std::make_shared<GetArguments>();
    std::vector<std::string> names;
    for (const PublishedSet& set : publishedSets())
        names.push_back(set.name);
    app->add_option("NAME", arguments->name, joined(names, ", ") + ".")->required();
    app->add_option("--to", arguments->to,
                    "The folder in which a folder NAME gets the files (~/TorchDesk/data).")
        ->type_name("DIR")
        ->check(notEmpty());
    app->add_flag("--json", arguments->json, "Prints an object at the end, and nothing else.");
    return {app,
            [=](Context& context) { return runDataGet(context, *arguments); },
            {"torchdesk-cli data get cifar-10", "torchdesk-cli data get mnist --to /data"},
            {}};
}

} // namespace torchdesk::cli
