// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <exception>
#include <string>
#include <type_traits>

namespace torchdesk {

/// What was thrown, as an error: \p what was being done ("Training failed") begins the sentence. Out of
/// memory gets the sentence about a smaller batch. LibTorch's back trace goes into the details only.
Error errorOf(const std::exception_ptr& thrown, const std::string& what);

/// The one catch of a boundary: runs \p work, which returns Expected<T>, and turns whatever it throws into an
/// error.
template <class Work>
auto guarded(const std::string& what, Work&& work) noexcept -> std::invoke_result_t<Work>
{
    try {
        return work();
    } catch (...) {
        return tl::unexpected<Error>(errorOf(std::current_exception(), what));
    }
}

} // namespace torchdesk
