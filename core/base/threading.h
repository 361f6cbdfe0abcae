// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace torchdesk {

/// Settings of the OpenMP runtime that LibTorch computes with, which it reads once, when it is loaded. Call
/// first in main with main's argv, before any thread starts. Where the runtime is mapped already (Qt brings
/// it along), the program starts itself again with the settings in its environment: about 8 ms, and only
/// once. What the user has set stays as it is. Besides, all threads share one heap from then on: only the
/// first one of glibc's can hold pieces as large as a trainer's thread asks for.
void prepareThreading(char* const argv[]);

} // namespace torchdesk
