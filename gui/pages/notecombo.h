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
    /// Keeps the value; one that is not offered is added as its own label.
    void setOffers(const std::vector<Offer>& offers);
    QString value() const;
    void setValue(const QString& value);
    QString help() const;
    void setNote(const QString& note); ///< of the chosen entry
    QString note() const;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
};

} // namespace torchdesk
