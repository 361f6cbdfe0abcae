// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QSize>
#include <QString>
#include <QStringList>
#include <optional>

namespace torchdesk {

/// What the command line of the window asks for.
struct LaunchOptions
{
    QString folder;         ///< a TensorBoard folder or a runs folder to show
    QString appearance;     ///< "auto", "light", "dark" or ""
    QString planFile;       ///< trained at once
    QString screenshot;     ///< a file that gets a picture of the window
    int screenshotAt = 100; ///< percent of the run of planFile
    std::optional<QSize> size;
    bool exitWhenDone = false;   ///< after the run of planFile
    bool exitAfterPaint = false; ///< prints the seconds from the start of the process to the first paint
    bool help = false;
    bool version = false;
};

/// An error is wrong use, with the sentence for the terminal. Needs no QApplication.
Expected<LaunchOptions> parseLaunchOptions(const QStringList& arguments);
QString launchHelp();

} // namespace torchdesk
