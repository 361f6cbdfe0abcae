// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/charts/plotview.h"
#include "gui/charts/scalarseries.h"
#include "gui/charts/valuerange.h"
#include "gui/charts/xrange.h"

#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>
#include <QWidget>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace torchdesk {

class Card;
class ChartLegend;

/// A card with curves over steps: title and legend with the latest values, grid, crosshair, zoom by wheel,
/// drag and keys
/// (+ − arrows Home), double click or fit() for everything. GUI thread only; nothing blocks.
///
/// append() only stores. The owner calls flush() at its own pace (5 Hz): what has come is then drawn, once,
/// and only while the chart is visible; a hidden chart does no work and catches up when shown.
class CurveChart final : public QWidget
{
    Q_OBJECT

public:
    /// \p range is shared with the charts above and below; without one the chart has its own.
    explicit CurveChart(const QString& title, XRange* range = nullptr, QWidget* parent = nullptr);
    ~CurveChart() override;

    int addSeries(const SeriesStyle& style);
    void setStyle(int id, const SeriesStyle& style);
    void removeSeries(int id);
    void clear(); ///< all series
    void append(int id, std::span<const double> steps, std::span<const double> values,
                std::span<const double> seconds = {});
    void append(int id, double step, double value, std::optional<double> seconds = {});
    /// nullptr for an unknown id.
    const ScalarSeries* series(int id) const;

    void setSmoothing(double weight); ///< 0 … 0.999, of all series but those with markers
    double smoothing() const { return m_smoothing; }
    void setUnit(ValueUnit unit);
    void setYRange(double low, double high); ///< fixed, as for an accuracy
    void setAutomaticYRange();
    void setLogarithmic(bool logarithmic); ///< values that are not above 0 become gaps
    /// A dotted line across.
    void setReference(std::optional<double> value, const QString& label = {});
    std::optional<double> reference() const { return m_reference; }
    void setHint(const QString& hint); ///< shown instead of empty axes while there is no point

    /// Draws what has changed since; nothing while hidden.
    void flush();
    void fit();

    XRange* xRange() const { return m_range; }
    ValueRange yRange() const { return m_y; } ///< visible; exponents of ten where logarithmic
    int redraws() const { return m_redraws; } ///< how often lines were made anew
    ChartLegend* legend() const { return m_legend; }
    PlotView* plot() const { return m_plot; }
    Card* card() const { return m_card; }

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Curve;
    struct Drawn;

    Curve* find(int id) const;
    void touch();
    void schedule();
    void redraw();
    void refreshLegend(bool now);
    void refreshStyle();
    void refreshCursor();
    void connectPlot();
    std::vector<Drawn> reduceAll();
    void chooseY(const std::vector<Drawn>& drawn);
    ValueRange wantedY(const std::vector<Drawn>& drawn) const;
    void assign(std::vector<Drawn>& drawn);
    void assignLine(std::vector<QLineSeries*>& pool, ScalarSeries::Pieces pieces, const QPen& pen);
    PlotDressing::Band band(ScalarSeries::Pieces pieces, const QColor& colour) const;
    PlotDressing dress(const std::vector<Drawn>& drawn) const;
    void describeCursor(PlotDressing& dressing) const;
    std::optional<ScalarSeries::Extent> xExtent() const;
    std::function<double(double)> placement() const;
    QPointF share(const QPointF& point) const;
    QList<QPointF> shares(QList<QPointF> points) const;
    bool hasPoints() const;
    void moveCursor(int direction);
    void zoomBand(const QRectF& part);

    Card* m_card = nullptr;
    ChartLegend* m_legend = nullptr;
    PlotView* m_plot = nullptr;
    QPointer<XRange> m_range; ///< may go first where both have one parent
    std::vector<std::unique_ptr<Curve>> m_curves;
    std::optional<ValueRange> m_fixed;
    std::optional<ValueRange> m_yZoom;
    ValueRange m_y;
    std::vector<Tick> m_yTicks;
    std::optional<double> m_reference;
    QString m_referenceLabel;
    QString m_hint;
    QElapsedTimer m_figuresShown;
    QTimer m_figuresTimer;
    double m_smoothing = 0;
    ValueUnit m_unit = ValueUnit::Number;
    int m_nextId = 1;
    int m_redraws = 0;
    bool m_logarithmic = false;
    bool m_dirty = true;
    bool m_figuresDirty = true;
    bool m_scheduled = false;
    bool m_redrawing = false;
    bool m_yChosen = false; ///< m_y stands for data, so it may be kept steady
};

} // namespace torchdesk
