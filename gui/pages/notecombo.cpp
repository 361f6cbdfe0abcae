// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/notecombo.h"

#include "gui/app/theme.h"
#include "gui/widgets/labels.h"

#include <QAbstractItemView>
#include <QDir>
#include <QFileInfo>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QStyleOptionComboBox>
#include <QStylePainter>
#include <QStyledItemDelegate>
#include <QWheelEvent>
#include <algorithm>

namespace torchdesk {

namespace {

constexpr int textMargin = 11;
constexpr int arrowWidth = 20;
constexpr int noteRole = Qt::UserRole + 1;
constexpr int helpRole = Qt::UserRole + 2;
constexpr int chooserRole = Qt::UserRole + 3;
constexpr int pathRole = Qt::UserRole + 4;

/// An entry of the open list, with its note at the right end as in the closed one.
class NoteDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        if (isSeparator(index)) {
            painter->fillRect(QRect(option.rect.left(), option.rect.center().y(), option.rect.width(), 1),
                              theme().line);
            return;
        }
        QStyledItemDelegate::paint(painter, option, index);
        const QString note = index.data(noteRole).toString();
        const QRect room = option.rect.adjusted(space::small, 0, -space::small, 0);
        const auto width = [&](const QString& text) { return option.fontMetrics.horizontalAdvance(text); };
        if (note.isEmpty() || width(index.data().toString()) + space::medium + width(note) > room.width())
            return;
        painter->setFont(option.font);
        painter->setPen(theme().muted);
        painter->drawText(room, Qt::AlignRight | Qt::AlignVCenter, note);
    }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QSize size = QStyledItemDelegate::sizeHint(option, index);
        if (isSeparator(index))
            return {size.width(), 2 * space::tiny + 1};
        const QString note = index.data(noteRole).toString();
        if (!note.isEmpty())
            size.rwidth() += option.fontMetrics.horizontalAdvance(note) + space::large;
        return size;
    }

private:
    /// As QComboBox marks it.
    static bool isSeparator(const QModelIndex& index)
    {
        return index.data(Qt::AccessibleDescriptionRole).toString() == QLatin1String("separator");
    }
};

/// Where a value of the user's own comes: after the offers, before the chooser and its line.
int ownIndex(const QComboBox& combo)
{
    const int chooser = combo.findData(true, chooserRole);
    return chooser < 0 ? combo.count() : std::max(0, chooser - 1);
}

} // namespace

NoteCombo::NoteCombo(QWidget* parent) : QComboBox(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(6);
    setFocusPolicy(Qt::StrongFocus); // not by the wheel, which passes over it
    setItemDelegate(new NoteDelegate(this));
    connect(this, &QComboBox::currentIndexChanged, this, &NoteCombo::chosen);
}

void NoteCombo::chosen(int index)
{
    if (!itemData(index, chooserRole).toBool()) {
        m_last = index;
        Q_EMIT valueChanged();
        return;
    }
    {
        const QSignalBlocker blocker(this);
        setCurrentIndex(m_last);
    }
    // Stepping past the end of the closed list must not open a dialog; choosing in the open list does.
    if (!m_byKeys)
        QMetaObject::invokeMethod(this, &NoteCombo::chooserWanted, Qt::QueuedConnection);
}

void NoteCombo::setChooser(const QString& label)
{
    m_chooser = label;
    addChooser();
}

void NoteCombo::addChooser()
{
    if (m_chooser.isEmpty())
        return;
    const QSignalBlocker blocker(this);
    if (count() > 0)
        insertSeparator(count());
    addItem(m_chooser);
    setItemData(count() - 1, true, chooserRole);
    setCurrentIndex(m_last);
}

void NoteCombo::setOffers(const std::vector<Offer>& offers)
{
    const QSignalBlocker blocker(this);
    const QString kept = value();
    clear();
    m_last = -1;
    for (const Offer& offer : offers) {
        addItem(offer.label, offer.value);
        setItemData(count() - 1, offer.note, noteRole);
        setItemData(count() - 1, offer.help, helpRole);
        setItemData(count() - 1, asToolTip(offer.help), Qt::ToolTipRole);
    }
    m_last = offers.empty() ? -1 : 0;
    addChooser();
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
        const bool path = value.contains(QLatin1Char('/'));
        index = m_last < 0 ? 0 : ownIndex(*this);
        insertItem(index, path ? QFileInfo(QDir::cleanPath(value)).fileName() : value, value);
        setItemData(index, value, Qt::ToolTipRole);
        setItemData(index, path ? value : QString(), pathRole);
    }
    setCurrentIndex(index);
    m_last = index;
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

void NoteCombo::keyPressEvent(QKeyEvent* event)
{
    m_byKeys = true;
    QComboBox::keyPressEvent(event);
    m_byKeys = false;
}

// A path is shown by its last name and a long label may be cut: the tooltip has the whole.
bool NoteCombo::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const QString path = currentData(pathRole).toString();
        const bool cut = fontMetrics().horizontalAdvance(currentText()) > textRect().width();
        setToolTip(!path.isEmpty() ? path : cut ? currentText() : QString());
    }
    return QComboBox::event(event);
}

QRect NoteCombo::textRect() const
{
    return rect().adjusted(textMargin, 0, -arrowWidth, 0);
}

void NoteCombo::paintEvent(QPaintEvent*)
{
    QStylePainter painter(this);
    QStyleOptionComboBox option;
    initStyleOption(&option);
    painter.drawComplexControl(QStyle::CC_ComboBox, option);
    QRect edit = textRect();
    const int noteWidth = note().isEmpty() ? 0 : fontMetrics().horizontalAdvance(note()) + space::medium;
    const bool room = edit.width() - noteWidth >= fontMetrics().horizontalAdvance(option.currentText);
    if (noteWidth > 0 && room) {
        painter.setPen(theme().muted);
        painter.drawText(edit.adjusted(0, 0, -space::tiny, 0), Qt::AlignRight | Qt::AlignVCenter, note());
        edit.setRight(edit.right() - noteWidth);
    }
    painter.setPen(isEnabled() ? theme().text : theme().faint);
    painter.drawText(edit, Qt::AlignLeft | Qt::AlignVCenter,
                     fontMetrics().elidedText(option.currentText, Qt::ElideRight, edit.width()));
}

} // namespace torchdesk
