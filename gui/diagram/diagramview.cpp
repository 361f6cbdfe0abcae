// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/diagram/diagramview.h"

#include "gui/app/theme.h"
#include "gui/diagram/diagrampainter.h"
#include "gui/widgets/labels.h"

#include <QApplication>
#include <QGraphicsItem>
#include <QGraphicsScene>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QStyleOptionGraphicsItem>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace torchdesk {

namespace {

constexpr double smallestZoom = 0.1;
constexpr double largestZoom = 4;
constexpr double zoomStep = 1.25;
constexpr double readableZoom = 0.78;     ///< below, the top is shown and the rest is for scrolling
constexpr double perWheelDegree = 1.0015; ///< in eighths of a degree

/// The whole diagram as one item: paints what is exposed.
class DiagramCanvas final : public QGraphicsItem
{
public:
    explicit DiagramCanvas(const DiagramView& view) : m_view(view) { setFlag(ItemUsesExtendedStyleOption); }

    QRectF boundingRect() const override { return {QPointF(0, 0), m_view.diagram().layout().size}; }
    void changed() { prepareGeometryChange(); }

    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget*) override
    {
        const Diagram& diagram = m_view.diagram();
        paintDiagram(*painter, diagram, theme(), diagram.shown(m_view.selected()), option->exposedRect);
    }

private:
    const DiagramView& m_view;
};

} // namespace

DiagramView::DiagramView(QWidget* parent) : QGraphicsView(parent)
{
    setObjectName(QStringLiteral("layerDiagram"));
    setAccessibleName(tr("Diagram of the model"));
    auto* canvas = new DiagramCanvas(*this);
    m_canvas = canvas;
    setScene(new QGraphicsScene(this));
    scene()->addItem(m_canvas);
    setDragMode(QGraphicsView::ScrollHandDrag);
    setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    setTransformationAnchor(QGraphicsView::AnchorUnderMouse);
    setViewportUpdateMode(QGraphicsView::FullViewportUpdate);
    viewport()->setCursor(Qt::ArrowCursor);
}

void DiagramView::setModelShown(const LoweredModel& model, const LayerTree& tree)
{
    m_nextModel = model;
    m_nextTree = tree;
    m_waiting = true;
    m_selected = -1;
    if (isVisible())
        layOut();
}

void DiagramView::layOut()
{
    m_waiting = false;
    m_diagram = Diagram(std::move(m_nextModel), std::move(m_nextTree));
    m_canFold = !allGroups(m_diagram.tree()).empty();
    m_zoomed = false;
    setFolded(m_diagram.folded());
    showBegin();
}

void DiagramView::setFolded(std::set<int> folded)
{
    m_diagram.setFolded(std::move(folded));
    static_cast<DiagramCanvas*>(m_canvas)->changed();
    scene()->setSceneRect({QPointF(0, 0), m_diagram.layout().size});
    viewport()->update();
    Q_EMIT laidOut();
}

void DiagramView::setSelected(int item)
{
    m_selected = item;
    const int shown = m_diagram.shown(item);
    setAccessibleDescription(shown > 0 ? itemText(m_diagram.tree(), shown) : QString());
    if (shown > 0) {
        // Of a large frame its top, where the name stands.
        QRectF place = m_diagram.rectOf(shown);
        place.setHeight(std::min(place.height(), 160.0));
        ensureVisible(place, 8, 8);
    }
    viewport()->update();
}

void DiagramView::select(int item)
{
    setSelected(item);
    Q_EMIT selectedByHand(item);
}

void DiagramView::foldAll()
{
    setFolded(allGroups(m_diagram.tree()));
    m_zoomed ? void() : showBegin();
}

void DiagramView::unfoldAll()
{
    setFolded({});
    m_zoomed ? void() : showBegin();
}

void DiagramView::toggle(int item)
{
    if (item <= 0 || !m_diagram.item(item).group())
        return;
    std::set<int> folded = m_diagram.folded();
    if (folded.erase(item) == 0)
        folded.insert(item);
    m_zoomed = true; // what one looks at stays where it is
    const QPoint before = mapFromScene(m_diagram.rectOf(item).topLeft());
    setFolded(std::move(folded));
    const QPoint after = mapFromScene(m_diagram.rectOf(item).topLeft());
    verticalScrollBar()->setValue(verticalScrollBar()->value() + after.y() - before.y());
    setSelected(m_selected);
}

// The whole where it can be read, else the top in full width.
void DiagramView::showBegin()
{
    const QSizeF size = m_diagram.layout().size;
    if (size.isEmpty())
        return;
    const QSize room = maximumViewportSize();
    const double whole = std::min((room.width() - 2) / size.width(), (room.height() - 2) / size.height());
    const double across = (room.width() - verticalScrollBar()->sizeHint().width() - 8) / size.width();
    setZoom(std::min(1.0, whole >= readableZoom ? whole : std::max(across, readableZoom)));
    horizontalScrollBar()->setValue(horizontalScrollBar()->minimum());
    verticalScrollBar()->setValue(verticalScrollBar()->minimum());
}

