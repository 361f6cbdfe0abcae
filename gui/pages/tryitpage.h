// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/bridge.h"

#include <QWidget>

namespace torchdesk {

/// Uses a run's network: draw a digit or drop a picture, and see the probabilities.
class TryItPage final : public QWidget
{
    Q_OBJECT

public:
    explicit TryItPage(Bridge& bridge, QWidget* parent = nullptr);
    /// Opens the best weights of the run; the answer comes from a worker.
    void setRun(const std::filesystem::path& run);
    const std::filesystem::path& run() const { return m_run; }

private:
    std::filesystem::path m_run;
};

} // namespace torchdesk
