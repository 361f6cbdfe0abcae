// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/runfolder.h"

#include "core/base/clock.h"
#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/run/runjson.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

/// Letters, digits, '.', '_', '-' and whatever is not ASCII; everything else becomes '-'.
std::string folderPart(const std::string& name)
{
    std::string part;
    for (const char c : shortened(trimmed(name), 80)) {
        const bool kept = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          c == '.' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
        if (kept)
            part += c;
        else if (!part.empty() && part.back() != '-')
            part += '-';
    }
    while (part.ends_with('-'))
        part.pop_back();
    return part.empty() ? "run" : part;
}

/// Taken for a moment on a description of its own, so that this process's own runs count too.
bool isLocked(const fs::path& run)
{
    const int descriptor = ::open((run / "lock").c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const bool locked = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ::close(descriptor);
    return locked;
}

Expected<RunRecord> readRecord(const fs::path& run)
{
    const fs::path file = run / "run.json";
    const auto text = readText(file);
    if (!text)
        return failure(text);
    const auto json = parseJson(*text, shown(file));
    if (!json)
        return failure(json);
    return runRecordFromJson(*json, shown(file));
}

double modifiedAt(const fs::path& file)
{
    struct stat status
    {};
    return ::stat(file.c_str(), &status) == 0 ? static_cast<double>(status.st_mtime) : 0;
}

bool hasRecord(const fs::path& folder)
{
    std::error_code ignored;
    return fs::exists(folder / "run.json", ignored);
}

std::vector<fs::path> runFolders(const fs::path& runs)
{
    std::vector<fs::path> found;
    std::error_code ignored;
    for (fs::directory_iterator at(runs, ignored), end; at != end; at.increment(ignored)) {
        if (hasRecord(at->path()))
            found.push_back(at->path());
    }
    return found;
}

bool isPath(const std::string& text)
{
    return text.find('/') != std::string::npos || text.starts_with('~') || text == "." || text == "..";
}

Expected<fs::path> findByPath(const std::string& text)
{
    const fs::path folder = tidyPath(text);
    if (!hasRecord(folder))
        return failure(
            ErrorKind::NotFound,
            fmt::format("{} is no run: it has no run.json. Choose the folder of a run.", shown(folder)));
    return folder;
}

std::string listCommand(const fs::path& runs)
{
    std::error_code ignored;
    const bool usual = fs::equivalent(runs, runsFolder(), ignored);
    return usual ? "torchdesk-cli runs" : "torchdesk-cli runs --runs " + shellWord(runs.string());
}

tl::unexpected<Error> noneNamed(const std::vector<RunSummary>& all, const fs::path& runs,
                                const std::string& name)
{
    std::vector<std::string> names;
    for (const RunSummary& run : all)
        names.push_back(run.folder.filename().string());
    const auto near = closest(name, names);
    return failure(
        ErrorKind::NotFound,
        fmt::format("No run in {} is called \"{}\" or begins so. {}", shown(runs), shortened(name, 80),
                    near ? fmt::format("Is it \"{}\"?", *near) : "List them with: " + listCommand(runs)));
}

/// The folder of the only run that \p matches; nullopt for none, an error for several.
template <class Matches>
std::optional<Expected<fs::path>> only(const std::vector<RunSummary>& all, const std::string& name,
                                       Matches matches)
{
    std::vector<const RunSummary*> found;
    for (const RunSummary& run : all) {
        if (matches(run))
            found.push_back(&run);
    }
    if (found.empty())
        return std::nullopt;
    if (found.size() == 1)
        return found.front()->folder;
    std::vector<std::string> names;
    for (const RunSummary* run : found)
        names.push_back(run->folder.filename().string());
    const std::size_t more = names.size() > 5 ? names.size() - 5 : 0;
    names.resize(names.size() - more);
    return failure(ErrorKind::InvalidInput,
                   fmt::format("\"{}\" fits {} runs: {}{}. Write more of the name.", shortened(name, 80),
                               found.size(), joined(names, ", "), more ? ", …" : ""));
}

} // namespace

Expected<fs::path> makeRunFolder(const fs::path& runs, const std::string& name)
{
    if (auto made = makeFolder(runs); !made)
        return failure(made);
    const std::string base = fmt::format("{}_{}", folderTime(wallSeconds()), folderPart(name));
    for (int number = 1;; ++number) {
        const fs::path folder = runs / (number == 1 ? base : fmt::format("{}-{}", base, number));
        if (::mkdir(folder.c_str(), 0755) == 0)
            return folder;
        if (errno != EEXIST)
            return tl::unexpected(systemError(errno, "Cannot make the folder", folder));
    }
}

RunSummary readRunSummary(const fs::path& run)
{
    RunSummary summary;
    summary.folder = run;
    auto record = readRecord(run);
    if (!record) {
        summary.problem = record.error().message;
        return summary;
    }
    summary.record = std::move(*record);
    summary.state = summary.record.finished ? RunState::Finished
                    : isLocked(run)         ? RunState::Running
                                            : RunState::Interrupted;
    return summary;
}

std::vector<RunSummary> listRuns(const fs::path& runs)
{
    using Dated = std::pair<double, RunSummary>;
    std::vector<Dated> found;
    for (const fs::path& folder : runFolders(runs)) {
        RunSummary summary = readRunSummary(folder);
        const bool dated = summary.state != RunState::Unreadable;
        const double date = dated ? summary.record.startedAt : modifiedAt(folder / "run.json");
        found.emplace_back(date, std::move(summary));
    }
    std::sort(found.begin(), found.end(), [](const Dated& a, const Dated& b) {
        return std::tie(a.first, a.second.folder) > std::tie(b.first, b.second.folder);
    });
    std::vector<RunSummary> summaries;
    for (auto& [date, summary] : found)
        summaries.push_back(std::move(summary));
    return summaries;
}

Expected<fs::path> findRun(const fs::path& runs, const std::string& nameOrPath)
{
    if (isPath(nameOrPath))
        return findByPath(nameOrPath);
    const auto all = listRuns(runs);
    if (all.empty())
        return failure(
            ErrorKind::NotFound,
            fmt::format("There are no runs in {}. Train one, or choose another folder.", shown(runs)));
    if (nameOrPath == "last")
        return all.front().folder;
    const auto folderName = [](const RunSummary& run) { return run.folder.filename().string(); };
    if (auto run = only(all, nameOrPath, [&](const RunSummary& r) { return folderName(r) == nameOrPath; }))
        return *run;
    if (auto run = only(all, nameOrPath, [&](const RunSummary& r) { return r.record.name == nameOrPath; }))
        return *run;
    const auto begins = [&](const RunSummary& r) {
        return folderName(r).starts_with(nameOrPath) || r.record.name.starts_with(nameOrPath);
    };
    if (auto run = nameOrPath.empty() ? std::nullopt : only(all, nameOrPath, begins))
        return *run;
    return noneNamed(all, runs, nameOrPath);
}

Expected<void> renameRun(const fs::path& run, const std::string& name)
{
    const std::string wanted = trimmed(name);
    if (wanted.empty() || shortened(wanted, 200) != wanted)
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("\"{}\" is no name for a run: 1 to 200 bytes of printable text are wanted.",
                        shortened(wanted, 60)));
    if (!hasRecord(run))
        return failure(findByPath(run.string() + "/"));
    const auto lock = RunLock::take(run);
    if (!lock)
        return failure(lock);
    auto record = readRecord(run);
    if (!record)
        return failure(record);
    record->name = wanted;
    return writeAtomically(run / "run.json", fileText(toJson(*record)));
}

} // namespace torchdesk
