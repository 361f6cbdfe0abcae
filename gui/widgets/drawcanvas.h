// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/pictures/picture.h"

#include <QImage>
#include <QWidget>

namespace torchdesk {

/// A black square on which a digit is drawn in white with the mouse or a pen. Keyboard: the arrows move the
/// pen (with Shift in small steps), Space sets it down or lifts it, Delete clears.
class DrawCanvas final : public QWidget
{
    Q_OBJECT

public:
    static constexpr int side = 280; ///< of the picture, whatever size the widget has

    explicit DrawCanvas(QWidget* parent = nullptr);
    /// What is drawn: side × side grey, ink 255 on 0.
    Picture picture() const;
    bool isEmpty() const { return m_empty; }
    bool penIsDown() const { return m_penDown; }
    QPointF pen() const { return m_pen; }
    void setBrush(double diameter); ///< in pixels of the picture
    QSize sizeHint() const override { return {side, side}; }
    QSize minimumSizeHint() const override { return {140, 140}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override { return width; }

public Q_SLOTS:
    void clear();

Q_SIGNALS:
    void changed();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QRectF paper() const;
    QPointF onPicture(const QPointF& point) const;
    void strokeTo(const QPointF& point);
    void movePen(double dx, double dy);

    QImage m_image;
    QPointF m_pen{side / 2.0, side / 2.0};
    double m_diameter = 22;
    bool m_penDown = false;
    bool m_drawing = false;
    bool m_keyboard = false; ///< the pen is shown once a key has moved it
    bool m_empty = true;
};

} // namespace torchdesk
