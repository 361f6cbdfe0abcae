// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/model/tensor.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace torchdesk {

/// A picture as it lies in a file or an archive.
struct EncodedPicture
{
    std::int64_t index = 0; ///< its place in the set, 0 … count - 1
    std::string name;       ///< for messages: the path inside the folder or archive
    Bytes bytes;
};

/// Gives the encoded pictures of a set, each once, in any order. next() may be called from any number of
/// threads; it blocks while a file is read. A source is used up by one pass.
class PictureSource
{
public:
    virtual ~PictureSource() = default;
    virtual std::int64_t count() const = 0;
    /// nullopt when there are no more. An error ends the pass where the whole set is lost (the archive is
    /// cut); a single file that cannot be read arrives with empty bytes, and its reason is unreadable().
    virtual Expected<std::optional<EncodedPicture>> next() = 0;
    /// Why the picture at \p index came with empty bytes; "" where it did not.
    virtual std::string unreadable(std::int64_t index) const = 0;
};

using OpenPictures = std::function<Expected<std::unique_ptr<PictureSource>>()>;

} // namespace torchdesk
