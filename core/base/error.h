// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <tl/expected.hpp>

namespace torchdesk {

/// What went wrong, coarse enough for a program to act on. The sentence for the person is in Error::message.
enum class ErrorKind
{
    InvalidInput, ///< a value, file or argument that breaks a rule; the message names it
    NotFound,
    Unreadable, ///< exists but cannot be read: permissions, an I/O error
    Unsupported,
    OutOfMemory,
    DiskFull,
    Locked,    ///< another process holds it
    Device,    ///< the device failed or is gone
    Cancelled, ///< the caller's stop token was set
    Internal,  ///< a fault of ours; details hold what is known
};

/// An error as a value. \c message is one sentence for the user: the file or field, what was found, what was
/// wanted and the next step. \c details (may be empty) is for the log.
struct Error
{
    ErrorKind kind = ErrorKind::Internal;
    std::string message;
    std::string details;

    bool operator==(const Error&) const = default;
};

/// The result of whatever can fail across a boundary. Nothing throws across one.
template <class T>
using Expected = tl::expected<T, Error>;

/// `return failure(ErrorKind::NotFound, "…");` in a function that returns Expected<T>.
inline tl::unexpected<Error> failure(ErrorKind kind, std::string message, std::string details = {})
{
    return tl::unexpected<Error>(Error{kind, std::move(message), std::move(details)});
}

/// Hands an error on: `if (!x) return failure(x);`
template <class T>
tl::unexpected<Error> failure(const Expected<T>& failed)
{
    return tl::unexpected<Error>(failed.error());
}

} // namespace torchdesk
