// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace torchdesk {

/// While one lives, the heap keeps what is freed: a step frees and asks for the same large pieces again and
/// again, and to map them anew each time costs a network like AlexNet a fifth of its step. The last one gives
/// back to the system what is free. Any thread; does nothing without glibc.
class KeptHeap
{
public:
    KeptHeap();
    ~KeptHeap();
    KeptHeap(const KeptHeap&) = delete;
    KeptHeap& operator=(const KeptHeap&) = delete;
};

} // namespace torchdesk
