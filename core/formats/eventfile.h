// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

/// TensorBoard event files with scalars: records of (u64 length, masked CRC32C, data, masked CRC32C), each
/// data an Event protobuf. Written and read by a small encoder of our own (ARCHITECTURE.md says why).
namespace torchdesk {

struct ScalarPoint
{
    std::string tag;
    std::int64_t step = 0;
    double wallTime = 0; ///< seconds since 1970
    float value = 0;

    bool operator==(const ScalarPoint&) const = default;
};

/// Appends to one events.out.tfevents file. One thread at a time. After a failed write (a full disk) the
/// writer keeps what is pending, up to a bound, and tries again with the next flush.
class EventFileWriter
{
public:
    /// Makes a new events.out.tfevents.<time>.<host>.<pid>.<n> in \p folder (made if absent) and writes the
    /// version record.
    static Expected<EventFileWriter> create(const std::filesystem::path& folder);
    EventFileWriter(EventFileWriter&&) noexcept;
    EventFileWriter& operator=(EventFileWriter&&) noexcept;
    ~EventFileWriter();

    void add(const ScalarPoint& point);
    /// A SessionLog START: TensorBoard then forgets what earlier files hold from \p step on. For continued
    /// runs.
    void addSessionStart(std::int64_t step);
    /// Hands what was added to the operating system. On a failure the file is cut back to its last whole
    /// record.
    Expected<void> flush();
    /// Bytes that wait for a flush. Past \c mostPending what is added is dropped, and the next flush says so.
    std::size_t pending() const;
    static constexpr std::size_t mostPending = 256u << 20;
    const std::filesystem::path& file() const;

private:
    struct State;
    explicit EventFileWriter(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

/// Reads a file that may still be growing: each poll() gives the points that have come since. A record that
/// is not complete yet is left for the next poll; a damaged one ends the reading with a message that says
/// where. simple_value and scalar tensors (float, double, half-free) are understood, other summaries are
/// passed over.
class EventFileReader
{
public:
    explicit EventFileReader(std::filesystem::path file);
    /// Blocks while reading; gives at most \p most points (and the rest of the record that reached it), call
    /// again while something comes. Points before a damaged record are given first, the error comes with the
    /// next call.
    Expected<std::vector<ScalarPoint>> poll(std::size_t most = 1'000'000);
    const std::filesystem::path& file() const { return m_file; }

private:
    std::filesystem::path m_file;
    std::uint64_t m_offset = 0;
};

/// True for names that TensorBoard takes for event files (contain "tfevents").
bool isEventFileName(const std::string& name);

} // namespace torchdesk
