// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/overviewpage.h"

#include "core/base/text.h"
#include "gui/app/theme.h"
#include "gui/pages/layertableview.h"
#include "gui/pages/samplepictures.h"
#include "gui/widgets/card.h"
#include "gui/widgets/labels.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QStringList>
#include <QVBoxLayout>
#include <algorithm>

namespace torchdesk {

namespace {

constexpr int rows = 4;
constexpr int columns = 10;

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

} // namespace

OverviewPage::OverviewPage(Bridge& bridge, QWidget* parent) : QWidget(parent), m_bridge(bridge)
{
    setObjectName(QStringLiteral("overviewPage"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::large, space::medium, space::large, space::large);
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
    m_modelCard = new Card(tr("Model"));
    m_layers = new LayerTableView;
    m_noModel = makeLabel(tr("The layers appear here when the data can be opened: its shape decides theirs."),
                          TextRole::Body, Tone::Muted);
    m_noModel->setObjectName(QStringLiteral("noModel"));
    m_noModel->setWordWrap(true);
    m_noModel->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_noModel->hide();
    m_modelCard->body()->addWidget(m_noModel, 1);
    m_modelCard->body()->addWidget(m_layers, 1);
    column->addWidget(m_dataCard);
    column->addWidget(m_modelCard, 1);
    connect(&bridge, &Bridge::dataReady, this, &OverviewPage::showData);
    connect(&bridge, &Bridge::planChecked, this, &OverviewPage::showVerdict);
    connect(&bridge, &Bridge::modelReady, this, &OverviewPage::showModel);
    connect(&m_preview, &AugmentPreview::ready, this, &OverviewPage::showVaried);
}

QWidget* OverviewPage::buildVariedRow()
{
    m_variedRow = new QWidget;
    auto* row = new QHBoxLayout(m_variedRow);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::medium);
    m_varied = makeLabel({}, TextRole::Label, Tone::Muted);
    m_varied->setObjectName(QStringLiteral("asTheNetwork"));
    auto* again = new QPushButton(tr("Another &draw"));
    again->setObjectName(QStringLiteral("anotherDraw"));
    again->setToolTip(tr("Shows these pictures as the next epoch will vary them"));
    connect(again, &QPushButton::clicked, this, &OverviewPage::drawAgain);
    row->addWidget(m_varied, 1);
    row->addWidget(again);
    m_variedRow->hide();
    return m_variedRow;
}

// The pictures fill the card across, but leave the larger half of the page to the layers.
void OverviewPage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const int across = (width() - 2 * (space::large + space::medium)) / columns - between;
    const int down = height() * 45 / 100 / rows - below;
    m_pictures->setPictureSize(std::clamp(std::min(across, down), 28, 96));
}

void OverviewPage::showData(const DataSet& set)
{
    m_dataCard->setTitle(QString::fromStdString(set.description.label));
    m_dataCard->setSubtitle(summaryOf(set));
    m_originals = firstOfEachClass(set, rows * columns, columns);
    m_pictures->setPictures(m_originals);
    m_preprocessing = preprocessingFor(set.description);
    m_preview.cancel(); // of the set before
    m_wanted = {};
    refreshVaried();
}

// The training draws by seed, epoch and sample alone, so these are the very pictures of that epoch (mixing
// apart, which depends on the batch).
void OverviewPage::refreshVaried()
{
    const TrainingPlan& plan = m_bridge.plan();
    const bool varied = !m_originals.empty() && m_bridge.data().train &&
                        (plan.augmentation.changesPictures() || plan.augmentation.mixes());
    m_variedRow->setVisible(varied && m_pictures->isVisibleTo(this));
    if (!varied && m_wanted.samples) {
        m_preview.cancel();
        m_wanted = {};
        m_epoch = 1;
        m_pictures->setPictures(m_originals);
    }
    if (!varied || !isVisible())
        return;
    PreviewRequest wanted{m_bridge.data().train, {}, plan.augmentation, m_preprocessing, plan.seed, m_epoch};
    for (const GridPicture& picture : m_originals)
        wanted.indices.push_back(picture.number);
    if (wanted == m_wanted)
        return;
    m_wanted = wanted;
    m_varied->setText(tr("As the network sees them in epoch %1").arg(m_epoch));
    m_preview.request(wanted);
}

void OverviewPage::showVaried(const std::vector<std::uint8_t>& samples)
{
    m_pictures->setPictures(withPixels(m_originals, samples, m_preprocessing.shape));
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
    if (verdict.state == Verdict::State::Checking) {
        refreshVaried();
        return;
    }
    const bool without = verdict.state == Verdict::State::Wrong && verdict.field.starts_with("data");
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

void OverviewPage::showModel(const LoweredModel& model)
{
    m_modelCard->setTitle(QString::fromStdString(model.label));
    m_modelCard->setSubtitle(modelSummary(model));
    m_layers->setModelShown(model);
    m_noModel->hide();
    m_layers->show();
}

} // namespace torchdesk
