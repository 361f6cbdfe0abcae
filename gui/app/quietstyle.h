// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProxyStyle>

namespace torchdesk {

/// Fusion that underlines the letters of Alt only while Alt is held, leaves focus rings and the icons of
/// dialog buttons out, so that the window stays calm, and has our own icon where a field can be cleared.
class QuietStyle final : public QProxyStyle
{
    Q_OBJECT

public:
    QuietStyle();
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                  QStyleHintReturn* returned) const override;
    QIcon standardIcon(StandardPixmap icon, const QStyleOption* option, const QWidget* widget) const override;
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    bool m_altHeld = false;
};

} // namespace torchdesk
