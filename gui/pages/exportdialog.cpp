// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/exportdialog.h"

namespace torchdesk {

ExportDialog::ExportDialog(Bridge&, std::filesystem::path run, QWidget* parent)
    : QDialog(parent), m_run(std::move(run))
{
    setObjectName(QStringLiteral("exportDialog"));
    setWindowTitle(tr("Export weights"));
}

} // namespace torchdesk
