// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// The one function of the module torchdesk_window, which main opens: runs the window to its end and gives
/// the exit code.
extern "C" __attribute__((visibility("default"))) int torchdeskRunWindow(int* argc, char** argv);
