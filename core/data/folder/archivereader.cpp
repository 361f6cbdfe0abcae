// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/folder/archivereader.h"

#include "core/base/text.h"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <cerrno>
#include <fmt/format.h>
#include <locale.h>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t blockBytes = 256 << 10;
constexpr std::size_t chunkBytes = 64 << 10;

/// Made once: it is read from a file.
locale_t utf8Locale()
{
    static const locale_t instance = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return instance;
}

/// libarchive turns names into the thread's character set: under another than UTF-8 they would be lost.
class Utf8Names
{
public:
    Utf8Names() : m_before(utf8Locale() ? uselocale(utf8Locale()) : nullptr) {}
    ~Utf8Names()
    {
        if (m_before)
            uselocale(m_before);
    }
    Utf8Names(const Utf8Names&) = delete;
    Utf8Names& operator=(const Utf8Names&) = delete;

private:
    locale_t m_before;
};

bool hasUpwards(std::string_view path)
{
    for (const std::string& part : splitText(path, '/')) {
        if (part == "..")
            return true;
    }
    return false;
}

bool isAbsolute(std::string_view path)
{
    return path.starts_with('/') || (path.size() > 1 && path[1] == ':');
}

std::string nameOf(archive_entry* entry)
{
    const char* name = archive_entry_pathname_utf8(entry);
    if (!name)
        name = archive_entry_pathname(entry); // bytes that are no UTF-8
    std::string path = name ? name : "";
    if (path.find('/') == std::string::npos)
        std::replace(path.begin(), path.end(), '\\', '/'); // packed by a program of Windows
    return path;
}

ArchiveEntry::Kind kindOfEntry(archive_entry* entry)
{
    if (archive_entry_hardlink(entry))
        return ArchiveEntry::Kind::Link;
    switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
        return ArchiveEntry::Kind::File;
    case AE_IFDIR:
        return ArchiveEntry::Kind::Folder;
    case AE_IFLNK:
        return ArchiveEntry::Kind::Link;
    default:
        return ArchiveEntry::Kind::Other;
    }
}

} // namespace

struct ArchiveReader::Impl
{
    explicit Impl(fs::path theFile) : file(std::move(theFile)), reader(archive_read_new()) {}
    ~Impl()
    {
        const Utf8Names names;
        archive_read_free(reader);
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    std::string words() const
    {
        const char* said = archive_error_string(reader);
        return said ? said : "";
    }

    tl::unexpected<Error> damaged() const
    {
        if (archive_errno(reader) == ENOMEM)
            return failure(ErrorKind::OutOfMemory,
                           fmt::format("{} does not fit into memory. Close other programs.", shown(file)));
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{} is damaged or cut after {} entries. Fetch or pack it anew.",
                                   shown(file), grouped(count)),
                       words());
    }

    tl::unexpected<Error> tooLarge() const
    {
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("{}: found {} of content in an archive of {}, which is more than can be meant. "
                        "Unpack it and name the folder.",
                        shown(file), byteSize(unpacked), byteSize(fileBytes)));
    }

    bool beyondLimits() const
    {
        const std::uint64_t byRatio = std::max<std::uint64_t>(fileBytes, 1) * limits.ratio + limits.freeBytes;
        return unpacked > std::min(limits.totalBytes, byRatio);
    }

    fs::path file;
    archive* reader;
    ArchiveLimits limits;
    std::uint64_t fileBytes = 0;
    std::uint64_t unpacked = 0; ///< of the entries so far, by what the archive says or by what came
    std::int64_t count = 0;
    std::uint64_t entrySize = 0; ///< of the present entry, counted already
    bool encrypted = false;
};

