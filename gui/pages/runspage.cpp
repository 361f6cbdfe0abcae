// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/runspage.h"

namespace torchdesk {

RunsPage::RunsPage(Bridge&, QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("runsPage"));
}

} // namespace torchdesk
