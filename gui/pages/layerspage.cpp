// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/layerspage.h"

#include "gui/app/icons.h"
#include "gui/app/theme.h"
#include "gui/diagram/diagrampicture.h"
#include "gui/diagram/diagramview.h"
#include "gui/itemmodels/frozenlayers.h"
#include "gui/pages/layertableview.h"
#include "gui/pages/layertreeview.h"
#include "gui/widgets/card.h"
#include "gui/widgets/filedialog.h"
#include "gui/widgets/labels.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>

namespace torchdesk {

namespace {

constexpr double buttonZoom = 1.25;
constexpr int leastTree = 260;
constexpr int leastDiagram = 180;
constexpr int roomForDiagram = 250;

QString splitSetting()
{
    return QStringLiteral("layers/split");
}

} // namespace

LayersPage::LayersPage(Bridge& bridge, QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("layersPage"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::large, space::medium, space::large, space::large);
    m_card = new Card(tr("Model"));
    m_empty = makeLabel(
        tr("There are no layers to show yet. Choose a model and data in the form at the left: the shape "
           "of the data decides those of the layers."),
        TextRole::Body, Tone::Muted);
    m_empty->setObjectName(QStringLiteral("noLayers"));
    m_empty->setWordWrap(true);
    m_empty->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_note = makeLabel({}, TextRole::Label, Tone::Muted);
    m_note->setObjectName(QStringLiteral("layersNote"));
    m_note->setWordWrap(true);
    m_note->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_note->hide();
    m_card->body()->addWidget(m_note);
    m_card->body()->addWidget(m_empty, 1);
    m_card->body()->addWidget(buildContent(), 1);
    column->addWidget(m_card);
    buildButtons();
    connectParts();
    m_split->hide();
    for (QWidget* button : m_buttons)
        button->hide();
    connect(&bridge, &Bridge::modelReady, this, [this, &bridge](const LoweredModel& model, int frozenNodes) {
        if (!bridge.busy())
            showModel(model, frozenNodes);
    });
}

QWidget* LayersPage::buildContent()
{
    m_layers = new LayerTreeView;
    m_layers->setMinimumWidth(leastTree);
    m_diagram = new DiagramView;
    m_diagram->setMinimumWidth(leastDiagram);
    m_split = new QSplitter(Qt::Horizontal);
    m_split->setObjectName(QStringLiteral("layersSplit"));
    m_split->setChildrenCollapsible(false);
    m_split->setHandleWidth(9);
    m_split->addWidget(m_layers);
    m_split->addWidget(m_diagram);
    m_split->setStretchFactor(0, 1);
    m_split->setStretchFactor(1, 1);
    return m_split;
}

QPushButton* LayersPage::addButton(const QString& text, const QString& name, const QString& tip)
{
    auto* button = new QPushButton(text);
    button->setObjectName(name);
    button->setProperty("kind", "small");
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    m_card->header()->addWidget(button);
    m_buttons.push_back(button);
    return button;
}

void LayersPage::buildButtons()
{
    m_card->header()->setSpacing(space::small);
    m_fold = addButton(tr("Unfold all"), QStringLiteral("foldDiagram"), tr("Folds or unfolds every group"));
    auto* out = addButton(QStringLiteral("−"), QStringLiteral("zoomOut"), tr("Smaller (Ctrl+−)"));
    auto* in = addButton(QStringLiteral("+"), QStringLiteral("zoomIn"), tr("Larger (Ctrl++)"));
    auto* fit = addButton({}, QStringLiteral("fitDiagram"), tr("The whole diagram (Ctrl+0)"));
    fit->setIcon(themeIcon(IconName::Fit, IconTint::Muted));
    auto* save = addButton({}, QStringLiteral("saveDiagram"),
                           tr("Saves the diagram as a picture, as it is folded now, in light colours"));
    save->setIcon(themeIcon(IconName::Export, IconTint::Muted));
    auto* menu = new QMenu(save);
    connect(menu->addAction(tr("SVG…")), &QAction::triggered, this, [this] { chooseFile(true); });
    connect(menu->addAction(tr("PNG, double size…")), &QAction::triggered, this,
            [this] { chooseFile(false); });
    save->setMenu(menu);
    connect(m_fold, &QPushButton::clicked, this, &LayersPage::foldOrUnfold);
    connect(out, &QPushButton::clicked, this, [this] { m_diagram->zoomBy(1 / buttonZoom); });
    connect(in, &QPushButton::clicked, this, [this] { m_diagram->zoomBy(buttonZoom); });
    connect(fit, &QPushButton::clicked, m_diagram, &DiagramView::fit);
}

void LayersPage::connectParts()
{
    connect(m_layers, &LayerTreeView::selectedByHand, m_diagram, &DiagramView::setSelected);
    connect(m_diagram, &DiagramView::selectedByHand, m_layers, &LayerTreeView::setSelected);
    connect(m_diagram, &DiagramView::laidOut, this, &LayersPage::showFolding);
    connect(m_split, &QSplitter::splitterMoved, this,
            [this] { QSettings().setValue(splitSetting(), m_split->saveState()); });
}

void LayersPage::showModel(const LoweredModel& model, int frozenNodes)
{
    m_card->setTitle(QString::fromStdString(model.label));
    m_card->setSubtitle(modelSummary(model, frozenNodes));
    // The form checks a plan after every change; most leave the model as it is, and with it what one looks
    // at.
    if (model == m_model && frozenNodes == m_frozenNodes)
        return;
    m_model = model;
    m_frozenNodes = frozenNodes;
    m_waiting = true;
    if (isVisible())
        showWaiting();
}

void LayersPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    showWaiting();
}

