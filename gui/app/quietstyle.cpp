// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/quietstyle.h"

#include "gui/app/icons.h"

#include <QApplication>
#include <QKeyEvent>
#include <QWidget>

namespace torchdesk {

QuietStyle::QuietStyle() : QProxyStyle(QStringLiteral("Fusion"))
{
    qApp->installEventFilter(this);
}

int QuietStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                          QStyleHintReturn* returned) const
{
    if (hint == SH_UnderlineShortcut)
        return m_altHeld ? 1 : 0;
    if (hint == SH_DialogButtonBox_ButtonsHaveIcons)
        return 0;
    return QProxyStyle::styleHint(hint, option, widget, returned);
}

QIcon QuietStyle::standardIcon(StandardPixmap icon, const QStyleOption* option, const QWidget* widget) const
{
    if (icon == SP_LineEditClearButton)
        return themeIcon(IconName::Clear, IconTint::Muted);
    return QProxyStyle::standardIcon(icon, option, widget);
}

// The style sheet draws the focus ring; Fusion's own would stand inside it.
void QuietStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                               const QWidget* widget) const
{
    if (element != PE_FrameFocusRect)
        QProxyStyle::drawPrimitive(element, option, painter, widget);
}

bool QuietStyle::eventFilter(QObject* watched, QEvent* event)
{
    const bool pressed = event->type() == QEvent::KeyPress;
    const bool released = event->type() == QEvent::KeyRelease;
    const bool alt = (pressed || released) && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Alt;
    const bool left = event->type() == QEvent::WindowDeactivate;
    if ((alt && pressed != m_altHeld) || (left && m_altHeld)) {
        m_altHeld = alt && pressed;
        for (QWidget* window : QApplication::topLevelWidgets())
            for (QWidget* child : window->findChildren<QWidget*>())
                child->update();
    }
    return QProxyStyle::eventFilter(watched, event);
}

} // namespace torchdesk