void DiagramView::fit()
{
    const QSizeF size = m_diagram.layout().size;
    if (size.isEmpty())
        return;
    const QSize room = maximumViewportSize();
    setZoom(std::min({1.5, (room.width() - 2) / size.width(), (room.height() - 2) / size.height()}));
    m_zoomed = true;
}

void DiagramView::zoomBy(double factor)
{
    setZoom(transform().m11() * factor);
    m_zoomed = true;
}

void DiagramView::setZoom(double zoom)
{
    const double used = std::clamp(zoom, smallestZoom, largestZoom);
    setTransform(QTransform::fromScale(used, used));
}

void DiagramView::showEvent(QShowEvent* event)
{
    QGraphicsView::showEvent(event);
    if (m_waiting)
        layOut();
}

void DiagramView::resizeEvent(QResizeEvent* event)
{
    QGraphicsView::resizeEvent(event);
    if (!m_zoomed)
        showBegin();
}

void DiagramView::wheelEvent(QWheelEvent* event)
{
    const int turned = event->angleDelta().y();
    if (turned == 0) {
        QGraphicsView::wheelEvent(event);
        return;
    }
    zoomBy(std::pow(perWheelDegree, turned));
    event->accept();
}

bool DiagramView::zoomByKey(const QKeyEvent& event)
{
    if (!(event.modifiers() & Qt::ControlModifier))
        return false;
    switch (event.key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomBy(zoomStep);
        return true;
    case Qt::Key_Minus:
        zoomBy(1 / zoomStep);
        return true;
    case Qt::Key_0:
        fit();
        return true;
    default:
        return false;
    }
}

void DiagramView::keyPressEvent(QKeyEvent* event)
{
    if (zoomByKey(*event) || (event->modifiers() == Qt::NoModifier && moveSelection(event->key())))
        event->accept();
    else
        QGraphicsView::keyPressEvent(event);
}

// Up and down go through what is shown, left and right out of groups and into them.
bool DiagramView::moveSelection(int key)
{
    if (m_diagram.isEmpty())
        return false;
    const int at = m_diagram.shown(m_selected);
    const bool group = at > 0 && m_diagram.item(at).group();
    const bool open = group && !m_diagram.folded().contains(at);
    switch (key) {
    case Qt::Key_Down:
        step(1);
        return true;
    case Qt::Key_Up:
        step(-1);
        return true;
    case Qt::Key_Left:
        if (open)
            toggle(at);
        else if (at > 0 && m_diagram.item(at).parent > 0)
            select(m_diagram.item(at).parent);
        return true;
    case Qt::Key_Right:
        if (group && !open)
            toggle(at);
        else if (open)
            select(m_diagram.item(at).children.front());
        return true;
    case Qt::Key_Space:
    case Qt::Key_Return:
    case Qt::Key_Enter:
        toggle(at);
        return true;
    default:
        return false;
    }
}

void DiagramView::step(int by)
{
    const int count = static_cast<int>(m_diagram.tree().size());
    const int at = m_diagram.shown(m_selected);
    for (int next = at < 0 ? 1 : at + by; next > 0 && next < count; next += by) {
        if (m_diagram.shown(next) != next)
            continue;
        select(next);
        return;
    }
}

void DiagramView::mousePressEvent(QMouseEvent* event)
{
    m_pressed = event->position().toPoint();
    QGraphicsView::mousePressEvent(event);
}

void DiagramView::mouseReleaseEvent(QMouseEvent* event)
{
    QGraphicsView::mouseReleaseEvent(event);
    viewport()->setCursor(Qt::ArrowCursor);
    const QPoint at = event->position().toPoint();
    if (event->button() == Qt::LeftButton &&
        (at - m_pressed).manhattanLength() < QApplication::startDragDistance())
        select(m_diagram.itemAt(mapToScene(at)));
}

void DiagramView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        toggle(m_diagram.itemAt(mapToScene(event->position().toPoint())));
}

void DiagramView::changeEvent(QEvent* event)
{
    QGraphicsView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        viewport()->update();
}

bool DiagramView::viewportEvent(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QGraphicsView::viewportEvent(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int item = m_diagram.itemAt(mapToScene(help->pos()));
    if (item <= 0) {
        QToolTip::hideText();
        return true;
    }
    QString text = itemText(m_diagram.tree(), item);
    if (m_diagram.item(item).group())
        text += u'\n' + (m_diagram.folded().contains(item) ? tr("A double click unfolds it.")
                                                           : tr("A double click folds it."));
    QToolTip::showText(help->globalPos(), asToolTip(text), viewport());
    return true;
}

} // namespace torchdesk
