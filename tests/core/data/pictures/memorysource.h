// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/pictures/picturesource.h"
#include "tests/core/data/pictures/encodepicture.h"
#include "tests/core/data/pictures/samplepictures.h"

#include <atomic>
#include <span>

namespace torchdesk::test {

struct Stored
{
    std::string name;
    std::string bytes;
    std::string unreadable = {}; ///< a file that cannot be read, for this reason
};

/// Pictures in memory, as a folder would give them; backwards, since any order is allowed.
class MemorySource : public PictureSource
{
public:
    explicit MemorySource(const std::vector<Stored>& pictures)
        : m_pictures(pictures), m_left(static_cast<std::int64_t>(pictures.size()))
    {}
    std::int64_t count() const override { return static_cast<std::int64_t>(m_pictures.size()); }
    Expected<std::optional<EncodedPicture>> next() override
    {
        const std::int64_t index = --m_left;
        if (index < 0)
            return std::nullopt;
        const Stored& stored = m_pictures[static_cast<std::size_t>(index)];
        const auto bytes = std::as_bytes(std::span(stored.bytes));
        return EncodedPicture{index, stored.name, Bytes(bytes.begin(), bytes.end())};
    }
    std::string unreadable(std::int64_t index) const override
    {
        return m_pictures[static_cast<std::size_t>(index)].unreadable;
    }

private:
    const std::vector<Stored>& m_pictures;
    std::atomic<std::int64_t> m_left;
};

/// Pictures of different sizes, kinds and channels.
inline std::vector<Stored> photographs(int count)
{
    std::vector<Stored> pictures;
    for (int i = 0; i < count; ++i) {
        const Picture picture = gradient(20 + i % 7, 18 + i % 5, i % 3 == 0 ? 1 : 3);
        pictures.push_back({"p" + std::to_string(i), i % 2 == 0 ? encodePng(picture) : encodeJpeg(picture)});
    }
    return pictures;
}

} // namespace torchdesk::test
