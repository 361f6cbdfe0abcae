// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/keptheap.h"

#include <malloc.h>
#include <mutex>

namespace torchdesk {

namespace {

std::mutex heapMutex;
int heapsKept = 0;

} // namespace

KeptHeap::KeptHeap()
{
#ifdef __GLIBC__
    const std::lock_guard lock(heapMutex);
    if (heapsKept++ > 0)
        return;
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, -1);
#endif
}

// Any setting ends glibc's own adjusting of its thresholds: these are where it ends up at most.
KeptHeap::~KeptHeap()
{
#ifdef __GLIBC__
    const std::lock_guard lock(heapMutex);
    if (--heapsKept > 0)
        return;
    constexpr int largestThreshold = 32 << 20;
    mallopt(M_MMAP_MAX, 65'536);
    mallopt(M_MMAP_THRESHOLD, largestThreshold);
    mallopt(M_TRIM_THRESHOLD, 2 * largestThreshold);
    malloc_trim(0);
#endif
}

} // namespace torchdesk
