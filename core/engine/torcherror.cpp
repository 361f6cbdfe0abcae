// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/torcherror.h"

#include "core/base/text.h"
#include "core/engine/torchheaders.h"

#include <new>

namespace torchdesk {

namespace {

Error outOfMemory(const std::string& what, const char* advice, const std::string& details)
{
    return {ErrorKind::OutOfMemory, what + ": the device ran out of memory. " + advice, details};
}

// LibTorch's processor allocator reports exhaustion as a plain c10::Error.
bool saysOutOfMemory(const std::string& text)
{
    return text.find("can't allocate memory") != std::string::npos ||
           text.find("out of memory") != std::string::npos ||
           text.find("not enough memory") != std::string::npos;
}

Error fromTorch(const c10::Error& error, const std::string& what, const char* advice)
{
    const std::string reason = error.what_without_backtrace();
    if (saysOutOfMemory(reason))
        return outOfMemory(what, advice, error.what());
    return {ErrorKind::Internal, what + ": LibTorch says '" + shortened(reason, 300) + "'", error.what()};
}

} // namespace

Error errorOf(const std::exception_ptr& thrown, const std::string& what, const char* advice)
{
    try {
        std::rethrow_exception(thrown);
    } catch (const c10::OutOfMemoryError& error) {
        return outOfMemory(what, advice, error.what());
    } catch (const c10::Error& error) {
        return fromTorch(error, what, advice);
    } catch (const std::bad_alloc& error) {
        return outOfMemory(what, advice, error.what());
    } catch (const std::exception& error) {
        return {ErrorKind::Internal, what + ": " + shortened(error.what(), 300), error.what()};
    } catch (...) {
        return {ErrorKind::Internal, what + ": an unknown exception was thrown", {}};
    }
}

} // namespace torchdesk
