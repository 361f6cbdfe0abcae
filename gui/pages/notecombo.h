// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>

namespace torchdesk {

/// One thing that a field offers.
struct Offer
{
    QString value; ///< as the plan holds it
    QString label;
    QString note; ///< short, shown muted at the right end: "54,000 + 6,000 + 10,000"
    QString help; ///< for the help line; empty: that of the option
};

/// A list to choose from whose chosen entry has a muted note at its right end.
class NoteCombo final : public QComboBox
{
    Q_OBJECT

public:
    explicit NoteCombo(QWidget* parent = nullptr);
    /// Keeps the value; one that is not offered is added, a path under its last name.
    void setOffers(const std::vector<Offer>& offers);
    QString value() const;
    void setValue(const QString& value);
    QString help() const;
    /// A last entry, "Folder…", that opens something to choose in; it never becomes the value.
    void setChooser(const QString& label);
    void setNote(const QString& note); ///< of the chosen entry
    QString note() const;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void valueChanged(); ///< by the user
    void chooserWanted();

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    void addChooser();
    void chosen(int index);
    QRect textRect() const;

    QString m_chooser;     ///< its label; empty: there is none
    int m_last = -1;       ///< the entry to go back to from the chooser
    bool m_byKeys = false; ///< keys step through the closed list
};

} // namespace torchdesk
