// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/tensor.h"

#include <QImage>
#include <QString>
#include <QWidget>
#include <cstdint>
#include <span>
#include <vector>

namespace torchdesk {

/// A sample as a network sees it (channels × height × width bytes, 1 or 3 channels) as an image; null where
/// the size does not agree.
QImage imageOfSample(std::span<const std::uint8_t> sample, int channels, int height, int width);

/// The same for a shape {channels, height, width}; of any other shape it is null.
QImage imageOfSample(std::span<const std::uint8_t> sample, const Shape& shape);
/// The sample at \p index of samples that lie one after the other.
QImage imageOfSample(std::span<const std::uint8_t> samples, std::size_t index, const Shape& shape);

struct GridPicture
{
    QImage image;
    QString label;     ///< the class: stands below
    qint64 number = 0; ///< of the sample in its set, from 0: in the tooltip
    QString note;      ///< a further line of the tooltip, may be empty
};

/// Small labelled pictures in rows of up to ten columns, as many as fit; enlarged by whole factors where they
/// are small, so that pixels stay crisp. Arrow keys walk, Return or a click activates.
class PictureGrid final : public QWidget
{
    Q_OBJECT

public:
    explicit PictureGrid(QWidget* parent = nullptr);
    void setPictures(std::vector<GridPicture> pictures);
    int count() const { return int(m_pictures.size()); }
    int columns() const;
    int current() const { return m_current; }
    void setMaximumColumns(int columns);
    /// The side of a cell's picture in pixels.
    void setPictureSize(int side);
    QRect cellRect(int index) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

Q_SIGNALS:
    void activated(int index);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;

private:
    int columnsFor(int width) const;
    int indexAt(const QPoint& point) const;
    QString describe(int index) const;
    void setCurrent(int index);

    std::vector<GridPicture> m_pictures;
    int m_side = 46;
    int m_maximumColumns = 10;
    int m_current = -1;
};

} // namespace torchdesk
