// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/figures.h"

#include "gui/app/theme.h"

#include <QEvent>
#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace torchdesk {

namespace {

struct DigitWidth
{
    double widest = 0;
    bool equal = true;
};

DigitWidth digitWidth(const QFontMetricsF& metrics)
{
    DigitWidth result;
    const double zero = metrics.horizontalAdvance(QLatin1Char('0'));
    for (char digit = '0'; digit <= '9'; ++digit) {
        const double width = metrics.horizontalAdvance(QLatin1Char(digit));
        result.widest = std::max(result.widest, width);
        result.equal = result.equal && std::abs(width - zero) < 0.01;
    }
    return result;
}

double widthOf(QChar letter, const DigitWidth& digits, const QFontMetricsF& metrics)
{
    return letter.isDigit() ? digits.widest : metrics.horizontalAdvance(letter);
}

double startOf(const QRectF& rect, Qt::Alignment alignment, double width)
{
    if (alignment & Qt::AlignRight)
        return rect.right() - width;
    if (alignment & Qt::AlignHCenter)
        return rect.center().x() - width / 2;
    return rect.left();
}

} // namespace

double figuresWidth(const QFont& font, const QString& text)
{
    const QFontMetricsF metrics(font);
    const DigitWidth digits = digitWidth(metrics);
    if (digits.equal)
        return metrics.horizontalAdvance(text);
    double width = 0;
    for (const QChar letter : text)
        width += widthOf(letter, digits, metrics);
    return width;
}

void drawFigures(QPainter& painter, const QRectF& rect, Qt::Alignment alignment, const QString& text)
{
    const QFontMetricsF metrics(painter.font());
    const DigitWidth digits = digitWidth(metrics);
    if (digits.equal) {
        painter.drawText(rect, int(alignment) | Qt::TextSingleLine, text);
        return;
    }
    double x = startOf(rect, alignment, figuresWidth(painter.font(), text));
    for (const QChar letter : text) {
        const double width = widthOf(letter, digits, metrics);
        painter.drawText(QRectF(x, rect.top(), width, rect.height()), Qt::AlignCenter | Qt::TextSingleLine,
                         letter);
        x += width;
    }
}

FigureLabel::FigureLabel(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(&ThemeManager::instance(), &ThemeManager::themeChanged, this, qOverload<>(&QWidget::update));
}

void FigureLabel::setText(const QString& text)
{
    if (text == m_text)
        return;
    m_text = text;
    setAccessibleName(text);
    const double width = figuresWidth(font(), text);
    if (width > m_widest) {
        m_widest = width;
        updateGeometry();
    }
    update();
    Q_EMIT textChanged(text);
}

void FigureLabel::setMuted(bool muted)
{
    m_muted = muted;
    update();
}

void FigureLabel::setAlignment(Qt::Alignment alignment)
{
    m_alignment = alignment;
    update();
}

void FigureLabel::resetWidth()
{
    m_widest = figuresWidth(font(), m_text);
    updateGeometry();
}

QSize FigureLabel::sizeHint() const
{
    return {int(std::ceil(m_widest)) + 1, std::max(18, int(std::ceil(QFontMetricsF(font()).height())))};
}

void FigureLabel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setPen(!isEnabled() ? theme().faint : m_muted ? theme().muted : theme().text);
    drawFigures(painter, rect(), m_alignment, m_text);
}

void FigureLabel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange)
        resetWidth();
    QWidget::changeEvent(event);
}

} // namespace torchdesk
