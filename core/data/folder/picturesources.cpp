// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/folder/picturesources.h"

#include "core/base/text.h"
#include "core/data/folder/archivereader.h"
#include "core/data/folder/picturefile.h"

#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <map>
#include <mutex>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

/// What both sources share: the order, and the reasons why pictures came empty.
class ScannedSource : public PictureSource
{
public:
    ScannedSource(std::shared_ptr<const FolderScan> scan, std::vector<std::size_t> order)
        : m_scan(std::move(scan)), m_order(std::move(order))
    {}

    std::int64_t count() const override { return std::ssize(m_order); }

    std::string unreadable(std::int64_t index) const override
    {
        const std::lock_guard lock(m_reasonMutex);
        const auto at = m_reasons.find(index);
        return at == m_reasons.end() ? std::string() : at->second;
    }

protected:
    const ScannedPicture& picture(std::int64_t index) const
    {
        return m_scan->pictures[m_order[static_cast<std::size_t>(index)]];
    }

    EncodedPicture good(std::int64_t index, Bytes bytes)
    {
        // The cache is kept under the hashes of the scan: another content must not get into it.
        if (bytes.size() != picture(index).size || pictureHash(bytes) != picture(index).hash)
            return lost(index, "it was changed while it was read");
        return {index, shortened(picture(index).path, 200), std::move(bytes)};
    }

    EncodedPicture lost(std::int64_t index, std::string reason)
    {
        const std::lock_guard lock(m_reasonMutex);
        m_reasons[index] = std::move(reason);
        return {index, shortened(picture(index).path, 200), {}};
    }

    const FolderScan& scan() const { return *m_scan; }
    const std::vector<std::size_t>& order() const { return m_order; }

private:
    std::shared_ptr<const FolderScan> m_scan;
    std::vector<std::size_t> m_order;
    mutable std::mutex m_reasonMutex;
    std::map<std::int64_t, std::string> m_reasons;
};

class FolderSource final : public ScannedSource
{
public:
    using ScannedSource::ScannedSource;

    Expected<std::optional<EncodedPicture>> next() override
    {
        const std::int64_t index = m_next++;
        if (index >= count())
            return std::optional<EncodedPicture>();
        auto bytes = readBytes(fs::path(scan().folder) / picture(index).path, mostPictureBytes);
        return bytes ? good(index, std::move(*bytes)) : lost(index, bytes.error().message);
    }

private:
    std::atomic<std::int64_t> m_next = 0;
};

class ArchiveSource final : public ScannedSource
{
public:
    ArchiveSource(std::shared_ptr<const FolderScan> scan, std::vector<std::size_t> order,
                  ArchiveReader archive)
        : ScannedSource(std::move(scan), std::move(order)), m_archive(std::move(archive))
    {
        for (std::int64_t i = 0; i < count(); ++i)
            m_wanted[picture(i).place] = i;
    }

    Expected<std::optional<EncodedPicture>> next() override
    {
        std::unique_lock lock(m_mutex);
        while (!m_wanted.empty()) {
            const auto entry = m_archive.next();
            if (!entry)
                return failure(entry);
            if (!*entry)
                break;
            const auto at = m_wanted.find((*entry)->place);
            if (at == m_wanted.end())
                continue;
            const std::int64_t index = at->second;
            auto content = m_archive.read();
            if (!content)
                return failure(content);
            m_wanted.erase(at);
            lock.unlock(); // the next thread reads while this one checks
            return content->problem.empty() ? good(index, std::move(content->bytes))
                                            : lost(index, content->problem);
        }
        if (m_wanted.empty())
            return std::optional<EncodedPicture>();
        // The archive has become shorter since it was scanned.
        const std::int64_t index = m_wanted.begin()->second;
        m_wanted.erase(m_wanted.begin());
        return lost(index, "it is no longer in the archive");
    }

private:
    std::mutex m_mutex;
    ArchiveReader m_archive;
    std::map<std::int64_t, std::int64_t> m_wanted; ///< from the entry's place to the picture's index
};

} // namespace

OpenPictures openerOf(std::shared_ptr<const FolderScan> scan, std::vector<std::size_t> order)
{
    return [scan = std::move(scan), order = std::move(order)]() -> Expected<std::unique_ptr<PictureSource>> {
        if (!scan->archive)
            return std::make_unique<FolderSource>(scan, order);
        auto archive = ArchiveReader::open(scan->folder);
        if (!archive)
            return failure(archive);
        return std::make_unique<ArchiveSource>(scan, order, std::move(*archive));
    };
}

} // namespace torchdesk
