// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/formats/appendfile.h"
#include "core/formats/crc32c.h"
#include "core/formats/eventfile.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <limits.h>
#include <unistd.h>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

// A write of one to a few megabytes at a time: on a disk that is nearly full, what fits is kept.
constexpr std::size_t writeSize = 1u << 20;
constexpr std::size_t recordLengthSize = 8;
constexpr std::size_t frameSize = recordLengthSize + 4 + 4;

// The protobuf encoding: a key (field number × 8 + wire type), then the value.
void putVarint(std::string& out, std::uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
}

template <class Number>
void putFixed(std::string& out, Number value)
{
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    out.append(bytes, sizeof value);
}

void putBytes(std::string& out, char key, std::string_view bytes)
{
    out += key;
    putVarint(out, bytes.size());
    out += bytes;
}

/// Event.wall_time (1, double) and Event.step (2, varint).
std::string beginEvent(double wallTime, std::int64_t step)
{
    std::string event("\x09", 1);
    putFixed(event, wallTime);
    if (step != 0) {
        event += '\x10';
        putVarint(event, static_cast<std::uint64_t>(step));
    }
    return event;
}

std::span<const std::byte> bytesOf(std::string_view text)
{
    return std::as_bytes(std::span(text.data(), text.size()));
}

void putRecord(std::string& out, std::string_view data)
{
    const std::size_t begin = out.size();
    putFixed(out, static_cast<std::uint64_t>(data.size()));
    putFixed(out, maskedCrc32c(bytesOf(std::string_view(out).substr(begin, recordLengthSize))));
    out += data;
    putFixed(out, maskedCrc32c(bytesOf(data)));
}

/// The bytes of the whole records at the front of \p records, about a block of them.
std::size_t wholeRecords(std::string_view records)
{
    std::size_t end = 0;
    while (end < records.size() && end < writeSize) {
        std::uint64_t length = 0;
        std::memcpy(&length, records.data() + end, recordLengthSize);
        end += static_cast<std::size_t>(length) + frameSize;
    }
    return end;
}

std::string fileName(unsigned number)
{
    char host[HOST_NAME_MAX + 1] = {};
    if (gethostname(host, HOST_NAME_MAX) != 0 || host[0] == '\0')
        std::strcpy(host, "localhost");
    std::replace(std::begin(host), std::end(host), '/', '_');
    return fmt::format("events.out.tfevents.{:010}.{}.{}.{}", static_cast<std::int64_t>(wallSeconds()), host,
                       getpid(), number);
}

} // namespace

struct EventFileWriter::State
{
    fs::path file;
    AppendFile out;
    std::string pending;
    std::uint64_t dropped = 0;

    void put(std::string_view data)
    {
        if (pending.size() + data.size() + frameSize > mostPending)
            ++dropped;
        else
            putRecord(pending, data);
    }

    Expected<void> flush()
    {
        std::size_t written = 0;
        int number = 0;
        while (written < pending.size() && number == 0) {
            const std::string_view left = std::string_view(pending).substr(written);
            const std::size_t block = wholeRecords(left);
            number = out.append(left.substr(0, block));
            if (number == 0)
                written += block;
        }
        pending.erase(0, written);
        if (number == 0)
            return reportDropped();
        return tl::unexpected(systemError(number, "Cannot write", file));
    }

    Expected<void> reportDropped()
    {
        if (dropped == 0)
            return {};
        return failure(
            ErrorKind::DiskFull,
            fmt::format("{}: {} points are missing, because they could not be written for too long. The "
                        "figures of each epoch are in run.json.",
                        shown(file), std::exchange(dropped, 0)));
    }
};

EventFileWriter::EventFileWriter(std::unique_ptr<State> state) : m_state(std::move(state)) {}
EventFileWriter::EventFileWriter(EventFileWriter&&) noexcept = default;
EventFileWriter& EventFileWriter::operator=(EventFileWriter&& other) noexcept
{
    std::swap(m_state, other.m_state);
    return *this;
}

EventFileWriter::~EventFileWriter()
{
    if (m_state)
        (void)m_state->flush();
}

Expected<EventFileWriter> EventFileWriter::create(const fs::path& folder)
{
    static std::atomic<unsigned> number{0};
    if (auto made = makeFolder(folder); !made)
        return failure(made);
    auto state = std::make_unique<State>();
    int problem = 0;
    do {
        state->file = folder / fileName(number++);
        problem = state->out.create(state->file);
    } while (problem == EEXIST);
    if (problem != 0)
        return tl::unexpected(systemError(problem, "Cannot write", state->file));
    std::string event = beginEvent(wallSeconds(), 0);
    putBytes(event, '\x1A', "brain.Event:2"); // Event.file_version (3)
    state->put(event);
    if (auto written = state->flush(); !written) {
        ::unlink(state->file.c_str());
        return failure(written);
    }
    return EventFileWriter(std::move(state));
}

void EventFileWriter::add(const ScalarPoint& point)
{
    std::string value;
    putBytes(value, '\x0A', point.tag); // Summary.Value.tag (1)
    value += '\x15';                    // Summary.Value.simple_value (2, float)
    putFixed(value, point.value);
    std::string summary;
    putBytes(summary, '\x0A', value); // Summary.value (1)
    std::string event = beginEvent(point.wallTime, point.step);
    putBytes(event, '\x2A', summary); // Event.summary (5)
    m_state->put(event);
}

void EventFileWriter::addSessionStart(std::int64_t step)
{
    std::string event = beginEvent(wallSeconds(), step);
    putBytes(event, '\x3A',
             std::string_view("\x08\x01", 2)); // Event.session_log (7): SessionLog.status (1) = START
    m_state->put(event);
}

Expected<void> EventFileWriter::flush()
{
    return m_state->flush();
}

std::size_t EventFileWriter::pending() const
{
    return m_state->pending.size();
}

const fs::path& EventFileWriter::file() const
{
    return m_state->file;
}

} // namespace torchdesk
