// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/download/downloader.h"
#include "core/data/download/partfile.h"

#include <string>

namespace torchdesk {

/// One try to get the rest of a published file from one address into its part file. For the Downloader.
struct TransferRequest
{
    const DownloadSettings& settings;
    const PublishedFile& wanted;
    const std::string& url;
    PartFile& part;
    std::function<void()> tick; ///< called about ten times a second
    std::stop_token stop;
};

/// How a try ended.
struct TransferEnd
{
    /// Empty where the part file is complete now (its content is not looked at); else why this mirror failed,
    /// to stand after its name: "answered 404".
    std::string reason;
    bool otherFile = false; ///< what it has is not the published file: asking again is no use
};

/// An error is one of ours: the disk, or the stop.
Expected<TransferEnd> transfer(const TransferRequest& request);

/// "www.example.org" of "https://www.example.org/data/file".
std::string hostOf(const std::string& url);

} // namespace torchdesk
