// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/curvechart.h"

#include "gui/app/theme.h"
#include "gui/charts/chartlegend.h"
#include "gui/charts/curve.h"
#include "gui/widgets/card.h"

#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>

namespace torchdesk {

namespace {
constexpr qint64 figuresInterval = 450; ///< ms
} // namespace

CurveChart::CurveChart(const QString& title, XRange* range, QWidget* parent)
    : QWidget(parent), m_range(range ? range : new XRange(this))
{
    m_card = new Card(title, this);
    m_legend = new ChartLegend(m_card);
    m_card->header()->addWidget(m_legend, 100);
    m_plot = new PlotView(m_card);
    m_plot->setAccessibleName(title);
    m_card->body()->addWidget(m_plot, 1);
    m_card->layout()->setSpacing(space::tiny);
    m_card->layout()->setContentsMargins(space::medium, space::small + 2, space::medium, space::tiny);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_card);
    setAccessibleName(title);
    setFocusProxy(m_plot);
    connectPlot();
    m_figuresTimer.setSingleShot(true);
    connect(&m_figuresTimer, &QTimer::timeout, this, [this] {
        if (isVisible())
            refreshLegend(false);
    });
    connect(m_range.data(), &XRange::changed, this, [this] {
        if (!m_redrawing)
            touch(), schedule();
    });
    connect(m_range.data(), &XRange::cursorChanged, this, &CurveChart::refreshCursor);
    connect(&ThemeManager::instance(), &ThemeManager::themeChanged, this, &CurveChart::refreshStyle);
}

CurveChart::~CurveChart()
{
    if (m_range)
        m_range->forget(this);
}

void CurveChart::connectPlot()
{
    const auto x = [this](double place) {
        return m_range->from() + place * (m_range->to() - m_range->from());
    };
    connect(m_plot, &PlotView::wheelTurned, this,
            [this, x](double place, double factor) { m_range->zoomAt(x(place), factor); });
    connect(m_plot, &PlotView::keyZoomed, this,
            [this, x](double factor) { m_range->zoomAt(x(0.5), factor); });
    connect(m_plot, &PlotView::panned, m_range.data(), &XRange::pan);
    connect(m_plot, &PlotView::focusShown, m_card, &Card::setRing);
    connect(m_plot, &PlotView::dragged, this, &CurveChart::zoomBand);
    connect(m_plot, &PlotView::fitWanted, this, &CurveChart::fit);
    connect(m_plot, &PlotView::keyMoved, this, &CurveChart::moveCursor);
    connect(m_plot, &PlotView::resized, this, [this] { touch(), schedule(); });
    connect(m_plot, &PlotView::hovered, this, [this, x](std::optional<double> place) {
        m_range->setCursor(place && hasPoints() ? std::optional(x(*place)) : std::nullopt);
    });
}

CurveChart::Curve* CurveChart::find(int id) const
{
    for (const auto& curve : m_curves)
        if (curve->id == id)
            return curve.get();
    return nullptr;
}

int CurveChart::addSeries(const SeriesStyle& style)
{
    auto curve = std::make_unique<Curve>();
    curve->id = m_nextId++;
    curve->style = style;
    curve->data.setSmoothing(isSmoothed(style) ? m_smoothing : 0);
    // Faint below solid: the raw line is made first.
    curve->raw.push_back(m_plot->addLine());
    curve->main.push_back(m_plot->addLine());
    m_curves.push_back(std::move(curve));
    touch();
    return m_curves.back()->id;
}

void CurveChart::setStyle(int id, const SeriesStyle& style)
{
    Curve* curve = find(id);
    if (!curve)
        return;
    curve->style = style;
    curve->data.setSmoothing(isSmoothed(style) ? m_smoothing : 0);
    refreshStyle();
}

void CurveChart::removeSeries(int id)
{
    Curve* curve = find(id);
    if (!curve)
        return;
    for (QLineSeries* line : curve->raw)
        m_plot->removeLine(line);
    for (QLineSeries* line : curve->main)
        m_plot->removeLine(line);
    m_curves.erase(std::find_if(m_curves.begin(), m_curves.end(), [=](auto& c) { return c.get() == curve; }));
    m_yChosen = m_yChosen && hasPoints();
    touch();
}

void CurveChart::clear()
{
    while (!m_curves.empty())
        removeSeries(m_curves.back()->id);
    m_range->report(this, std::nullopt, 0);
    m_yZoom.reset();
    schedule();
}