void LayersPage::showWaiting()
{
    if (!m_waiting)
        return;
    m_waiting = false;
    const LayerTree tree = layerTree(m_model);
    m_note->hide();
    m_empty->hide();
    const bool first = !m_split->isVisibleTo(this);
    m_split->show();
    for (QWidget* button : m_buttons)
        button->show();
    m_layers->setTree(tree, foldedAtFirst(tree), frozenOf(tree));
    if (first)
        restoreSplit();
    m_diagram->setModelShown(m_model, tree);
}

std::vector<std::int64_t> LayersPage::frozenOf(const LayerTree& tree) const
{
    std::vector<std::int64_t> frozen;
    if (m_frozenNodes == 0)
        return frozen;
    for (const LayerItem& item : tree)
        frozen.push_back(frozenParameters(m_model, std::min(item.last + 1, m_frozenNodes)) -
                         frozenParameters(m_model, std::min(item.first, m_frozenNodes)));
    return frozen;
}

// At first the tree gets what its columns want, but leaves room for a row of boxes.
void LayersPage::restoreSplit()
{
    if (m_split->restoreState(QSettings().value(splitSetting()).toByteArray()))
        return;
    layout()->activate();
    m_card->layout()->activate();
    const int across = m_split->width() - m_split->handleWidth();
    const int tree = std::min(m_layers->wantedWidth(), across - roomForDiagram);
    m_split->setSizes({tree, across - tree});
}

void LayersPage::showFolding()
{
    m_fold->setVisible(m_diagram->canFold());
    m_fold->setText(m_diagram->isUnfolded() ? tr("Fold all") : tr("Unfold all"));
}

void LayersPage::foldOrUnfold()
{
    m_diagram->isUnfolded() ? m_diagram->foldAll() : m_diagram->unfoldAll();
}

void LayersPage::chooseFile(bool svg)
{
    const QString name = QString::fromStdString(m_model.name);
    auto* dialog =
        saveDialog(this, svg ? FileKind::SvgDiagram : FileKind::PngDiagram, tr("Save the diagram"), name);
    connect(dialog, &QFileDialog::fileSelected, this, &LayersPage::exportTo);
    dialog->open();
}

void LayersPage::exportTo(const QString& file)
{
    if (!m_writer)
        m_writer = std::make_unique<Worker>();
    showNote(tr("Writing %1…").arg(file), Tone::Muted);
    const auto work = [picture = pictureFor(m_diagram->diagram(), file), file](std::stop_token) {
        return writePicture(picture, file);
    };
    m_writer->run("picture", work, [this, file](const Expected<void>& written) {
        if (written)
            showNote(tr("Written: %1").arg(file), Tone::Muted);
        else
            showNote(QString::fromStdString(written.error().message), Tone::Bad);
    });
}

void LayersPage::showNote(const QString& text, Tone tone)
{
    setTone(m_note, tone);
    m_note->setText(text);
    m_note->show();
}

} // namespace torchdesk
