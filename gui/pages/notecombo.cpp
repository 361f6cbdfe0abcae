// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/notecombo.h"

#include "gui/app/theme.h"

#include <QAbstractItemView>
#include <QPainter>
#include <QStyleOptionComboBox>
#include <QStylePainter>
#include <QWheelEvent>

namespace torchdesk {

namespace {

constexpr int textMargin = 11;
constexpr int arrowWidth = 26;
constexpr int noteRole = Qt::UserRole + 1;
constexpr int helpRole = Qt::UserRole + 2;

} // namespace

NoteCombo::NoteCombo(QWidget* parent) : QComboBox(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(6);
}

void NoteCombo::setOffers(const std::vector<Offer>& offers)
{
    const QSignalBlocker blocker(this);
    const QString kept = value();
    clear();
    for (const Offer& offer : offers) {
        addItem(offer.label, offer.value);
        setItemData(count() - 1, offer.note, noteRole);
        setItemData(count() - 1, offer.help, helpRole);
        setItemData(count() - 1, offer.help, Qt::ToolTipRole);
    }
    if (!kept.isNull())
        setValue(kept);
    view()->setMinimumWidth(std::max(view()->sizeHintForColumn(0) + 2 * space::medium, 0));
}

QString NoteCombo::value() const
{
    return currentData().toString();
}

void NoteCombo::setValue(const QString& value)
{
    const QSignalBlocker blocker(this);
    int index = findData(value);
    if (index < 0) {
        addItem(value, value);
        index = count() - 1;
    }
    setCurrentIndex(index);
}

QString NoteCombo::help() const
{
    return currentData(helpRole).toString();
}

void NoteCombo::setNote(const QString& note)
{
    setItemData(currentIndex(), note, noteRole);
    update();
}

QString NoteCombo::note() const
{
    return currentData(noteRole).toString();
}

QSize NoteCombo::minimumSizeHint() const
{
    return {80, QComboBox::minimumSizeHint().height()};
}

// The wheel scrolls the form; it does not change what it happens to pass over.
void NoteCombo::wheelEvent(QWheelEvent* event)
{
    event->ignore();
}

void NoteCombo::paintEvent(QPaintEvent*)
{
    QStylePainter painter(this);
    QStyleOptionComboBox option;
    initStyleOption(&option);
    painter.drawComplexControl(QStyle::CC_ComboBox, option);
    QRect edit = rect().adjusted(textMargin, 0, -arrowWidth, 0);
    const int noteWidth = note().isEmpty() ? 0 : fontMetrics().horizontalAdvance(note()) + space::small;
    const bool room = edit.width() - noteWidth >= fontMetrics().horizontalAdvance(option.currentText);
    if (noteWidth > 0 && room) {
        painter.setPen(theme().muted);
        painter.drawText(edit, Qt::AlignRight | Qt::AlignVCenter, note());
        edit.setRight(edit.right() - noteWidth);
    }
    painter.setPen(isEnabled() ? theme().text : theme().faint);
    painter.drawText(edit, Qt::AlignLeft | Qt::AlignVCenter,
                     fontMetrics().elidedText(option.currentText, Qt::ElideRight, edit.width()));
}

} // namespace torchdesk
