// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QString;
class QWidget;

namespace torchdesk {

/// Puts the text on the clipboard and says 'Copied' above the button.
void copyText(const QString& text, QWidget* button);

} // namespace torchdesk
