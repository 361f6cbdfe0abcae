// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/trainingjob.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace torchdesk {

/// Stands below the field of the weights to begin with: what was taken from them, or, where few pictures of a
/// folder are trained from nothing, where published ones come from. Hidden where there is nothing to say.
class StartHint final : public QWidget
{
    Q_OBJECT

public:
    explicit StartHint(QWidget* parent = nullptr);
    void setJob(const TrainingJob& job);
    void clear() { say({}, {}); }

private:
    void say(const QString& text, const QString& command);

    QLabel* m_text = nullptr;
    QLabel* m_command = nullptr; ///< a line of Python that writes the weights
    QPushButton* m_copy = nullptr;
};

/// Whether the plan trains so few pictures of a folder that published weights, which the model has, decide
/// over the result.
bool wantsPublishedWeights(const TrainingJob& job);

} // namespace torchdesk
