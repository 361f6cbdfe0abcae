// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/labels.h"

#include <QEvent>
#include <QPainter>
#include <QStyle>
#include <algorithm>

namespace torchdesk {

namespace {

const char* toneName(Tone tone)
{
    switch (tone) {
    case Tone::Text:
        return "text";
    case Tone::Muted:
        return "muted";
    case Tone::Faint:
        return "faint";
    case Tone::Good:
        return "good";
    case Tone::Warning:
        return "warning";
    case Tone::Bad:
        return "bad";
    }
    return "text";
}

} // namespace

void setTone(QLabel* label, Tone tone)
{
    const QString name = QLatin1String(toneName(tone));
    if (label->property("tone").toString() == name)
        return;
    label->setProperty("tone", name);
    if (!label->testAttribute(Qt::WA_WState_Polished)) // it is matched with the style sheet when it is shown
        return;
    label->style()->unpolish(label);
    label->style()->polish(label);
}

QLabel* makeLabel(const QString& text, TextRole role, Tone tone, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setFont(fontFor(role));
    setTone(label, tone);
    return label;
}

QString asToolTip(const QString& text)
{
    constexpr int oneLine = 60; ///< characters
    if (text.size() <= oneLine)
        return text;
    return QStringLiteral("<qt>%1</qt>")
        .arg(text.toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br>")));
}

void setParagraph(QLabel* label, const QString& text)
{
    // Fonts differ in their own line height, so it is given as a share of this font's.
    const int share = 100 * 17 / std::max(12, label->fontMetrics().height());
    label->setTextFormat(Qt::RichText);
    label->setText(text.isEmpty()
                       ? QString()
                       : QStringLiteral("<div style=\"line-height:%1%\">%2</div>")
                             .arg(std::max(100, share))
                             .arg(text.toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>"))));
    label->setAccessibleName(text);
}

Separator::Separator(QWidget* parent, Qt::Orientation orientation) : QWidget(parent)
{
    if (orientation == Qt::Horizontal) {
        setFixedHeight(1);
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    } else {
        setFixedWidth(1);
        setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    }
}

void Separator::paintEvent(QPaintEvent*)
{
    QPainter(this).fillRect(rect(), theme().line);
}

ElidedLabel::ElidedLabel(QWidget* parent, Qt::TextElideMode mode) : QLabel(parent), m_mode(mode)
{
    setTextFormat(Qt::PlainText);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
}

void ElidedLabel::setText(const QString& text)
{
    if (text == m_text)
        return;
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    elide();
}

QSize ElidedLabel::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_text) + 2, std::max(18, fontMetrics().height())};
}

QSize ElidedLabel::minimumSizeHint() const
{
    const int some = fontMetrics().horizontalAdvance(QStringLiteral("Wide…"));
    return {std::min(some, sizeHint().width()), sizeHint().height()};
}

void ElidedLabel::resizeEvent(QResizeEvent* event)
{
    QLabel::resizeEvent(event);
    elide();
}

void ElidedLabel::changeEvent(QEvent* event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        elide();
}

void ElidedLabel::elide()
{
    const QString shown = fontMetrics().elidedText(m_text, m_mode, std::max(0, width()));
    QLabel::setText(shown);
    setToolTip(shown == m_text ? QString() : m_text);
}

} // namespace torchdesk
