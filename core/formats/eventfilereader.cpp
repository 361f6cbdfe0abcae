// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/base/text.h"
#include "core/formats/crc32c.h"
#include "core/formats/eventfile.h"
#include "core/formats/protobuf.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t readSize = 4u << 20;
constexpr std::size_t headSize = 8 + 4;
constexpr std::size_t sumSize = 4;
// Larger ones are nothing that TensorBoard's plugins write.
constexpr std::uint64_t mostRecord = 1u << 30;

/// A tensor that is one number (tensor.proto): dtype 1, tensor_shape 2, tensor_content 4, float_val 5,
/// double_val 6.
class ScalarTensor
{
public:
    explicit ScalarTensor(ProtobufReader message)
    {
        while (const auto field = message.next()) {
            if (field->number == 1)
                m_dtype = field->integer;
            else if (field->number == 2)
                m_single = m_single && isSingle(ProtobufReader(field->bytes));
            else if (field->number == 4)
                m_content = field->bytes;
            else if (field->number == 5)
                m_floats = field->bytes;
            else if (field->number == 6)
                m_doubles = field->bytes;
        }
    }

    std::optional<float> value() const
    {
        constexpr std::uint64_t dtFloat = 1;
        constexpr std::uint64_t dtDouble = 2;
        if (!m_single)
            return std::nullopt;
        if (m_dtype == dtFloat)
            return only<float>(m_content.empty() ? m_floats : m_content);
        if (m_dtype == dtDouble)
            return only<double>(m_content.empty() ? m_doubles : m_content);
        return std::nullopt;
    }

private:
    /// tensor_shape.proto: dim 2 with size 1. Every size must be 1.
    static bool isSingle(ProtobufReader shape)
    {
        while (const auto field = shape.next()) {
            if (field->number != 2)
                continue;
            ProtobufReader dimension(field->bytes);
            std::uint64_t size = 0;
            while (const auto part = dimension.next()) {
                if (part->number == 1)
                    size = part->integer;
            }
            if (size != 1)
                return false;
        }
        return true;
    }

    template <class Number>
    static std::optional<float> only(std::span<const std::byte> bytes)
    {
        Number number{};
        if (bytes.size() != sizeof number)
            return std::nullopt;
        std::memcpy(&number, bytes.data(), sizeof number);
        return static_cast<float>(number);
    }

    std::uint64_t m_dtype = 0;
    bool m_single = true;
    std::span<const std::byte> m_content;
    std::span<const std::byte> m_floats;
    std::span<const std::byte> m_doubles;
};