ArchiveReader::ArchiveReader(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
ArchiveReader::ArchiveReader(ArchiveReader&&) noexcept = default;
ArchiveReader& ArchiveReader::operator=(ArchiveReader&&) noexcept = default;
ArchiveReader::~ArchiveReader() = default;

Expected<ArchiveReader> ArchiveReader::open(const fs::path& file, const ArchiveLimits& limits)
{
    const Utf8Names names;
    auto impl = std::make_unique<Impl>(file);
    if (!impl->reader)
        return failure(ErrorKind::OutOfMemory, "The archive does not fit into memory. Close other programs.");
    struct archive* a = impl->reader;
    impl->limits = limits;
    archive_read_support_format_zip(a);
    archive_read_support_format_tar(a);
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_zstd(a);
    archive_read_support_filter_compress(a);
    std::error_code problem;
    impl->fileBytes = fs::file_size(file, problem);
    if (problem)
        return tl::unexpected(systemError(problem.value(), "could not open", file));
    if (archive_read_open_filename(a, file.c_str(), blockBytes) != ARCHIVE_OK) {
        if (const int number = archive_errno(a); number == EACCES || number == ENOENT || number == EIO)
            return tl::unexpected(systemError(number, "could not open", file));
        return failure(
            ErrorKind::Unsupported,
            fmt::format(
                "{} is damaged, or no archive that TorchDesk reads: wanted zip or tar (also .gz, .bz2, "
                ".xz, .zst). Pack the folder as one of these, or name the folder itself.",
                shown(file)),
            impl->words());
    }
    return ArchiveReader(std::move(impl));
}

Expected<std::optional<ArchiveEntry>> ArchiveReader::next()
{
    const Utf8Names names;
    archive_entry* found = nullptr;
    const int result = archive_read_next_header(m_impl->reader, &found);
    if (result == ARCHIVE_EOF)
        return std::optional<ArchiveEntry>();
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN)
        return m_impl->damaged();
    if (m_impl->count >= m_impl->limits.entries)
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("{}: found more than {} entries, which is the most that is read. Unpack it "
                        "and name a folder with fewer files.",
                        shown(m_impl->file), grouped(m_impl->limits.entries)));
    ArchiveEntry entry;
    entry.path = nameOf(found);
    entry.kind = kindOfEntry(found);
    entry.leadsOut = isAbsolute(entry.path) || hasUpwards(entry.path);
    while (entry.path.starts_with("./"))
        entry.path.erase(0, 2);
    const std::int64_t size = archive_entry_size_is_set(found) ? archive_entry_size(found) : 0;
    entry.size = static_cast<std::uint64_t>(std::max<std::int64_t>(size, 0));
    entry.place = m_impl->count++;
    m_impl->encrypted = archive_entry_is_data_encrypted(found) != 0;
    m_impl->entrySize = entry.size;
    m_impl->unpacked += std::min(entry.size, std::uint64_t{1} << 62);
    if (m_impl->beyondLimits())
        return m_impl->tooLarge();
    return std::optional(std::move(entry));
}

Expected<ArchiveContent> ArchiveReader::read()
{
    const Utf8Names names;
    ArchiveContent content;
    if (m_impl->encrypted) {
        content.problem = "it is encrypted";
        return content;
    }
    const std::uint64_t declared = m_impl->entrySize;
    // What an entry says of its size is believed up to a point only.
    content.bytes.reserve(std::min<std::uint64_t>(declared, 4 << 20));
    for (;;) {
        const std::size_t before = content.bytes.size();
        content.bytes.resize(before + chunkBytes);
        const la_ssize_t got = archive_read_data(m_impl->reader, content.bytes.data() + before, chunkBytes);
        content.bytes.resize(before + static_cast<std::size_t>(std::max<la_ssize_t>(got, 0)));
        if (got == 0)
            return content;
        if (got < 0) {
            if (got == ARCHIVE_FATAL)
                return m_impl->damaged();
            content.problem = "it is damaged or packed in a way that is not read";
            break;
        }
        if (content.bytes.size() > declared)
            m_impl->unpacked += std::min<std::uint64_t>(content.bytes.size() - declared, chunkBytes);
        if (m_impl->beyondLimits())
            return m_impl->tooLarge();
        if (content.bytes.size() > m_impl->limits.entryBytes) {
            content.problem = fmt::format("it is larger than {}", byteSize(m_impl->limits.entryBytes));
            break;
        }
    }
    content.bytes.clear();
    return content;
}

double ArchiveReader::share() const
{
    const auto read = static_cast<double>(archive_filter_bytes(m_impl->reader, -1));
    return std::clamp(read / std::max(1.0, static_cast<double>(m_impl->fileBytes)), 0.0, 1.0);
}

} // namespace torchdesk
