// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/cifar.h"

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/data/cifararchive.h"
#include "core/data/datafiles.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t cifarBlock = 1 << 20;

std::vector<std::string> missingCifarFiles(const CifarForm& form, const fs::path& folder)
{
    std::vector<std::string> missing;
    std::error_code ignored;
    for (const CifarForm::File& file : form.files) {
        if (!fs::is_regular_file(folder / file.name, ignored))
            missing.push_back(file.name);
    }
    return missing;
}

/// The place in one folder: itself or its sub-folder with all files, or the archive; else what it lacks.
Expected<fs::path> findIn(const CifarForm& form, const fs::path& folder)
{
    std::error_code ignored;
    std::vector<std::string> least;
    for (const fs::path& unpacked : {folder, folder / form.folder}) {
        std::vector<std::string> missing = missingCifarFiles(form, unpacked);
        if (missing.empty())
            return unpacked;
        if (least.empty() || missing.size() < least.size())
            least = std::move(missing);
    }
    if (fs::is_regular_file(folder / form.archive, ignored))
        return folder / form.archive;
    return failure(ErrorKind::NotFound, searchedPlace(folder, least, form.files.size()));
}

/// A file that is read block by block.
class BlockFile
{
public:
    explicit BlockFile(const fs::path& file) : m_descriptor(open(file.c_str(), O_RDONLY | O_CLOEXEC)) {}
    ~BlockFile()
    {
        if (m_descriptor >= 0)
            close(m_descriptor);
    }
    BlockFile(const BlockFile&) = delete;
    BlockFile& operator=(const BlockFile&) = delete;

    bool opened() const { return m_descriptor >= 0; }
    /// Negative with errno where reading failed.
    ssize_t next(Bytes& buffer) const { return read(m_descriptor, buffer.data(), buffer.size()); }

private:
    int m_descriptor;
};

Expected<void> readUnpackedFile(const CifarForm::File& file, const fs::path& path, CifarBuilder& builder,
                                const std::stop_token& stop)
{
    const BlockFile in(path);
    if (!in.opened())
        return tl::unexpected(systemError(errno, "Cannot open", path));
    std::error_code problem;
    const std::uint64_t size = fs::file_size(path, problem);
    if (problem)
        return tl::unexpected(systemError(problem.value(), "Cannot read", path));
    if (auto begun = builder.begin(file, size, shown(path)); !begun)
        return begun;
    Bytes buffer(std::clamp<std::size_t>(size, 1, cifarBlock));
    for (;;) {
        const ssize_t got = in.next(buffer);
        if (got < 0)
            return tl::unexpected(systemError(errno, "Cannot read", path));
        if (got == 0)
            return builder.end();
        if (stop.stop_requested())
            return failure(ErrorKind::Cancelled, "Reading the data set was stopped.");
        if (auto added = builder.add({buffer.data(), static_cast<std::size_t>(got)}); !added)
            return added;
    }
}

Expected<void> readUnpacked(const CifarForm& form, const fs::path& folder, CifarBuilder& builder,
                            const Progress& progress, const std::stop_token& stop)
{
    double done = 0;
    for (const CifarForm::File& file : form.files) {
        if (progress)
            progress(done / static_cast<double>(form.files.size()), "reading the pictures");
        if (auto read = readUnpackedFile(file, folder / file.name, builder, stop); !read)
            return read;
        ++done;
    }
    return {};
}

} // namespace

Expected<fs::path> findCifar(const CifarForm& form, const std::vector<fs::path>& folders)
{
    std::vector<std::string> places;
    for (const fs::path& base : folders) {
        for (const fs::path& folder : {base, base / form.description.name}) {
            auto found = findIn(form, folder);
            if (found)
                return found;
            places.push_back(found.error().message);
            if (folderObstacle(base))
                break;
        }
    }
    return failure(ErrorKind::NotFound,
                   fmt::format("{} was not found: neither its archive {} nor {} with its {} files is in the "
                               "folders searched: {}. {}{}",
                               form.description.label, form.archive, form.folder, form.files.size(),
                               joined(places, "; "), cifarForPython(form, folders),
                               waysToGet(form.description.name)));
}

std::string cifarForPython(const CifarForm& form, const std::vector<fs::path>& folders)
{
    std::error_code ignored;
    for (const fs::path& folder : folders)
        for (const std::string& name : form.forPython)
            for (const fs::path& found : {folder / name, folder / form.description.name / name})
                if (fs::exists(found, ignored) || folder.filename() == name)
                    return fmt::format(
                        "{} is the version for Python, which is not read: the binary version, {}, "
                        "is wanted. ",
                        shown(folder.filename() == name ? folder : found), form.archive);
    return "";
}

Expected<DataSet> readCifar(const CifarForm& form, const fs::path& place, const Progress& progress,
                            std::stop_token stop)
{
    if (stop.stop_requested())
        return failure(ErrorKind::Cancelled, "Reading the data set was stopped.");
    std::error_code ignored;
    const bool archive = !fs::is_directory(place, ignored);
    CifarBuilder builder(form);
    const auto read = archive ? readCifarArchive(form, place, builder, progress, stop)
                              : readUnpacked(form, place, builder, progress, stop);
    if (!read)
        return failure(read);
    if (const auto missing = builder.missing(); !missing.empty())
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{} lacks {}: it is not the binary version of {}. Fetch {} again.",
                                   shown(place), joined(missing, ", "), form.description.label,
                                   form.archive));
    DataSet data = builder.finish(place);
    if (progress)
        progress(1, "reading the pictures");
    return data;
}

} // namespace torchdesk
