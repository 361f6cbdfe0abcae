// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/pictures/cachefile.h"
#include "core/data/pictures/picture.h"

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace torchdesk {

/// Lets threads decode only as long as what they hold together stays below a bound; one that asks for more
/// than the bound waits until it is alone.
class MemoryGate
{
public:
    explicit MemoryGate(std::uint64_t most) : m_most(most) {}

    /// Waits in its constructor, holds its bytes for as long as it lives.
    class Pass
    {
    public:
        Pass(MemoryGate& gate, std::uint64_t bytes);
        ~Pass();
        Pass(const Pass&) = delete;
        Pass& operator=(const Pass&) = delete;

    private:
        MemoryGate& m_gate;
        const std::uint64_t m_bytes;
    };

private:
    const std::uint64_t m_most;
    std::mutex m_mutex;
    std::condition_variable m_freed;
    std::uint64_t m_held = 0;
};

/// One making of a cache file: pictures in, samples out, on all cores. Used once.
class CacheBuild
{
public:
    CacheBuild(CacheWriter& writer, std::int64_t count, const PictureSettings& settings, int threads);

    /// Blocks; progress comes from the calling thread.
    Expected<CacheNotes> run(const OpenPictures& open, const Progress& progress, std::stop_token stop);

private:
    enum class State : std::uint8_t
    {
        Missing, ///< has not come yet
        Deep,    ///< has 16 bits, and waits for the range of the set
        Done
    };

    Expected<void> pass(const OpenPictures& open, const Progress& progress, std::stop_token stop);
    void work(PictureSource& source, const std::stop_token& stop);
    Expected<void> take(const EncodedPicture& picture, const PictureSource& source);
    Expected<void> decode(const EncodedPicture& picture);
    Expected<void> keep(const EncodedPicture& encoded, const Picture& picture);
    void leaveOut(std::int64_t index, const std::string& name, const std::string& reason);
    void leaveOutMissing();
    bool noteDeep(std::int64_t index, const Picture& picture);
    void fail(const Error& error);
    bool failed();
    State& stateOf(std::int64_t index) { return m_states[static_cast<std::size_t>(index)]; }

    CacheWriter& m_writer;
    const int m_threads;
    Preprocessing m_rules;
    PictureWish m_wish;
    MemoryGate m_gate;
    std::vector<State> m_states; ///< each written by the one thread that has the picture
    bool m_second = false;       ///< only what waits for the range is decoded now
    std::atomic<std::int64_t> m_ready{0};
    std::atomic<std::int64_t> m_waiting{0};

    std::mutex m_mutex; ///< guards what follows
    std::condition_variable m_ended;
    int m_working = 0;
    std::optional<Error> m_error;
    CacheNotes m_notes;
    int m_low = 65535;
    int m_high = 0;
};

} // namespace torchdesk
