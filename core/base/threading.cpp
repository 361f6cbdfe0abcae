// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/threading.h"

#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <malloc.h>
#include <unistd.h>

namespace torchdesk {

namespace {

/// How often an idle OpenMP thread looks for work before it sleeps. The runtime's own default spins for
/// milliseconds: beside one other busy thread (the window's) a training step on two cores then takes up to 50
/// times as long. Sleeping at once (OMP_WAIT_POLICY=passive) costs 1.8 times on a quiet machine. This lies
/// between.
constexpr const char* spinCount = "10000";

bool runtimeIsMapped()
{
    void* runtime = dlopen("libgomp.so.1", RTLD_LAZY | RTLD_NOLOAD);
    if (runtime)
        dlclose(runtime);
    return runtime != nullptr;
}

} // namespace

void prepareThreading(char* const argv[])
{
#ifdef __GLIBC__
    if (!std::getenv("MALLOC_ARENA_MAX"))
        mallopt(M_ARENA_MAX, 1);
#endif
    if (std::getenv("GOMP_SPINCOUNT") || std::getenv("OMP_WAIT_POLICY"))
        return;
    setenv("GOMP_SPINCOUNT", spinCount, 1);
    if (!runtimeIsMapped())
        return;
    // The path behind the link: through /proc/self/exe itself the program would be named "exe".
    std::error_code problem;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", problem);
    if (!problem)
        execv(program.c_str(), argv);
    // Where that fails the program goes on, only slower beside other busy threads.
}

} // namespace torchdesk
