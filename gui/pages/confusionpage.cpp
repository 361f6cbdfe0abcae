// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/confusionpage.h"

#include "core/base/text.h"
#include "gui/bridge/bridge.h"
#include "gui/itemmodels/classscoremodel.h"
#include "gui/widgets/card.h"
#include "gui/widgets/confusiongrid.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/picturegrid.h"
#include "gui/widgets/plaintable.h"
#include "gui/widgets/progressline.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>

namespace torchdesk {

namespace {

constexpr int leastRight = 310;
constexpr int roomForPictures = 900;

constexpr std::size_t mostPictures = 200; ///< that are looked at at once

QString countOf(std::int64_t count)
{
    return QString::fromStdString(grouped(count));
}

GridPicture pictureOfMistake(const Mistake& mistake, const DataSet& data, const QStringList& names)
{
    GridPicture picture;
    picture.image =
        imageOfSample(data.test->samples(), static_cast<std::size_t>(mistake.index), data.description.shape);
    picture.label = names.value(static_cast<int>(mistake.answer));
    picture.number = mistake.index;
    picture.note = ConfusionPage::tr("%1, taken for %2 with %3")
                       .arg(names.value(static_cast<int>(mistake.label)), picture.label,
                            QString::fromStdString(percent(static_cast<double>(mistake.probability), 1)));
    return picture;
}

} // namespace

ConfusionPage::ConfusionPage(Bridge& bridge, QWidget* parent) : QWidget(parent), m_bridge(bridge)
{
    build();
    connectReader();
    connect(m_grid, &ConfusionGrid::chosen, this, &ConfusionPage::choose);
    connect(&m_bridge, &Bridge::runStarted, this, &ConfusionPage::setRun);
    connect(&m_bridge, &Bridge::runFinished, this, &ConfusionPage::reload);
    connect(&m_bridge, &Bridge::engineReady, this, [this] {
        if (m_label >= 0)
            choose(m_label, m_answer);
    });
    showNothing({});
}

void ConfusionPage::build()
{
    setObjectName(QStringLiteral("confusionPage"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(space::large, space::medium, space::large, space::large);
    row->setSpacing(space::medium);
    m_matrixCard = new Card(tr("Confusion matrix"));
    m_grid = new ConfusionGrid;
    m_grid->setObjectName(QStringLiteral("confusionGrid"));
    m_why = makeLabel({}, TextRole::Body, Tone::Muted);
    m_why->setObjectName(QStringLiteral("whyNoConfusion"));
    m_why->setWordWrap(true);
    m_matrixCard->body()->addWidget(m_why);
    m_matrixCard->body()->addWidget(m_grid, 1);
    row->addWidget(m_matrixCard, 3);
    m_right = new QWidget;
    m_right->setMinimumWidth(leastRight);
    auto* right = new QVBoxLayout(m_right);
    right->setContentsMargins(0, 0, 0, 0);
    right->setSpacing(space::medium);
    right->addWidget(buildScores(), 1);
    right->addWidget(buildPictures(), 1);
    row->addWidget(m_right, 2);
}

QWidget* ConfusionPage::buildScores()
{
    auto* card = new Card(tr("Classes"));
    m_scores = new ClassScoreModel(this);
    auto* sorted = new QSortFilterProxyModel(this);
    sorted->setSourceModel(m_scores);
    sorted->setSortRole(ClassScoreModel::SortRole);
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("classScores"));
    m_table->setAccessibleName(tr("Scores of the classes"));
    m_table->setModel(sorted);
    makePlainTable(m_table, ClassScoreModel::Class);
    makeSortable(m_table);
    connect(m_table, &QTableView::clicked, this,
            [this, sorted](const QModelIndex& index) { choose(sorted->mapToSource(index).row(), -1); });
    card->body()->addWidget(m_table, 1);
    return card;
}

QWidget* ConfusionPage::buildPictures()
{
    m_picturesCard = new Card(tr("Wrong pictures"));
    m_progress = new ProgressLine;
    m_progress->hide();
    m_state = makeLabel({}, TextRole::Label, Tone::Muted);
    m_state->setObjectName(QStringLiteral("mistakeState"));
    m_state->setWordWrap(true);
    m_pictures = new PictureGrid;
    m_pictures->setObjectName(QStringLiteral("mistakes"));
    m_pictures->setAccessibleName(tr("Wrong pictures"));
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(m_pictures);
    m_picturesCard->body()->addWidget(m_progress);
    m_picturesCard->body()->addWidget(m_state);
    m_picturesCard->body()->addWidget(scroll, 1);
    return m_picturesCard;
}

void ConfusionPage::connectReader()
{
    connect(&m_reader, &ConfusionReader::matrixRead, this, &ConfusionPage::showConfusion);
    connect(&m_reader, &ConfusionReader::unreadable, this, &ConfusionPage::showNothing);
    connect(&m_reader, &ConfusionReader::progressed, m_progress, &ProgressLine::setShare);
    connect(&m_reader, &ConfusionReader::found, this, [this](const RunMistakes& mistakes) {
        m_progress->hide();
        m_mistakes = mistakes;
        showMistakes();
    });
    connect(&m_reader, &ConfusionReader::notFound, this, [this](const QString& text) {
        m_progress->hide();
        say(text);
    });
}

void ConfusionPage::setRun(const std::filesystem::path& run)
{
    m_run = run;
    reload();
}

void ConfusionPage::reload()
{
    m_stale = true;
    readIfSeen();
}

void ConfusionPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    readIfSeen();
}

// The scores need their room; where it is narrow the number of pictures gives way, which the matrix tells
// too.
void ConfusionPage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_table->setColumnHidden(ClassScoreModel::Samples, width() < roomForPictures);
}

