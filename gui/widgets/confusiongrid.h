// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/confusion.h"

#include <QStringList>
#include <QWidget>
#include <optional>

namespace torchdesk {

/// A confusion matrix as a square of cells: a row is what the pictures are, a column what they were taken
/// for, the colour how many of the row. Arrow keys walk, Return or a click chooses; the tooltip says a cell
/// in words.
class ConfusionGrid final : public QWidget
{
    Q_OBJECT

public:
    struct Cell
    {
        int label = 0;
        int answer = 0;

        bool operator==(const Cell&) const = default;
    };

    explicit ConfusionGrid(QWidget* parent = nullptr);
    void setMatrix(const ConfusionMatrix& matrix, const QStringList& names);
    void clear() { setMatrix({}, {}); }
    std::optional<Cell> current() const { return m_current; }
    void setCurrent(std::optional<Cell> cell);
    /// "7 taken for 1: 12 of 1,028 (1.2 %)"
    QString describe(Cell cell) const;
    QRectF cellRect(Cell cell) const;

    QSize sizeHint() const override { return {460, 480}; }
    QSize minimumSizeHint() const override { return {220, 240}; }

Q_SIGNALS:
    void chosen(int label, int answer);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    int classes() const { return static_cast<int>(m_matrix.classes()); }
    QRectF square() const; ///< of the cells, without the names
    double nameWidth() const;
    std::optional<Cell> cellAt(const QPointF& point) const;
    QColor colourOf(Cell cell) const;
    void paintCells(QPainter& painter) const;
    void paintNames(QPainter& painter) const;
    void step(int rows, int columns);

    ConfusionMatrix m_matrix;
    QStringList m_names;
    std::optional<Cell> m_current;
};

} // namespace torchdesk
