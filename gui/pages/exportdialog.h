// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/bridge.h"

#include <QDialog>

namespace torchdesk {

/// Exports the weights of a run and shows how what was written was verified.
class ExportDialog final : public QDialog
{
    Q_OBJECT

public:
    ExportDialog(Bridge& bridge, std::filesystem::path run, QWidget* parent = nullptr);

private:
    std::filesystem::path m_run;
};

} // namespace torchdesk
