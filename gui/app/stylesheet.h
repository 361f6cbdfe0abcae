// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace torchdesk {

struct Theme;

/// resources/themes/torchdesk.qss with the theme's colours in the place of @names.
QString styleSheetOf(const Theme& theme);

} // namespace torchdesk
