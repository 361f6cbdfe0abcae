// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace torchdesk {

/// The window program from its command line to its exit code: 0, 1 where --train failed, 2 for wrong use.
int runApplication(int& argc, char** argv);

/// Names of the program, as the settings and the desktop know it.
void nameApplication();

} // namespace torchdesk
