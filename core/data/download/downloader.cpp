// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/download/downloader.h"

#include "core/base/files.h"
#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/data/download/partfile.h"
#include "core/data/download/transfer.h"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <fmt/format.h>
#include <new>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;

/// A mirror that is cut off is asked again for the rest, as long as that brings something.
constexpr int mostRounds = 5;
constexpr std::chrono::milliseconds betweenReports{100};
constexpr std::chrono::seconds speedWindow{3};

/// Bytes a second over the last three.
class SpeedMeter
{
public:
    void add(Clock::time_point now, std::uint64_t done)
    {
        if (!m_points.empty() && done < m_points.back().done)
            m_points.clear(); // begun again
        m_points.push_back({now, done});
        while (m_points.size() > 2 && now - m_points.front().time > speedWindow)
            m_points.pop_front();
    }
    double perSecond() const
    {
        if (m_points.size() < 2)
            return 0;
        const std::chrono::duration<double> span = m_points.back().time - m_points.front().time;
        return span.count() > 0
                   ? static_cast<double>(m_points.back().done - m_points.front().done) / span.count()
                   : 0;
    }

private:
    struct Point
    {
        Clock::time_point time;
        std::uint64_t done;
    };
    std::deque<Point> m_points;
};

tl::unexpected<Error> stopped()
{
    return failure(ErrorKind::Cancelled,
                   "The download was stopped. What has come is kept, and the next one goes on from there.");
}

class SetDownload
{
public:
    SetDownload(const DownloadSettings& settings, const PublishedSet& set, const fs::path& folder,
                const DownloadSink& sink, std::stop_token stop)
        : m_settings(settings), m_set(set), m_folder(folder), m_sink(sink), m_stop(std::move(stop))
    {
        m_progress.total = set.bytes();
    }

    Expected<void> run()
    {
        if (auto made = makeFolder(m_folder); !made)
            return made;
        if (auto room = checkRoom(); !room)
            return room;
        for (const PublishedFile& file : m_set.files) {
            if (auto fetched = fetch(file); !fetched)
                return fetched;
            m_before += file.size;
        }
        report(m_set.bytes(), true);
        return {};
    }

private:
    /// What is still to come must fit on the disk.
    Expected<void> checkRoom() const
    {
        std::uint64_t needed = 0;
        std::error_code ignored;
        for (const PublishedFile& file : m_set.files) {
            if (fs::exists(m_folder / file.name, ignored))
                continue;
            const std::uint64_t there = fs::file_size(m_folder / (file.name + ".part"), ignored);
            needed += file.size - (ignored ? 0 : std::min(there, file.size));
        }
        const fs::space_info space = fs::space(m_folder, ignored);
        if (ignored || space.available >= needed)
            return {};
        return failure(
            ErrorKind::DiskFull,
            fmt::format("{} takes {} more in {}, which has {} free. Free some space, or choose another "
                        "folder.",
                        m_set.label, byteSize(needed), shown(m_folder), byteSize(space.available)));
    }

    Expected<void> fetch(const PublishedFile& file)
    {
        const fs::path target = m_folder / file.name;
        std::error_code ignored;
        if (fs::exists(fs::symlink_status(target, ignored)))
            return checkPresent(file, target);
        auto part = PartFile::open(file, m_folder);
        if (!part)
            return failure(part);
        m_progress.file = file.name;
        if (auto settled = settle(*part); !settled || *settled)
            return settled ? Expected<void>() : failure(settled);
        return fetchFromMirrors(file, *part);
    }

