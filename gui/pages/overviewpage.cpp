// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/overviewpage.h"

#include "core/base/files.h"
#include "core/base/paths.h"
#include "core/base/text.h"
#include "gui/app/theme.h"
#include "gui/pages/foldercard.h"
#include "gui/pages/layertableview.h"
#include "gui/pages/samplepictures.h"
#include "gui/widgets/card.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/scrolling.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QStringList>
#include <QVBoxLayout>
#include <algorithm>

namespace torchdesk {

namespace {

constexpr int rows = 4;
constexpr int columns = 10;

constexpr int folderRows = 2;
constexpr int folderColumns = 8;
constexpr int leastModel = 190;

constexpr int between = 20; ///< pictures, across
constexpr int below = 19;   ///< a picture: its label and the gap

/// What it is, how large and from where: "… · 184 MB · cs.toronto.edu/~kriz".
QString summaryOf(const DataSet& set)
{
    QStringList parts = {QString::fromStdString(set.description.summary)};
    std::uint64_t bytes = 0;
    for (const auto& store : {set.train, set.test})
        bytes += store ? store->samples().size() : 0;
    parts << QString::fromStdString(byteSize(bytes));
    if (!set.description.source.empty())
        parts << QString::fromStdString(set.description.source);
    return parts.join(OverviewPage::tr(" · "));
}

bool varies(const Augmentation& augmentation)
{
    return augmentation.changesPictures() || augmentation.mixes();
}

QString fitText(const std::string& fit)
{
    if (fit == "squash")
        return OverviewPage::tr("squashed");
    return fit == "fill" ? OverviewPage::tr("the rest filled with grey")
                         : OverviewPage::tr("cropped to the middle");
}

std::vector<GridPicture> examplePictures(const Preview& preview)
{
    std::vector<GridPicture> pictures;
    for (const FolderExamples::Example& example : preview.examples) {
        GridPicture picture;
        picture.label = QString::fromStdString(example.label);
        picture.number = example.sample;
        picture.note = OverviewPage::tr("The file has %1×%2 pixels").arg(example.width).arg(example.height);
        pictures.push_back(picture);
    }
    return withPixels(std::move(pictures), preview.samples, preview.shape);
}

} // namespace

OverviewPage::OverviewPage(Bridge& bridge, QWidget* parent) : QWidget(parent), m_bridge(bridge)
{
    setObjectName(QStringLiteral("overviewPage"));
    build();
    connect(&bridge, &Bridge::dataReady, this, &OverviewPage::showData);
    connect(&bridge, &Bridge::folderScanned, this, &OverviewPage::showFolder);
    connect(&bridge, &Bridge::planChecked, this, &OverviewPage::showVerdict);
    connect(&bridge, &Bridge::modelReady, this, &OverviewPage::showModel);
    connect(&m_preview, &AugmentPreview::ready, this, &OverviewPage::showVaried);
}

// Where the window is low and the data is a folder, the three cards are more than fits: the page scrolls.
void OverviewPage::build()
{
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    auto* scroll = new QScrollArea;
    scrollDownOnly(scroll);
    whole->addWidget(scroll);
    auto* content = new QWidget;
    scroll->setWidget(content);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(space::large, space::medium, space::large - scrollBarWidth, space::large);
    column->setSpacing(space::medium);
    m_dataCard = new Card(tr("Data"));
    m_pictures = new PictureGrid;
    m_pictures->setObjectName(QStringLiteral("dataPictures"));
    m_pictures->setAccessibleName(tr("Pictures of the data"));
    m_pictures->setMaximumColumns(columns);
    m_noData = makeLabel({}, TextRole::Body, Tone::Muted);
    m_noData->setObjectName(QStringLiteral("noData"));
    m_noData->setWordWrap(true);
    m_noData->hide();
    m_dataCard->body()->addWidget(m_pictures);
    m_dataCard->body()->addWidget(buildVariedRow());
    m_dataCard->body()->addWidget(m_noData);
    m_folderCard = new FolderCard;
    m_folderCard->hide();
    buildModelCard();
    column->addWidget(m_dataCard);
    column->addWidget(m_folderCard);
    column->addWidget(m_modelCard, 1);
}

void OverviewPage::buildModelCard()
{
    m_modelCard = new Card(tr("Model"));
    m_modelCard->setMinimumHeight(leastModel);
    m_layers = new LayerTableView;
    m_noModel = makeLabel(tr("The layers appear here when the data can be opened: its shape decides theirs."),
                          TextRole::Body, Tone::Muted);
    m_noModel->setObjectName(QStringLiteral("noModel"));
    m_noModel->setWordWrap(true);
    m_noModel->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_noModel->hide();
    m_modelCard->body()->addWidget(m_noModel, 1);
    m_modelCard->body()->addWidget(m_layers, 1);
}

QWidget* OverviewPage::buildVariedRow()
{
    m_variedRow = new QWidget;
    auto* row = new QHBoxLayout(m_variedRow);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::medium);
    m_varied = makeLabel({}, TextRole::Label, Tone::Muted);
    m_varied->setObjectName(QStringLiteral("asTheNetwork"));
    m_again = new QPushButton(tr("Another &draw"));
    m_again->setObjectName(QStringLiteral("anotherDraw"));
    m_again->setToolTip(tr("Shows these pictures as the next epoch will vary them"));
    connect(m_again, &QPushButton::clicked, this, &OverviewPage::drawAgain);
    row->addWidget(m_varied, 1);
    row->addWidget(m_again);
    m_variedRow->hide();
    return m_variedRow;
}

