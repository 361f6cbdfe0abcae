// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/cifararchive.h"

#include "core/base/files.h"
#include "core/base/text.h"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <cerrno>
#include <fmt/format.h>
#include <memory>
#include <zlib.h>

namespace torchdesk {

namespace {

constexpr std::size_t archiveBlock = 64 << 10;
/// Beside the pictures there are class names and a page about them.
constexpr int mostEntries = 64;
constexpr std::int64_t largestOtherFile = 1 << 20;

/// The unpacked bytes of the file. zlib compares gzip's check sum and length at the end, which libarchive's
/// own gzip does not.
class GzipSource
{
public:
    explicit GzipSource(const std::filesystem::path& file) : m_file(gzopen(file.c_str(), "rbe"))
    {
        if (m_file)
            gzbuffer(m_file, archiveBlock);
    }
    ~GzipSource()
    {
        if (m_file)
            gzclose_r(m_file);
    }
    GzipSource(const GzipSource&) = delete;
    GzipSource& operator=(const GzipSource&) = delete;

    bool open() const { return m_file != nullptr; }
    std::int64_t packedBytes() const { return gzoffset(m_file); }

    /// The next bytes; none at the end or after a problem.
    std::span<const std::byte> next()
    {
        const int got = gzread(m_file, m_buffer.data(), static_cast<unsigned>(m_buffer.size()));
        int code = Z_OK;
        const char* text = gzerror(m_file, &code);
        if (got < 0 || (code != Z_OK && code != Z_STREAM_END))
            m_problem = text && *text ? text : "gzip error";
        return {m_buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
    }
    const std::string& problem() const { return m_problem; }

private:
    gzFile m_file;
    Bytes m_buffer = Bytes(archiveBlock);
    std::string m_problem;
};

la_ssize_t readBlock(archive*, void* data, const void** buffer)
{
    auto& source = *static_cast<GzipSource*>(data);
    const auto bytes = source.next();
    *buffer = bytes.data();
    return source.problem().empty() ? static_cast<la_ssize_t>(bytes.size()) : -1;
}

class TarReader
{
public:
    TarReader(const CifarForm& form, const std::filesystem::path& file, CifarBuilder& builder)
        : m_form(form), m_path(file), m_source(file), m_builder(builder),
          m_archive(archive_read_new(), &archive_read_free)
    {
        std::error_code ignored;
        m_size = static_cast<double>(std::filesystem::file_size(file, ignored));
    }

    Expected<void> read(const Progress& progress, std::stop_token stop)
    {
        if (!m_source.open())
            return tl::unexpected(systemError(errno, "Cannot open", m_path));
        archive_read_support_format_tar(m_archive.get());
        if (archive_read_open(m_archive.get(), &m_source, nullptr, &readBlock, nullptr) != ARCHIVE_OK)
            return damaged();
        for (int count = 0;; ++count) {
            archive_entry* entry = nullptr;
            const int state = archive_read_next_header(m_archive.get(), &entry);
            if (state == ARCHIVE_EOF)
                return drained();
            if (state < ARCHIVE_WARN)
                return damaged();
            if (count == mostEntries)
                return failure(
                    ErrorKind::InvalidInput,
                    fmt::format("{} holds more than {} files. {}", shown(m_path), mostEntries, wantedText()));
            if (const auto taken = take(entry, progress, stop); !taken)
                return taken;
        }
    }

private:
    Expected<void> take(archive_entry* entry, const Progress& progress, const std::stop_token& stop)
    {
        const char* path = archive_entry_pathname(entry);
        const std::string name = path ? path : "";
        const auto* file = m_builder.wanted(name.substr(name.rfind('/') + 1));
        const std::int64_t size = archive_entry_size(entry);
        const bool regular = archive_entry_filetype(entry) == AE_IFREG;
        if (!file || !regular) {
            if (size > largestOtherFile)
                return failure(ErrorKind::InvalidInput,
                               fmt::format("{} holds {} ({}), which is none of the files of {}. {}",
                                           shown(m_path), shortened(name, 100),
                                           byteSize(static_cast<std::uint64_t>(size)),
                                           m_form.description.label, wantedText()));
            return {};
        }
        const std::string source = fmt::format("{} in {}", shortened(name, 100), shown(m_path));
        if (auto begun =
                m_builder.begin(*file, static_cast<std::uint64_t>(std::max<std::int64_t>(size, 0)), source);
            !begun)
            return begun;
        return takeData(progress, stop);
    }

    Expected<void> takeData(const Progress& progress, const std::stop_token& stop)
    {
        for (;;) {
            const la_ssize_t got = archive_read_data(m_archive.get(), m_buffer.data(), m_buffer.size());
            if (got < 0)
                return damaged();
            if (got == 0)
                return m_builder.end();
            if (stop.stop_requested())
                return failure(ErrorKind::Cancelled, "Reading the data set was stopped.");
            if (auto added = m_builder.add({m_buffer.data(), static_cast<std::size_t>(got)}); !added)
                return added;
            if (progress && m_size > 0)
                progress(std::min(static_cast<double>(m_source.packedBytes()) / m_size, 1.0),
                         "unpacking the pictures");
        }
    }

    /// What follows the end of the tar is zeros; gzip's check sum stands behind it.
    Expected<void> drained()
    {
        for (std::int64_t count = 0; !m_source.next().empty(); ++count) {
            if (count * static_cast<std::int64_t>(archiveBlock) > largestOtherFile)
                return failure(ErrorKind::InvalidInput, fmt::format("{} goes on after its last file. {}",
                                                                    shown(m_path), wantedText()));
        }
        return m_source.problem().empty() ? Expected<void>() : damaged();
    }

    tl::unexpected<Error> damaged() const
    {
        const char* text = archive_error_string(m_archive.get());
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("{} is damaged or cut short, or is no .tar.gz. {}", shown(m_path), wantedText()),
            m_source.problem().empty() ? (text ? text : "") : m_source.problem());
    }

    std::string wantedText() const
    {
        return fmt::format("Fetch the binary version again ({}).", m_form.archive);
    }

    const CifarForm& m_form;
    const std::filesystem::path& m_path;
    GzipSource m_source;
    CifarBuilder& m_builder;
    std::unique_ptr<archive, int (*)(archive*)> m_archive;
    Bytes m_buffer = Bytes(archiveBlock);
    double m_size = 0;
};

} // namespace

Expected<void> readCifarArchive(const CifarForm& form, const std::filesystem::path& file,
                                CifarBuilder& builder, const Progress& progress, std::stop_token stop)
{
    return TarReader(form, file, builder).read(progress, std::move(stop));
}

} // namespace torchdesk
