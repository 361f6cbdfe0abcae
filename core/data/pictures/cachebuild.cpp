// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/cachebuild.h"

#include "core/base/text.h"
#include "core/data/pictures/picture.h"
#include "core/data/pictures/pictureprobe.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <new>
#include <thread>
#include <utility>

namespace torchdesk {

namespace {

constexpr std::uint64_t mostDecoding = std::uint64_t{1} << 30;
constexpr auto progressEvery = std::chrono::milliseconds(100);

/// What decoding takes, seen from the header: the values, once more while they are turned or laid over white,
/// and the whole of a progressive JPEG. A large JPEG comes at half its sides or less.
std::uint64_t decodingBytes(const EncodedPicture& encoded, const PictureWish& wish)
{
    const auto found = probePicture(encoded.bytes, encoded.name);
    if (!found || !*found)
        return 0; // the decoder refuses it, before it takes memory or soon after
    const PictureProbe& probe = **found;
    const auto pixels = static_cast<std::uint64_t>(probe.width) * static_cast<std::uint64_t>(probe.height);
    if (probe.format != PictureFormat::Jpeg)
        return pixels * (probe.bits == 16 ? 16 : 8);
    const bool scaled = wish.width > 0 && probe.width / 2 >= wish.width && probe.height / 2 >= wish.height;
    return pixels * (probe.progressive ? 6 : 0) + (scaled ? pixels * 6 / 4 : pixels * 6);
}

} // namespace

MemoryGate::Pass::Pass(MemoryGate& gate, std::uint64_t bytes) : m_gate(gate), m_bytes(bytes)
{
    std::unique_lock lock(m_gate.m_mutex);
    m_gate.m_freed.wait(lock, [&] { return m_gate.m_held == 0 || m_gate.m_held + bytes <= m_gate.m_most; });
    m_gate.m_held += bytes;
}

MemoryGate::Pass::~Pass()
{
    {
        const std::lock_guard lock(m_gate.m_mutex);
        m_gate.m_held -= m_bytes;
    }
    m_gate.m_freed.notify_all();
}

CacheBuild::CacheBuild(CacheWriter& writer, std::int64_t count, const PictureSettings& settings, int threads)
    : m_writer(writer), m_threads(threads), m_gate(mostDecoding),
      m_states(static_cast<std::size_t>(count), State::Missing)
{
    m_rules.shape = settings.shape;
    m_rules.picture = settings.fit;
    m_rules.range = settings.range;
    m_wish = wishFor(m_rules);
}

Expected<CacheNotes> CacheBuild::run(const OpenPictures& open, const Progress& progress, std::stop_token stop)
{
    if (auto passed = pass(open, progress, stop); !passed)
        return failure(passed);
    if (m_waiting > 0) {
        // A set of one value has no range: everything is its low end.
        m_rules.range = PictureRange{std::min(m_low, 65534), std::max(m_high, std::min(m_low, 65534) + 1)};
        m_second = true;
        if (auto passed = pass(open, progress, stop); !passed)
            return failure(passed);
    }
    leaveOutMissing();
    m_notes.range = m_rules.range;
    std::sort(m_notes.morePages.begin(), m_notes.morePages.end());
    std::sort(m_notes.unreadable.begin(), m_notes.unreadable.end(),
              [](const UnreadablePicture& a, const UnreadablePicture& b) { return a.index < b.index; });
    return m_notes;
}

Expected<void> CacheBuild::pass(const OpenPictures& open, const Progress& progress, std::stop_token stop)
{
    const auto source = open();
    if (!source)
        return failure(source);
    m_working = m_threads;
    std::vector<std::jthread> threads;
    for (int i = 0; i < m_threads; ++i)
        threads.emplace_back([this, &source, &stop] { work(**source, stop); });
    std::unique_lock lock(m_mutex);
    while (!m_ended.wait_for(lock, progressEvery, [this] { return m_working == 0; })) {
        lock.unlock();
        if (progress)
            progress(static_cast<double>(m_ready) /
                         static_cast<double>(m_waiting + static_cast<std::int64_t>(m_states.size())),
                     m_second ? "scaling 16-bit pictures" : "decoding pictures");
        lock.lock();
    }
    if (stop.stop_requested())
        return failure(ErrorKind::Cancelled, "Decoding the pictures was stopped.");
    if (m_error)
        return tl::unexpected(*m_error);
    return {};
}

void CacheBuild::work(PictureSource& source, const std::stop_token& stop)
{
    try {
        while (!stop.stop_requested() && !failed()) {
            const auto next = source.next();
            if (!next)
                fail(next.error());
            if (!next || !*next)
                break;
            if (auto taken = take(**next, source); !taken)
                fail(taken.error());
        }
    } catch (const std::bad_alloc&) {
        fail({ErrorKind::OutOfMemory, "No memory is left to decode the pictures. Close other programs.", {}});
    }
    const std::lock_guard lock(m_mutex);
    if (--m_working == 0)
        m_ended.notify_all();
}

Expected<void> CacheBuild::take(const EncodedPicture& picture, const PictureSource& source)
{
    if (picture.index < 0 || picture.index >= static_cast<std::int64_t>(m_states.size()))
        return failure(ErrorKind::Internal,
                       fmt::format("{} came as picture {} of {}.", shortened(picture.name, 200),
                                   picture.index + 1, m_states.size()));
    const State before = stateOf(picture.index);
    if (before == State::Done || (m_second && before != State::Deep))
        return {};
    Expected<void> taken;
    if (picture.bytes.empty()) {
        const std::string reason = source.unreadable(picture.index);
        leaveOut(picture.index, picture.name,
                 reason.empty() ? shortened(picture.name, 400) + " is empty." : reason);
    } else {
        taken = decode(picture);
    }
    ++m_ready;
    return taken;
}

Expected<void> CacheBuild::decode(const EncodedPicture& encoded)
{
    const MemoryGate::Pass pass(m_gate, decodingBytes(encoded, m_wish));
    const auto picture = decodePicture(encoded.bytes, shortened(encoded.name, 400), m_wish);
    if (picture)
        return keep(encoded, *picture);
    leaveOut(encoded.index, encoded.name, picture.error().message);
    return {};
}

Expected<void> CacheBuild::keep(const EncodedPicture& encoded, const Picture& picture)
{
    if (picture.pages > 1 && !m_second) {
        const std::lock_guard lock(m_mutex);
        m_notes.morePages.push_back(encoded.index);
    }
    if (!picture.deep.empty() && noteDeep(encoded.index, picture))
        return {};
    stateOf(encoded.index) = State::Done;
    return m_writer.put(encoded.index, toSample(picture, m_rules));
}

/// True where the picture has to wait until the range of the whole set is known.
bool CacheBuild::noteDeep(std::int64_t index, const Picture& picture)
{
    if (m_rules.range)
        return false;
    const auto [low, high] = std::minmax_element(picture.deep.begin(), picture.deep.end());
    stateOf(index) = State::Deep;
    ++m_waiting;
    const std::lock_guard lock(m_mutex);
    m_low = std::min<int>(m_low, *low);
    m_high = std::max<int>(m_high, *high);
    return true;
}

void CacheBuild::leaveOut(std::int64_t index, const std::string& name, const std::string& reason)
{
    stateOf(index) = State::Done;
    const std::lock_guard lock(m_mutex);
    m_notes.unreadable.push_back({index, shortened(name, 1000), reason});
}

/// What the source did not give, or gave the first time only.
void CacheBuild::leaveOutMissing()
{
    for (std::int64_t index = 0; index < static_cast<std::int64_t>(m_states.size()); ++index) {
        if (stateOf(index) == State::Done)
            continue;
        const std::string name = fmt::format("picture {}", index + 1);
        leaveOut(index, name, name + " was not there any more when it was to be read.");
    }
}

void CacheBuild::fail(const Error& error)
{
    const std::lock_guard lock(m_mutex);
    if (!m_error)
        m_error = error;
}

bool CacheBuild::failed()
{
    const std::lock_guard lock(m_mutex);
    return m_error.has_value();
}

} // namespace torchdesk
