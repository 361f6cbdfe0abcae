// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/bridge.h"

#include <QWidget>

namespace torchdesk {

/// Loss above accuracy: of the run that goes on, or of runs and TensorBoard folders that are being looked at.
class CurvesPage final : public QWidget
{
    Q_OBJECT

public:
    explicit CurvesPage(Bridge& bridge, QWidget* parent = nullptr);

    /// The run that the bridge started last.
    void showLive();
    /// Up to eight runs, one over the other.
    void showRuns(const std::vector<std::filesystem::path>& runs);
    /// Every scalar of a TensorBoard folder.
    void showFolder(const std::filesystem::path& folder);
    bool isLive() const { return m_live; }

private:
    bool m_live = true;
};

} // namespace torchdesk