void OverviewPage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fitPictures();
}

// The pictures fill the card across, but leave the larger half of the page to what stands below. Those of a
// folder are larger and fewer: what their fit cuts off or adds must be seen.
void OverviewPage::fitPictures()
{
    const int across = m_folder ? folderColumns : columns;
    const int down = m_folder ? folderRows : rows;
    const int share = m_folder ? 30 : 45;
    const int wide = (width() - 2 * (space::large + space::medium)) / across - between;
    const int high = height() * share / 100 / down - below;
    m_pictures->setMaximumColumns(across);
    m_pictures->setPictureSize(std::clamp(std::min(wide, high), 28, m_folder ? 128 : 96));
}

void OverviewPage::showData(const DataSet& set)
{
    m_dataCard->setTitle(QString::fromStdString(set.description.label));
    m_dataCard->setSubtitle(summaryOf(set));
    m_preprocessing = preprocessingFor(set);
    if (!m_folder) {
        m_originals = firstOfEachClass(set, rows * columns, columns);
        m_pictures->setPictures(m_originals);
        m_preview.cancel(); // of the set before
        m_wanted = {};
    }
    refreshVaried();
}

void OverviewPage::showFolder(const std::shared_ptr<const FolderFacts>& folder)
{
    const bool another = !folder || !m_folder || folder->data != m_folder->data;
    m_folder = folder;
    m_folderCard->setVisible(folder != nullptr);
    if (folder)
        m_folderCard->setFacts(folder);
    if (another) {
        m_preview.cancel();
        m_wanted = {};
        m_epoch = 1;
        m_originals.clear();
        m_pictures->setPictures({});
        m_dataCard->setTitle(folder ? QString::fromStdString(shown(userPath(folder->data).filename()))
                                    : tr("Data"));
        m_dataCard->setSubtitle({});
        fitPictures();
    }
    refreshVaried();
}