void CurveChart::append(int id, std::span<const double> steps, std::span<const double> values,
                        std::span<const double> seconds)
{
    if (Curve* curve = find(id)) {
        curve->data.append(steps, values, seconds);
        touch();
    }
}

void CurveChart::append(int id, double step, double value, std::optional<double> seconds)
{
    if (Curve* curve = find(id)) {
        curve->data.append(step, value, seconds);
        touch();
    }
}

const ScalarSeries* CurveChart::series(int id) const
{
    const Curve* curve = find(id);
    return curve ? &curve->data : nullptr;
}

void CurveChart::setSmoothing(double weight)
{
    m_smoothing = std::clamp(weight, 0.0, 0.999);
    for (const auto& curve : m_curves)
        if (isSmoothed(curve->style))
            curve->data.setSmoothing(m_smoothing);
    refreshStyle();
}

void CurveChart::setUnit(ValueUnit unit)
{
    m_unit = unit;
    refreshStyle();
}

void CurveChart::setYRange(double low, double high)
{
    m_fixed = ValueRange{low, high};
    refreshStyle();
}

void CurveChart::setAutomaticYRange()
{
    m_fixed.reset();
    m_yChosen = false;
    refreshStyle();
}

void CurveChart::setLogarithmic(bool logarithmic)
{
    if (logarithmic == m_logarithmic)
        return;
    m_logarithmic = logarithmic;
    m_yZoom.reset();
    m_yChosen = false;
    refreshStyle();
}

void CurveChart::setReference(std::optional<double> value, const QString& label)
{
    m_reference = value;
    m_referenceLabel = label;
    touch();
}

void CurveChart::setHint(const QString& hint)
{
    m_hint = hint;
    touch();
}

void CurveChart::touch()
{
    m_dirty = true;
    m_figuresDirty = true;
}

void CurveChart::refreshStyle()
{
    touch();
    schedule();
}

void CurveChart::schedule()
{
    if (m_scheduled || !isVisible())
        return;
    m_scheduled = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_scheduled = false;
            if (isVisible())
                redraw();
        },
        Qt::QueuedConnection);
}

void CurveChart::flush()
{
    if (!isVisible())
        return;
    if (m_dirty)
        redraw();
    refreshLegend(false);
}

void CurveChart::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_dirty)
        schedule();
}

void CurveChart::fit()
{
    m_yZoom.reset();
    m_yChosen = false;
    touch();
    m_range->fit();
}

void CurveChart::zoomBand(const QRectF& part)
{
    if (part.height() < 0.999) {
        const double height = m_y.high - m_y.low;
        m_yZoom = ValueRange{m_y.low + part.top() * height, m_y.low + part.bottom() * height};
    }
    touch();
    const double from = m_range->from();
    const double width = m_range->to() - from;
    if (part.width() < 0.999)
        m_range->zoomTo(from + part.left() * width, from + part.right() * width);
    else
        schedule();
}

void CurveChart::moveCursor(int direction)
{
    if (m_range->isZoomed())
        return m_range->pan(0.15 * direction);
    if (!hasPoints())
        return;
    const double width = m_range->to() - m_range->from();
    const double now = m_range->cursor().value_or(direction > 0 ? m_range->from() : m_range->to());
    m_range->setCursor(std::clamp(now + direction * width / 100, m_range->from(), m_range->to()));
}

void CurveChart::refreshLegend(bool now)
{
    if (!m_figuresDirty)
        return;
    // Figures twice a second: faster they cannot be read. The last ones come even if nobody flushes again.
    const qint64 early = m_figuresShown.isValid() ? figuresInterval - m_figuresShown.elapsed() : 0;
    if (!now && early > 0) {
        if (!m_figuresTimer.isActive())
            m_figuresTimer.start(int(early) + 1);
        return;
    }
    m_figuresShown.start();
    m_figuresDirty = false;
    std::vector<ChartLegend::Entry> entries;
    for (const auto& curve : m_curves) {
        if (curve->style.name.isEmpty())
            continue;
        const auto values = curve->data.smoothed();
        entries.push_back({curve->style, values.empty() ? QString() : figureText(values.back(), m_unit), {}});
    }
    m_legend->setEntries(std::move(entries));
    m_plot->setAccessibleDescription(m_legend->text());
    setAccessibleDescription(m_legend->text());
}

} // namespace torchdesk
