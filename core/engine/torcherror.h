// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <exception>
#include <string>
#include <type_traits>

namespace torchdesk {

/// What to do where the memory is full.
inline constexpr const char* smallerBatch = "A smaller batch needs less; try half the batch size.";
inline constexpr const char* smallerModel = "Choose a smaller model, or close other programs.";

/// What was thrown, as an error: \p what was being done ("Training failed") begins the sentence, \p advice
/// ends it where the memory was full. LibTorch's back trace goes into the details only.
Error errorOf(const std::exception_ptr& thrown, const std::string& what, const char* advice = smallerBatch);

/// The one catch of a boundary: runs \p work, which returns Expected<T>, and turns whatever it throws into an
/// error.
template <class Work>
auto guarded(const std::string& what, Work&& work, const char* advice = smallerBatch) noexcept
    -> std::invoke_result_t<Work>
{
    try {
        return work();
    } catch (...) {
        return tl::unexpected<Error>(errorOf(std::current_exception(), what, advice));
    }
}

} // namespace torchdesk
