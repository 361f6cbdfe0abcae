// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cli/datafolder.h"

#include "core/base/files.h"
#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/cli/table.h"
#include "core/data/classbalance.h"
#include "core/data/folder/folderscan.h"

#include <algorithm>
#include <fmt/format.h>

namespace torchdesk::cli {

namespace {

/// What the scan says, and whether the classes that it found are uneven.
std::vector<DataNotice> noticesFor(const FolderScan& scan, const FolderStatistics& statistics)
{
    std::vector<DataNotice> notices = noticesOf(scan, statistics);
    std::vector<std::int64_t> counts;
    std::vector<std::string> names;
    for (const FolderStatistics::ClassCount& count : statistics.classes) {
        counts.push_back(count.train);
        names.push_back(count.name);
    }
    if (const auto imbalance = findImbalance(counts))
        notices.push_back({imbalanceText(*imbalance, names)});
    return notices;
}

/// A longer list is for --json.
constexpr std::size_t shownUnreadable = 20;

Json toJson(const FolderScan& scan, const FolderStatistics& statistics)
{
    Json classes = Json::array();
    for (const FolderStatistics::ClassCount& count : statistics.classes)
        classes.push_back({{"name", count.name},
                           {"train", count.train},
                           {"validation", count.validation},
                           {"test", count.test}});
    Json unreadable = Json::array();
    for (const UnreadableFile& file : scan.unreadable)
        unreadable.push_back({{"file", file.path}, {"reason", file.reason}});
    Json notices = Json::array();
    for (const DataNotice& notice : noticesFor(scan, statistics))
        notices.push_back(notice.message);
    return Json{{"path", pathText(scan.folder)},
                {"archive", scan.archive},
                {"parts", scan.parts},
                {"pictures", statistics.pictures},
                {"bytes", statistics.bytes},
                {"colour", statistics.colour},
                {"deep", statistics.deep},
                {"smallest", {statistics.leastWidth, statistics.leastHeight}},
                {"median", {statistics.medianWidth, statistics.medianHeight}},
                {"largest", {statistics.mostWidth, statistics.mostHeight}},
                {"sizes", statistics.sizes},
                {"copies", statistics.copies},
                {"copies_across_parts", statistics.acrossParts},
                {"copies_across_classes", statistics.acrossClasses},
                {"classes", classes},
                {"unreadable", unreadable},
                {"notices", notices}};
}

void printClasses(Output& out, const FolderScan& scan, const FolderStatistics& statistics)
{
    Table table(
        scan.parts
            ? std::vector<Table::Column>{{"Class"}, {"Training", true}, {"Validation", true}, {"Test", true}}
            : std::vector<Table::Column>{{"Class"}, {"Pictures", true}});
    for (const FolderStatistics::ClassCount& count : statistics.classes) {
        std::vector<std::string> cells = {count.name, grouped(count.train)};
        if (scan.parts)
            cells.insert(cells.end(), {grouped(count.validation), grouped(count.test)});
        table.add(std::move(cells));
    }
    table.print(out);
}

std::string summaryOf(const FolderStatistics& statistics)
{
    const std::string sizes =
        statistics.sizes == 1
            ? fmt::format("all {}×{}", statistics.leastWidth, statistics.leastHeight)
            : fmt::format("{} sizes from {}×{} to {}×{}, {}×{} in the middle", grouped(statistics.sizes),
                          statistics.leastWidth, statistics.leastHeight, statistics.mostWidth,
                          statistics.mostHeight, statistics.medianWidth, statistics.medianHeight);
    const std::int64_t grey = statistics.pictures - statistics.colour;
    std::string text =
        fmt::format("{} pictures, {}, {}", grouped(statistics.pictures), byteSize(statistics.bytes), sizes);
    if (grey > 0)
        text += fmt::format(", {} grey", grouped(grey));
    if (statistics.deep > 0)
        text += fmt::format(", {} with 16 bits", grouped(statistics.deep));
    return text;
}

void print(Output& out, const FolderScan& scan, const FolderStatistics& statistics)
{
    printClasses(out, scan, statistics);
    out.line('\n' + wrapped(summaryOf(statistics), out.width()));
    for (const DataNotice& notice : noticesFor(scan, statistics))
        out.line(wrapped(notice.message, out.width(), 2));
    if (scan.unreadable.size() <= LeftOut::shownNames)
        return;
    out.line("\nCannot be read:");
    for (std::size_t i = 0; i < std::min(scan.unreadable.size(), shownUnreadable); ++i)
        out.line(fmt::format("  {}: {}", scan.unreadable[i].path, scan.unreadable[i].reason));
    if (scan.unreadable.size() > shownUnreadable)
        out.line(fmt::format("  and {} more; --json lists all.",
                             grouped(static_cast<std::int64_t>(scan.unreadable.size() - shownUnreadable))));
}

} // namespace

int runDataFolder(Context& context, const std::string& path, bool json)
{
    Output& out = context.out;
    const bool shows = out.terminal() && !json;
    const auto progress = [&](double share, const std::string& what) {
        if (shows)
            out.write(fmt::format("\r{} ({})\x1b[K", what, percent(share, 0)));
    };
    const auto scan = scanFolder(tidyPath(path), progress, context.interrupts.token());
    if (shows)
        out.write("\r\x1b[K");
    if (!scan)
        return report(context, scan.error());
    const FolderStatistics statistics = statisticsOf(*scan);
    if (json)
        out.json(toJson(*scan, statistics));
    else
        print(out, *scan, statistics);
    return finish(context);
}

} // namespace torchdesk::cli
