// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/pagestack.h"

namespace torchdesk {

QSize PageStack::sizeHint() const
{
    return currentWidget() ? currentWidget()->sizeHint() : QSize();
}

QSize PageStack::minimumSizeHint() const
{
    return currentWidget() ? currentWidget()->minimumSizeHint() : QSize();
}

} // namespace torchdesk
