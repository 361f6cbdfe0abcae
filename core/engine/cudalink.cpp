// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/cudalink.h"

#include "core/base/log.h"
#include "core/base/paths.h"
#include "core/engine/torchheaders.h"

#include <ATen/detail/CUDAHooksInterface.h>
#include <dlfcn.h>
#include <string_view>

namespace torchdesk {

namespace {

const TorchDeskCudaEntry* openModule()
{
    const auto file = libraryFolder() / "torchdesk_cuda.so";
    void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char* reason = dlerror();
        logInfo(std::string("The CUDA module is not used: ") + (reason ? reason : "it cannot be opened"));
        return nullptr;
    }
    auto* function = reinterpret_cast<TorchDeskCudaFunction*>(dlsym(library, "torchdeskCuda"));
    const TorchDeskCudaEntry* entry = function ? function() : nullptr;
    if (entry && entry->size == sizeof(TorchDeskCudaEntry) &&
        std::string_view(entry->buildId) == TORCHDESK_BUILD_ID)
        return entry;
    logWarning("The CUDA module " + file.string() +
               " belongs to another build and is not used. Build it again");
    return nullptr;
}

} // namespace

bool cudaInUse()
{
    return cudaDeviceCount() > 0;
}

int cudaDeviceCount()
{
    return at::globalContext().hasCUDA() ? at::detail::getCUDAHooks().getNumGPUs() : 0;
}

const TorchDeskCudaEntry* cudaModule()
{
    if (!cudaInUse())
        return nullptr;
    static const TorchDeskCudaEntry* const entry = openModule();
    return entry;
}

} // namespace torchdesk
