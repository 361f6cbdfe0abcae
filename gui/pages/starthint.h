// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/trainingjob.h"

#include <QWidget>
#include <string>

class QLabel;
class QPushButton;

namespace torchdesk {

/// Stands below the field of the weights to begin with: what was taken from them, or, where few pictures of a
/// folder are trained from nothing, where published ones come from, or which model has some. Hidden where
/// there is nothing to say.
class StartHint final : public QWidget
{
    Q_OBJECT

public:
    explicit StartHint(QWidget* parent = nullptr);
    /// \p normalised: the form set the plan to ImageNet's normalisation, as the weights want it.
    void setJob(const TrainingJob& job, bool normalised = false);
    void clear() { say({}, {}); }

Q_SIGNALS:
    void presetWanted(const std::string& name); ///< of a model that has published weights

private:
    void sayStart(const TrainingJob& job, bool normalised);
    void sayPublished(const TrainingJob& job);
    void say(const QString& text, const QString& command, bool otherModel = false);

    QLabel* m_text = nullptr;
    QLabel* m_command = nullptr; ///< a line of Python that writes the weights
    QPushButton* m_copy = nullptr;
    QPushButton* m_preset = nullptr;
};

} // namespace torchdesk
