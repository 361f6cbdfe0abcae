// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/run/runfolder.h"

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

/// Whoever lists runs holds each lock for a moment to see whether it is free: so a second look before giving
/// up.
bool lockPatiently(int descriptor)
{
    for (int attempt = 0; attempt < 20; ++attempt) {
        if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0)
            return true;
        if (errno != EWOULDBLOCK && errno != EINTR)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    errno = EWOULDBLOCK;
    return false;
}

tl::unexpected<Error> held(const fs::path& run)
{
    const auto words = splitText(trimmed(readText(run / "lock", 4096).value_or("")), ' ');
    const bool known = words.size() == 2 && toInteger(words[0]);
    const std::string who =
        known ? fmt::format("process {}, which began at {}", words[0], shortened(words[1], 40))
              : std::string("another process");
    return failure(ErrorKind::Locked,
                   fmt::format("{} is in use by {}. Wait until it ends, or stop it.", shown(run), who));
}

} // namespace

RunLock::RunLock(int descriptor) : m_descriptor(descriptor) {}

RunLock::RunLock(RunLock&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

RunLock& RunLock::operator=(RunLock&& other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

RunLock::~RunLock()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Expected<RunLock> RunLock::take(const fs::path& run)
{
    const fs::path file = run / "lock";
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0)
        return tl::unexpected(systemError(errno, "Cannot lock", run));
    RunLock lock(descriptor);
    if (!lockPatiently(descriptor)) {
        if (errno == EWOULDBLOCK)
            return held(run);
        return tl::unexpected(systemError(errno, "Cannot lock", run));
    }
    // What it says is a help for people: where the disk is full, the lock holds without it.
    const std::string text = fmt::format("{} {}\n", getpid(), isoTime(wallSeconds()));
    [[maybe_unused]] const int cut = ::ftruncate(descriptor, 0);
    [[maybe_unused]] const ssize_t written = ::pwrite(descriptor, text.data(), text.size(), 0);
    return lock;
}

} // namespace torchdesk
