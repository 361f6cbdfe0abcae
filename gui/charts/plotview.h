// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/charts/columnspans.h"
#include "gui/charts/seriesstyle.h"
#include "gui/charts/ticks.h"

#include <QChartView>
#include <QList>
#include <QPointF>
#include <optional>
#include <vector>

class QLineSeries;
class QValueAxis;

namespace torchdesk {

/// What stands around and above the lines of a plot. Places are shares of the plot area: (0, 0) is bottom
/// left.
struct PlotDressing
{
    struct Markers
    {
        SeriesStyle style;
        QList<QPointF> places;
    };
    struct Reference
    {
        double y = 0;
        QString label;
    };
    struct TipRow
    {
        QColor colour;
        QString name;
        QString value;
    };
    struct Band
    {
        QColor colour;
        std::vector<ColumnSpan> spans; ///< of the columns of pixels from left to right
    };
    std::vector<Tick> xTicks; ///< value is the place
    std::vector<Tick> yTicks;
    std::vector<Band> bands; ///< below the lines
    std::vector<Markers> markers;
    std::optional<Reference> reference;
    std::optional<double> cursor;
    QString hint; ///< in the middle, where there is nothing else
    QString tipTitle;
    std::vector<TipRow> tip; ///< beside the cursor
    double labelWidth = 0;
};

/// The Qt chart of one plot. Its axes stay at 0 … 1 and are not shown: the lines it is given are in shares of
/// the plot area, so a change of range costs no more than new points, and grid and labels are painted here.
class PlotView final : public QChartView
{
    Q_OBJECT

public:
    explicit PlotView(QWidget* parent = nullptr);

    /// A line of the chart; owned by it.
    QLineSeries* addLine();
    void removeLine(QLineSeries* line);
    void setDressing(PlotDressing dressing);
    const PlotDressing& dressing() const { return m_dressing; }
    QRectF plotArea() const { return m_area; }
    int columns() const { return int(m_area.width()); }
    double labelWidthOf(const std::vector<Tick>& ticks) const;

Q_SIGNALS:
    /// All places are shares of the plot area.
    void wheelTurned(double x, double factor);
    void dragged(const QRectF& part);
    void panned(double share);
    void fitWanted();
    void hovered(std::optional<double> x);
    void keyZoomed(double factor);
    void keyMoved(int direction);
    void resized();
    void focusShown(bool shown); ///< with the keyboard only: a click needs no ring

protected:
    void drawBackground(QPainter* painter, const QRectF& rect) override;
    void drawForeground(QPainter* painter, const QRectF& rect) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void layOut();
    QPointF pixel(const QPointF& place) const;
    QPointF place(const QPointF& pixel) const;
    void drawBands(QPainter& painter) const;
    void drawMarkers(QPainter& painter) const;
    void drawReference(QPainter& painter) const;
    void drawTip(QPainter& painter) const;
    QRectF bandRect() const;

    QValueAxis* m_x = nullptr;
    QValueAxis* m_y = nullptr;
    PlotDressing m_dressing;
    QRectF m_area;
    std::optional<QPointF> m_pressed; ///< of a band that is being drawn
    QPointF m_mouse;
    bool m_panning = false;
    bool m_inside = false;
};

} // namespace torchdesk
