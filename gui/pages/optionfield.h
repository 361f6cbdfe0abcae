// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan/options.h"
#include "gui/pages/notecombo.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QToolButton;

namespace torchdesk {

/// One option of the table as a field: label, dot and way back where it differs from the preset, the editor
/// its kind wants, a line of help while it has the focus, and what is wrong with it.
class OptionField final : public QWidget
{
    Q_OBJECT

public:
    explicit OptionField(const Option& option, QWidget* parent = nullptr);

    const Option& option() const { return m_option; }
    /// As setOption reads it: a decimal comma of the user's country has become a point.
    QString value() const;
    void setValue(const QString& value); ///< without a signal
    void setBase(const QString& value);  ///< what the way back leads to
    bool differs() const;
    void setProblem(const QString& text); ///< empty: none
    const QString& problem() const { return m_problem; }
    /// What the check of the whole plan found wrong with this choice; empty: nothing.
    void setRefusal(const QString& text);
    NoteCombo* combo() const { return m_combo; } ///< nullptr for a field that is typed into
    QWidget* editor() const;
    /// The line of help, to be shown elsewhere than below the editor.
    QLabel* takeHelp() const { return m_help; }

Q_SIGNALS:
    void edited(const QString& value);
    void chooserWanted(); ///< a file or folder is to be chosen for it

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build();
    void makeEditor();
    void makeCombo();
    bool isPath() const;
    QLayout* editorWithButton();
    void refresh();
    void reset();
    void mark();

    const Option& m_option;
    QString m_base;
    QString m_problem; ///< of the value itself
    QString m_refusal;
    bool m_focused = false;
    QLabel* m_label = nullptr;
    QLabel* m_dot = nullptr;
    QToolButton* m_back = nullptr;
    NoteCombo* m_combo = nullptr;
    QLineEdit* m_line = nullptr;
    QLabel* m_help = nullptr;
};

} // namespace torchdesk
