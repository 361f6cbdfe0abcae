// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/bridge.h"

#include <QWidget>

namespace torchdesk {

/// The list of runs of the run folder.
class RunsPage final : public QWidget
{
    Q_OBJECT

public:
    explicit RunsPage(Bridge& bridge, QWidget* parent = nullptr);

Q_SIGNALS:
    void runsChosen(const std::vector<std::filesystem::path>& runs); ///< one or up to eight to look at
    void useWanted(const std::filesystem::path& run);
    void exportWanted(const std::filesystem::path& run);
    void planWanted(const torchdesk::TrainingPlan& plan); ///< into the form
    void folderWanted();                                  ///< a TensorBoard folder is to be chosen
    void countChanged(int count);
};

} // namespace torchdesk
