// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QScrollArea;

namespace torchdesk {

inline constexpr int scrollBarWidth = 10; ///< as the style sheet has it

/// Scrolls down only. The place of the bar is kept, so that what is inside does not change its width when
/// there is something to scroll: leave scrollBarWidth less at the right of it.
void scrollDownOnly(QScrollArea* area);

} // namespace torchdesk
