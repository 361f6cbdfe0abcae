// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>

namespace torchdesk {

/// Our own pictures, resources/icons/<name>.svg.
enum class IconName
{
    Play,
    Pause,
    Stop,
    Copy,
    ChevronDown,
    ChevronRight,
    Export,
    Folder,
    Fit,
    Pen,
    Trash,
    Search,
    Check,
    Warning,
    Information,
    Undo,
    Clear,
    Application,
};

enum class IconTint
{
    Text,
    Muted,
    Accent,
    OnAccent,
    Good,
    Warning,
    Bad
};

/// An icon that is drawn from its SVG in the colour of the theme at the moment of painting, so a change of
/// theme needs no more than a repaint.
QIcon themeIcon(IconName name, IconTint tint = IconTint::Text);

/// The coloured icon of the application for window and task bar.
QIcon applicationIcon();

} // namespace torchdesk
