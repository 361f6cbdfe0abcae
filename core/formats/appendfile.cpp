// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/appendfile.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace torchdesk {

AppendFile::~AppendFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

int AppendFile::create(const std::filesystem::path& file)
{
    m_descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    return m_descriptor < 0 ? errno : 0;
}

int AppendFile::append(std::string_view block)
{
    struct stat status
    {};
    if (::fstat(m_descriptor, &status) == 0 && status.st_nlink == 0)
        return ENOENT; // removed: what is written would be seen by nobody
    std::uint64_t at = m_length;
    while (!block.empty()) {
        const ssize_t done = ::pwrite(m_descriptor, block.data(), block.size(), static_cast<off_t>(at));
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0) {
            const int problem = errno;
            // Where even this fails, the next append still begins at the right place.
            [[maybe_unused]] const int ignored = ::ftruncate(m_descriptor, static_cast<off_t>(m_length));
            return problem;
        }
        at += static_cast<std::uint64_t>(done);
        block.remove_prefix(static_cast<std::size_t>(done));
    }
    m_length = at;
    return 0;
}

} // namespace torchdesk
