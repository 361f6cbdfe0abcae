// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/app/theme.h"

#include <QFrame>
#include <QLabel>

namespace torchdesk {

enum class Tone
{
    Text,
    Muted,
    Faint,
    Good,
    Warning,
    Bad
};

/// The colour of a label, by the theme: `setTone(label, Tone::Muted)`.
void setTone(QLabel* label, Tone tone);

/// A label in one of the window's sizes and colours; its text is plain.
QLabel* makeLabel(const QString& text, TextRole role, Tone tone, QWidget* parent = nullptr);

/// Plain text as a paragraph with room between its lines (labels: 12 px on 17), for labels that wrap.
void setParagraph(QLabel* label, const QString& text);

/// Plain text as a tooltip whose lines wrap; "" for "".
QString asToolTip(const QString& text);

/// A line of one pixel across.
class Separator final : public QWidget
{
    Q_OBJECT

public:
    explicit Separator(QWidget* parent = nullptr, Qt::Orientation orientation = Qt::Horizontal);

protected:
    void paintEvent(QPaintEvent* event) override;
};

/// One line that is cut with "…" where it does not fit; the whole text is then its tooltip.
class ElidedLabel final : public QLabel
{
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget* parent = nullptr, Qt::TextElideMode mode = Qt::ElideRight);
    void setText(const QString& text);
    QString fullText() const { return m_text; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void elide();

    QString m_text;
    Qt::TextElideMode m_mode;
};

} // namespace torchdesk
