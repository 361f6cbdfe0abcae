// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/data/published.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <stop_token>

namespace torchdesk {

struct DownloadSettings
{
    /// Certificates (PEM) to trust in place of the system's; empty: SSL_CERT_FILE, else the system's.
    std::filesystem::path authorities;
    std::chrono::seconds connectTimeout{15};
    std::chrono::seconds stallTimeout{30}; ///< without a byte for so long, the mirror counts as failed
};

/// How far a download is.
struct DownloadProgress
{
    std::string file;          ///< the one that comes now
    std::string host;          ///< from where
    std::uint64_t done = 0;    ///< bytes of all files, also those that were there before
    std::uint64_t total = 0;   ///< bytes of all files
    double bytesPerSecond = 0; ///< of the last seconds; 0: not known yet
};

using DownloadSink = std::function<void(const DownloadProgress& progress)>;

/// Fetches published files over HTTPS, and over nothing else, redirects included.
///
/// A file comes as NAME.part beside its place; it gets its name once its size and SHA-256 are those that were
/// published and it is synced to the disk. A mirror that fails in any way (no connection, a stall, another
/// answer, length or content, a redirect to http) is left for the next one, which goes on where the last
/// stopped if it can; what comes together that way is compared as a whole. The error at the end names each
/// mirror with its reason. NAME.part stays after an interruption, so that a later call goes on from there.
///
/// Blocks; one thread an object, any number of objects at a time. \c stop is answered within 0.2 s with
/// ErrorKind::Cancelled.
class Downloader
{
public:
    explicit Downloader(DownloadSettings settings = {});

    /// All files of \p set into \p folder, which is made. Files that are there as published are not fetched
    /// again; one of the same name with other content is an error and stays as it is. \p sink is called at
    /// most ten times a second, and at the end. ErrorKind::Locked: another download of the file goes on.
    Expected<void> fetch(const PublishedSet& set, const std::filesystem::path& folder,
                         const DownloadSink& sink = {}, std::stop_token stop = {});

private:
    DownloadSettings m_settings;
};

/// ~/TorchDesk/data/NAME, where a set goes when no other folder is asked for, and where it is found.
std::filesystem::path downloadFolder(const std::string& setName);

/// "45 MB of 170 MB, 12 MB/s, 10 s left".
std::string downloadText(const DownloadProgress& progress);

} // namespace torchdesk
