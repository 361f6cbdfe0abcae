// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace torchdesk {

/// Seconds since the kernel started this process (also where it has since started itself again), to a
/// hundredth.
double secondsSinceStart();

} // namespace torchdesk
