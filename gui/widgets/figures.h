// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

class QPainter;

namespace torchdesk {

/// Text whose digits all take the same width, so that a figure that changes does not make its neighbours
/// jump. Where the font's digits are equally wide already (most are) it is drawn in one go, else digit by
/// digit.
double figuresWidth(const QFont& font, const QString& text);
void drawFigures(QPainter& painter, const QRectF& rect, Qt::Alignment alignment, const QString& text);

/// A label for figures. Wide enough for the widest text it has shown, so that a layout does not move with
/// each value.
class FigureLabel final : public QWidget
{
    Q_OBJECT
    Q_PROPERTY(QString text READ text WRITE setText NOTIFY textChanged)

public:
    explicit FigureLabel(QWidget* parent = nullptr);
    QString text() const { return m_text; }
    void setText(const QString& text);
    void setMuted(bool muted);
    void setAlignment(Qt::Alignment alignment);
    /// Forget the widest text: after a change of run.
    void resetWidth();
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void textChanged(const QString& text);

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QString m_text;
    Qt::Alignment m_alignment = Qt::AlignLeft | Qt::AlignVCenter;
    double m_widest = 0;
    bool m_muted = false;
};

} // namespace torchdesk