void ConfusionPage::readIfSeen()
{
    if (!isVisible() || !std::exchange(m_stale, false))
        return;
    m_progress->hide();
    if (m_run.empty())
        showNothing({});
    else if (m_bridge.busy() && m_run == m_bridge.runFolder())
        showNothing(tr("The test pictures are looked at when the run has ended."));
    else
        m_reader.read(m_run);
}

void ConfusionPage::showNothing(const QString& why)
{
    m_grid->clear();
    m_grid->hide();
    m_right->hide();
    m_matrixCard->setSubtitle({});
    m_why->setText(!why.isEmpty()
                       ? why
                       : tr("Train a network first, or choose a run in the list: here stands which class "
                            "of its test pictures was taken for which."));
    m_why->show();
}

void ConfusionPage::showConfusion(const RunConfusion& confusion)
{
    m_names.clear();
    for (const std::string& name : confusion.classes)
        m_names << QString::fromStdString(name);
    m_mistakes.reset();
    m_label = m_answer = -1;
    m_pictures->setPictures({});
    m_why->hide();
    m_grid->setMatrix(confusion.matrix, m_names);
    m_grid->show();
    m_scores->setMatrix(confusion.matrix, m_names);
    m_right->show();
    m_matrixCard->setSubtitle(
        tr("%1 test pictures, %2 right")
            .arg(countOf(confusion.matrix.samples()),
                 QString::fromStdString(percent(confusion.matrix.accuracy().value_or(0), 2))));
    say(tr("Choose a cell of the matrix, or a class, to see its wrong pictures."));
}

/// \p answer is -1 for all answers that are wrong.
void ConfusionPage::choose(int label, int answer)
{
    m_label = label;
    m_answer = answer;
    if (m_mistakes)
        return showMistakes();
    m_pictures->setPictures({});
    if (!m_bridge.engine())
        return say(m_bridge.engineProblem().isEmpty() ? tr("The engine is being loaded…")
                                                      : m_bridge.engineProblem());
    if (m_bridge.busy())
        return say(tr("The pictures can be looked at when the run that goes on has ended."));
    if (m_progress->isVisibleTo(this))
        return; // they are being looked for
    m_progress->setShare(0);
    m_progress->show();
    say(tr("Looking at the test pictures again…"));
    m_reader.findMistakes(m_bridge.engine(), m_run);
}

void ConfusionPage::showMistakes()
{
    if (m_label < 0)
        return;
    std::vector<GridPicture> pictures;
    std::int64_t count = 0;
    for (const Mistake& mistake : m_mistakes->mistakes) {
        if (mistake.label != m_label || (m_answer >= 0 && mistake.answer != m_answer))
            continue;
        if (static_cast<std::size_t>(count++) < mostPictures)
            pictures.push_back(pictureOfMistake(mistake, m_mistakes->data, m_names));
    }
    m_pictures->setPictures(std::move(pictures));
    const QString what = m_names.value(m_label);
    if (m_label == m_answer)
        say(tr("These were recognised: choose a cell beside the diagonal."));
    else if (count == 0)
        say(tr("No picture of %1 was taken for another class here.").arg(what));
    else if (m_answer >= 0)
        say(tr("%1 taken for %2: %3, the surest first").arg(what, m_names.value(m_answer), countOf(count)));
    else
        say(tr("%1 taken for another class: %2, the surest first").arg(what, countOf(count)));
}

void ConfusionPage::say(const QString& text)
{
    m_state->setText(text);
}

} // namespace torchdesk