PreviewRequest OverviewPage::wantedPreview() const
{
    const TrainingPlan& plan = m_bridge.plan();
    PreviewRequest wanted{nullptr, {}, std::nullopt, plan.augmentation, m_preprocessing, plan.seed, m_epoch};
    if (m_folder) {
        const DataSet& opened = m_bridge.data();
        const bool read = opened.description.name == m_folder->data;
        wanted.folder = FolderExamplesWish{m_folder->scan,
                                           plan.pictures,
                                           m_folder->modelInput,
                                           read ? opened.range : std::nullopt,
                                           folderRows * folderColumns,
                                           folderColumns};
        return wanted;
    }
    if (m_originals.empty() || !m_bridge.data().train || !varies(plan.augmentation))
        return {};
    wanted.samples = m_bridge.data().train;
    for (const GridPicture& picture : m_originals)
        wanted.indices.push_back(picture.number);
    return wanted;
}

// The training draws by seed, epoch and sample alone, so these are the very pictures of that epoch (mixing
// apart, which depends on the batch).
void OverviewPage::refreshVaried()
{
    const PreviewRequest wanted = wantedPreview();
    const bool any = wanted.samples || wanted.folder;
    m_variedRow->setVisible(any && m_pictures->isVisibleTo(this));
    m_again->setVisible(varies(wanted.augmentation));
    if (!any && m_wanted.samples) {
        m_preview.cancel();
        m_wanted = {};
        m_epoch = 1;
        m_pictures->setPictures(m_originals);
    }
    if (!any || !isVisible() || wanted == m_wanted)
        return;
    m_wanted = wanted;
    if (!m_folder)
        m_varied->setText(tr("As the network sees them in epoch %1").arg(m_epoch));
    m_preview.request(wanted);
}

void OverviewPage::showVaried(const Preview& preview)
{
    if (preview.examples.empty()) {
        m_pictures->setPictures(withPixels(m_originals, preview.samples, preview.shape));
        return;
    }
    m_pictures->setPictures(examplePictures(preview));
    const QString size = tr("%1×%2").arg(preview.shape.at(2)).arg(preview.shape.at(1));
    const QString fit = fitText(m_wanted.folder ? m_wanted.folder->options.fit : std::string());
    m_varied->setText(varies(m_wanted.augmentation)
                          ? tr("As the network sees them in epoch %1: %2, %3").arg(m_epoch).arg(size, fit)
                          : tr("As the network sees them: %1, %2").arg(size, fit));
}

void OverviewPage::drawAgain()
{
    ++m_epoch;
    refreshVaried();
}

void OverviewPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refreshVaried();
}

// The pictures are of the data that the form chose: where that cannot be opened there are none.
void OverviewPage::showVerdict(const Verdict& verdict)
{
    if (verdict.job && verdict.job->data.train == m_bridge.data().train)
        m_preprocessing = verdict.job->preprocessing;
    if (m_folder)
        m_folderCard->setParts(verdict.parts);
    else if (verdict.job && m_originals.empty() && m_bridge.data().train)
        showData(m_bridge.data()); // the same set as before a folder that was never read
    if (verdict.state == Verdict::State::Checking) {
        refreshVaried();
        return;
    }
    // What a folder holds is known before its pictures are read, and stays when that goes wrong.
    const bool without =
        verdict.state == Verdict::State::Wrong && verdict.field.starts_with("data") && !m_folder;
    if (without) {
        m_dataCard->setTitle(tr("Data"));
        m_dataCard->setSubtitle({});
        m_noData->setText(QString::fromStdString(verdict.message));
    } else if (m_noData->isVisibleTo(this) && m_bridge.data().train) {
        showData(m_bridge.data());
    }
    const bool noModel = without && m_layers->model()->rowCount() == 0;
    m_noModel->setVisible(noModel);
    m_layers->setVisible(!noModel);
    m_noData->setVisible(without);
    m_pictures->setVisible(!without);
    refreshVaried();
}

void OverviewPage::showModel(const LoweredModel& model, int frozenNodes)
{
    m_modelCard->setTitle(QString::fromStdString(model.label));
    m_modelCard->setSubtitle(modelSummary(model, frozenNodes));
    m_layers->setModelShown(model, frozenNodes);
    m_noModel->hide();
    m_layers->show();
}

} // namespace torchdesk
