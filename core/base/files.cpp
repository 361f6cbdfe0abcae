// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"

#include "core/base/text.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

class Descriptor
{
public:
    explicit Descriptor(int value) : m_value(value) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { close(); }

    int get() const { return m_value; }
    bool close() { return m_value < 0 || ::close(std::exchange(m_value, -1)) == 0; }

private:
    int m_value;
};

const char* nextStep(int number)
{
    switch (number) {
    case ENOENT:
        return "Check the path.";
    case EACCES:
    case EPERM:
    case EROFS:
        return "Check its permissions, or choose another folder.";
    case ENOSPC:
    case EFBIG: // a limit of the file's size: as with a full disk, nothing more fits
    case EDQUOT:
        return "Free some space, or choose another folder.";
    case ENAMETOOLONG:
        return "Choose a shorter name.";
    default:
        return "Check the disk.";
    }
}

ErrorKind kindOf(int number)
{
    switch (number) {
    case ENOENT:
    case ENOTDIR:
        return ErrorKind::NotFound;
    case ENOSPC:
    case EFBIG:
    case EDQUOT:
        return ErrorKind::DiskFull;
    case ENOMEM:
        return ErrorKind::OutOfMemory;
    default:
        return ErrorKind::Unreadable;
    }
}

bool writeAll(int descriptor, std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t done = ::write(descriptor, bytes.data(), bytes.size());
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        bytes = bytes.subspan(static_cast<std::size_t>(done));
    }
    return true;
}

template <class Container>
Expected<Container> readWhole(const fs::path& file, std::uint64_t most)
{
    Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat status
    {};
    if (in.get() < 0 || fstat(in.get(), &status) != 0)
        return tl::unexpected(systemError(errno, "Cannot open", file));
    if (!S_ISREG(status.st_mode))
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{} is {}, a file was wanted. Choose a file.", shown(file),
                                   S_ISDIR(status.st_mode) ? "a folder" : "no regular file"));
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size > most)
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{} has {}, at most {} were expected. Is it the right file?", shown(file),
                                   byteSize(size), byteSize(most)));
    Container content;
    try {
        content.resize(size);
    } catch (const std::bad_alloc&) {
        return failure(ErrorKind::OutOfMemory,
                       fmt::format("{} does not fit into memory ({}).", shown(file), byteSize(size)));
    }
    std::size_t filled = 0;
    while (filled < content.size()) {
        const ssize_t got = ::read(in.get(), content.data() + filled, content.size() - filled);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return tl::unexpected(systemError(errno, "Cannot read", file));
        if (got == 0)
            break; // it shrank meanwhile: what is there is what a parser sees
        filled += static_cast<std::size_t>(got);
    }
    content.resize(filled);
    return content;
}

} // namespace

std::string shown(const fs::path& path)
{
    return shortened(path.native(), 400);
}

std::string pathText(const fs::path& path)
{
    return shortened(path.native(), path.native().size());
}

std::string systemReason(int number)
{
    const char* reason = ::strerrordesc_np(number);
    return reason ? std::string(reason) : fmt::format("system error {}", number);
}

Error systemError(int number, const std::string& what, const fs::path& path)
{
    return Error{kindOf(number),
                 fmt::format("{} {}: {}. {}", what, shown(path), systemReason(number), nextStep(number)),
                 fmt::format("errno {}", number)};
}

Expected<std::string> readText(const fs::path& file, std::uint64_t most)
{
    return readWhole<std::string>(file, most);
}

Expected<Bytes> readBytes(const fs::path& file, std::uint64_t most)
{
    return readWhole<Bytes>(file, most);
}

Expected<void> writeAtomically(const fs::path& file, std::span<const std::byte> bytes)
{
    const fs::path temporary = fs::path(file).concat(fmt::format(".{}.tmp", getpid()));
    Descriptor out(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (out.get() < 0)
        return tl::unexpected(systemError(errno, "Cannot write", file));
    const bool written = writeAll(out.get(), bytes) && fsync(out.get()) == 0 && out.close() &&
                         ::rename(temporary.c_str(), file.c_str()) == 0;
    if (!written) {
        const int number = errno;
        ::unlink(temporary.c_str());
        return tl::unexpected(systemError(number, "Cannot write", file));
    }
    return syncFolder(file.parent_path());
}

Expected<void> writeAtomically(const fs::path& file, std::string_view text)
{
    return writeAtomically(file, std::as_bytes(std::span(text)));
}

Expected<void> makeFolder(const fs::path& folder)
{
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (problem)
        return tl::unexpected(systemError(problem.value(), "Cannot make the folder", folder));
    return {};
}

Expected<void> syncFolder(const fs::path& folder)
{
    Descriptor opened(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.get() < 0)
        return tl::unexpected(systemError(errno, "Cannot open", folder));
    // Some file systems cannot sync a folder (EINVAL): their renames are as durable as they get.
    if (fsync(opened.get()) != 0 && errno != EINVAL)
        return tl::unexpected(systemError(errno, "Cannot sync", folder));
    return {};
}

} // namespace torchdesk