    Expected<void> checkPresent(const PublishedFile& file, const fs::path& target) const
    {
        std::error_code ignored;
        if (fs::file_size(target, ignored) == file.size && !ignored) {
            const auto same = hasSha256(target, file.sha256, m_stop);
            if (!same)
                return same.error().kind == ErrorKind::Cancelled ? stopped() : failure(same);
            if (*same)
                return {};
        }
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("{} is there, but it is not the published file (its content differs). Move it "
                        "away, or choose another folder.",
                        shown(target)));
    }

    /// True once a complete part is what was published, and has its name. A complete part that is not is
    /// emptied.
    Expected<bool> settle(PartFile& part)
    {
        if (!part.complete())
            return false;
        const auto same = part.verify(m_stop);
        if (!same)
            return same.error().kind == ErrorKind::Cancelled ? stopped() : failure(same);
        if (!*same) {
            auto emptied = part.restart();
            return emptied ? Expected<bool>(false) : failure(emptied);
        }
        auto named = part.publish();
        return named ? Expected<bool>(true) : failure(named);
    }

    struct Mirror
    {
        const std::string* url;
        std::string reason;
        bool wrong = false; ///< has another file: it is not asked again
    };

    Expected<void> fetchFromMirrors(const PublishedFile& file, PartFile& part)
    {
        std::vector<Mirror> mirrors;
        for (const std::string& url : file.urls)
            mirrors.push_back({&url, {}, false});
        for (int round = 0; round < mostRounds; ++round) {
            const std::uint64_t before = part.size();
            for (Mirror& mirror : mirrors) {
                if (mirror.wrong)
                    continue;
                if (auto done = fetchFrom(mirror, file, part); !done || *done)
                    return done ? Expected<void>() : failure(done);
            }
            if (part.size() <= before)
                break;
        }
        return failure(ErrorKind::Unreadable, failedText(file, mirrors));
    }

    /// True once the file is there; else the mirror has its reason.
    Expected<bool> fetchFrom(Mirror& mirror, const PublishedFile& file, PartFile& part)
    {
        m_progress.host = hostOf(*mirror.url);
        for (;;) {
            const std::uint64_t before = part.size();
            const TransferRequest request{
                m_settings, file, *mirror.url, part, [&] { report(m_before + part.size(), false); }, m_stop};
            const auto ended = transfer(request);
            if (!ended)
                return ended.error().kind == ErrorKind::Cancelled ? stopped() : failure(ended);
            mirror.reason = ended->reason;
            mirror.wrong = ended->otherFile;
            if (!mirror.reason.empty())
                return false;
            auto settled = settle(part);
            if (!settled || *settled)
                return settled;
            // What came before this mirror may have been the wrong half of it: once more, all of it from
            // here.
            if (before > 0)
                continue;
            mirror.reason = "has another file than the published one (its SHA-256 differs)";
            mirror.wrong = true;
            return false;
        }
    }

    std::string failedText(const PublishedFile& file, const std::vector<Mirror>& mirrors) const
    {
        std::vector<std::string> reasons;
        for (const Mirror& mirror : mirrors)
            reasons.push_back(fmt::format("{} {}", hostOf(*mirror.url), mirror.reason));
        return fmt::format(
            "{} could not be downloaded: no mirror gave {}. {}. Check the connection and try again; "
            "what has come is kept.",
            m_set.label, file.name, joined(reasons, "; "));
    }

    void report(std::uint64_t done, bool last)
    {
        const auto now = Clock::now();
        if (!m_sink || (!last && now - m_reported < betweenReports))
            return;
        m_reported = now;
        m_speed.add(now, done);
        m_progress.done = done;
        m_progress.bytesPerSecond = m_speed.perSecond();
        m_sink(m_progress);
    }

    const DownloadSettings& m_settings;
    const PublishedSet& m_set;
    const fs::path& m_folder;
    const DownloadSink& m_sink;
    std::stop_token m_stop;
    DownloadProgress m_progress;
    SpeedMeter m_speed;
    Clock::time_point m_reported{};
    std::uint64_t m_before = 0; ///< bytes of the files that are done
};

} // namespace

Downloader::Downloader(DownloadSettings settings) : m_settings(std::move(settings))
{
    const char* authorities = std::getenv("SSL_CERT_FILE");
    if (m_settings.authorities.empty() && authorities && *authorities)
        m_settings.authorities = authorities;
}

Expected<void> Downloader::fetch(const PublishedSet& set, const fs::path& folder, const DownloadSink& sink,
                                 std::stop_token stop)
{
    try {
        return SetDownload(m_settings, set, folder, sink, std::move(stop)).run();
    } catch (const std::bad_alloc&) {
        return failure(ErrorKind::OutOfMemory,
                       "The memory is full: the download ended. Close other programs.");
    }
}

fs::path downloadFolder(const std::string& setName)
{
    return dataFolders().back() / setName;
}

std::string downloadText(const DownloadProgress& progress)
{
    std::string text = fmt::format("{} of {}", byteSize(progress.done), byteSize(progress.total));
    if (progress.bytesPerSecond < 1)
        return text;
    const double left = static_cast<double>(progress.total - std::min(progress.done, progress.total));
    return fmt::format("{}, {}/s, {} left", text,
                       byteSize(static_cast<std::uint64_t>(progress.bytesPerSecond)),
                       duration(left / progress.bytesPerSecond));
}

} // namespace torchdesk