std::string tagText(std::span<const std::byte> bytes)
{
    const std::string_view tag(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const auto plain = [](char c) {
        return c >= ' ' && c != 0x7F;
    }; // char is signed here or not: both refuse UTF-8
    constexpr std::size_t mostTag = 1000;
    if (tag.size() <= mostTag && std::all_of(tag.begin(), tag.end(), plain))
        return std::string(tag);
    return shortened(tag, mostTag);
}

/// Summary.Value: tag 1, simple_value 2, tensor 8.
void addValue(ProtobufReader message, const ScalarPoint& event, std::vector<ScalarPoint>& out)
{
    std::span<const std::byte> tag;
    std::optional<float> value;
    while (const auto field = message.next()) {
        if (field->number == 1)
            tag = field->bytes;
        else if (field->number == 2 && field->bytes.size() == sizeof(float)) {
            value.emplace();
            std::memcpy(&*value, field->bytes.data(), sizeof(float));
        } else if (field->number == 8)
            value = ScalarTensor(ProtobufReader(field->bytes)).value();
    }
    if (value && message.intact())
        out.push_back({tagText(tag), event.step, event.wallTime, *value});
}

/// Event: wall_time 1, step 2, summary 5; Summary: value 1. False where the message is damaged.
bool addEvent(std::span<const std::byte> data, std::vector<ScalarPoint>& out)
{
    ScalarPoint event;
    std::span<const std::byte> summary;
    ProtobufReader message(data);
    while (const auto field = message.next()) {
        if (field->number == 1 && field->bytes.size() == sizeof(double))
            std::memcpy(&event.wallTime, field->bytes.data(), sizeof(double));
        else if (field->number == 2)
            event.step = static_cast<std::int64_t>(field->integer);
        else if (field->number == 5)
            summary = field->bytes;
    }
    ProtobufReader values(summary);
    while (const auto field = values.next()) {
        if (field->number == 1)
            addValue(ProtobufReader(field->bytes), event, out);
    }
    return message.intact() && values.intact();
}

template <class Number>
Number numberAt(std::span<const std::byte> bytes)
{
    Number number{};
    std::memcpy(&number, bytes.data(), sizeof number);
    return number;
}

/// The part of the file from an offset on, a block at a time.
class Window
{
public:
    Window(int descriptor, std::uint64_t offset, std::uint64_t fileSize)
        : m_descriptor(descriptor), m_offset(offset), m_fileSize(fileSize)
    {}

    std::uint64_t offset() const { return m_offset; }
    std::uint64_t left() const { return m_fileSize - m_offset; }
    void advance(std::size_t bytes)
    {
        m_used += bytes;
        m_offset += bytes;
    }

    /// The next \p wanted bytes, fewer where the file ends or cannot be read.
    std::span<const std::byte> peek(std::size_t wanted)
    {
        if (m_filled - m_used < wanted)
            refill(wanted);
        return std::span(m_buffer).subspan(m_used, std::min(wanted, m_filled - m_used));
    }

    int problem() const { return m_problem; } ///< 0 or errno

private:
    void refill(std::size_t wanted)
    {
        std::copy(m_buffer.begin() + static_cast<std::ptrdiff_t>(m_used),
                  m_buffer.begin() + static_cast<std::ptrdiff_t>(m_filled), m_buffer.begin());
        m_filled -= m_used;
        m_used = 0;
        const std::uint64_t most = std::min<std::uint64_t>(std::max(readSize, wanted), left());
        if (m_buffer.size() < most)
            m_buffer.resize(most);
        while (m_filled < most) {
            const ssize_t got = ::pread(m_descriptor, m_buffer.data() + m_filled, most - m_filled,
                                        static_cast<off_t>(m_offset + m_filled));
            if (got < 0 && errno == EINTR)
                continue;
            if (got < 0)
                m_problem = errno;
            if (got <= 0)
                return;
            m_filled += static_cast<std::size_t>(got);
        }
    }

    int m_descriptor;
    std::uint64_t m_offset; ///< of the next byte in the file
    std::uint64_t m_fileSize;
    Bytes m_buffer;
    std::size_t m_used = 0;
    std::size_t m_filled = 0;
    int m_problem = 0;
};

enum class Step
{
    Read,
    Incomplete,
    Damaged
};

/// One record: its scalars into \p out, \p why for a damaged one.
Step readRecord(Window& window, std::vector<ScalarPoint>& out, std::string& why)
{
    const auto head = window.peek(headSize);
    if (head.size() < headSize)
        return Step::Incomplete;
    const auto length = numberAt<std::uint64_t>(head);
    const bool good = maskedCrc32c(head.first(8)) == numberAt<std::uint32_t>(head.subspan(8));
    if (!good || length > mostRecord) {
        why = good ? fmt::format("it is {} long, at most {} were expected", byteSize(length),
                                 byteSize(mostRecord))
                   : "the checksum of its length does not match";
        return Step::Damaged;
    }
    if (window.left() < headSize + length + sumSize)
        return Step::Incomplete;
    const auto record = window.peek(headSize + length + sumSize);
    if (record.size() < headSize + length + sumSize)
        return Step::Incomplete;
    const auto data = record.subspan(headSize, length);
    if (maskedCrc32c(data) != numberAt<std::uint32_t>(record.last(sumSize))) {
        why = "the checksum of its data does not match";
        return Step::Damaged;
    }
    const std::size_t before = out.size();
    if (!addEvent(data, out)) {
        out.resize(before);
        why = "it is no event of TensorBoard";
        return Step::Damaged;
    }
    window.advance(record.size());
    return Step::Read;
}

} // namespace

EventFileReader::EventFileReader(fs::path file) : m_file(std::move(file)) {}

Expected<std::vector<ScalarPoint>> EventFileReader::poll(std::size_t most)
{
    const int descriptor = ::open(m_file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return tl::unexpected(systemError(errno, "Cannot open", m_file));
    const std::unique_ptr<const int, void (*)(const int*)> closing(&descriptor,
                                                                   [](const int* d) { ::close(*d); });
    struct stat status
    {};
    if (fstat(descriptor, &status) != 0)
        return tl::unexpected(systemError(errno, "Cannot read", m_file));
    if (!S_ISREG(status.st_mode))
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("{} is no regular file, an event file was wanted. Choose a file.", shown(m_file)));
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size < m_offset)
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{} was cut to {} bytes after {} had been read. Open it again.",
                                   shown(m_file), size, m_offset));
    std::vector<ScalarPoint> points;
    std::string why;
    Window window(descriptor, m_offset, size);
    Step step = Step::Read;
    while (step == Step::Read && points.size() < most)
        step = readRecord(window, points, why);
    m_offset = window.offset();
    if (!points.empty())
        return points;
    if (window.problem() != 0)
        return tl::unexpected(systemError(window.problem(), "Cannot read", m_file));
    if (step == Step::Damaged)
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("{}: the record at byte {} is damaged: {}. What stands before it was read.",
                        shown(m_file), m_offset, why));
    return points;
}

bool isEventFileName(const std::string& name)
{
    return name.find("tfevents") != std::string::npos;
}

} // namespace torchdesk
