// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/tryitpage.h"

#include "core/base/text.h"
#include "core/run/checkpoint.h"
#include "gui/app/runtext.h"
#include "gui/app/theme.h"
#include "gui/bridge/bridge.h"
#include "gui/widgets/card.h"
#include "gui/widgets/drawcanvas.h"
#include "gui/widgets/filedialog.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/picturegrid.h"
#include "gui/widgets/probabilitybars.h"

#include <QDragEnterEvent>
#include <QFile>
#include <QHBoxLayout>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

namespace torchdesk {

namespace {

constexpr int seenSide = 84; ///< 28 × 28 three times enlarged

} // namespace

TryItPage::TryItPage(Bridge& bridge, QWidget* parent) : QWidget(parent), m_bridge(bridge)
{
    setObjectName("tryItPage");
    setAcceptDrops(true);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(space::large, space::medium, space::large, space::large);
    row->setSpacing(space::medium);
    row->addWidget(makeLeft());
    row->addWidget(makeRight(), 1);

    connect(m_canvas, &DrawCanvas::changed, this, &TryItPage::drawn);
    connect(m_clear, &QPushButton::clicked, m_canvas, &DrawCanvas::clear);
    connect(m_open, &QPushButton::clicked, this, &TryItPage::choosePicture);
    connect(&m_classifier, &Classifier::opened, this, &TryItPage::showOpened);
    connect(&m_classifier, &Classifier::failed, this, &TryItPage::showProblem);
    connect(&m_classifier, &Classifier::classified, this, &TryItPage::showResult);
    connect(&m_bridge, &Bridge::engineReady, this, &TryItPage::reload);
    connect(&m_bridge, &Bridge::runStarted, this, &TryItPage::setRun);
    connect(&m_bridge, &Bridge::eventsArrived, this, &TryItPage::follow);
    connect(&m_bridge, &Bridge::runFinished, this, &TryItPage::reload);
    showProblem({});
}

QWidget* TryItPage::makeLeft()
{
    auto* card = new Card(tr("Draw a digit"), this);
    m_canvas = new DrawCanvas(card);
    m_canvas->setObjectName("canvas");
    m_canvas->setFixedSize(DrawCanvas::side, DrawCanvas::side);
    m_clear = new QPushButton(tr("C&lear"), card);
    m_clear->setObjectName("clearCanvas");
    m_open = new QPushButton(tr("Open &picture…"), card);
    m_open->setObjectName("openPicture");
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_clear);
    buttons->addWidget(m_open);
    buttons->addStretch();
    card->body()->addWidget(m_canvas);
    card->body()->addLayout(buttons);
    auto* hint = makeLabel(
        tr("Draw with the mouse, or drop a PNG or JPEG here. Keys: arrows move the pen, Space sets it "
           "down or lifts it, Delete clears."),
        TextRole::Label, Tone::Muted, card);
    hint->setWordWrap(true);
    hint->setMaximumWidth(DrawCanvas::side);
    card->body()->addWidget(hint);
    card->body()->addStretch();
    return card;
}

QWidget* TryItPage::makeRight()
{
    auto* card = new Card(tr("The network's answer"), this);
    m_answer = makeLabel({}, TextRole::Name, Tone::Text, card);
    m_answer->setObjectName("answer");
    m_answer->setWordWrap(true);
    m_bars = new ProbabilityBars(card);
    m_bars->setObjectName("probabilities");
    m_seen = new QLabel(card);
    m_seen->setFixedSize(seenSide, seenSide);
    m_seen->setAccessibleName(tr("The picture as the network sees it"));
    m_about = makeLabel({}, TextRole::Label, Tone::Muted, card);
    m_about->setObjectName("aboutWeights");
    m_about->setWordWrap(true);
    m_seenWords =
        makeLabel(tr("This is the picture as the network sees it."), TextRole::Label, Tone::Muted, card);
    m_seenWords->setWordWrap(true);
    auto* bottom = new QHBoxLayout;
    bottom->setSpacing(space::medium);
    bottom->addWidget(m_seen);
    bottom->addWidget(m_seenWords, 1);
    card->body()->addWidget(m_answer);
    card->body()->addWidget(m_bars);
    card->body()->addSpacing(space::medium);
    card->body()->addWidget(m_about);
    card->body()->addSpacing(space::small);
    card->body()->addLayout(bottom);
    card->body()->addStretch();
    return card;
}

void TryItPage::setRun(const std::filesystem::path& run)
{
    m_run = run;
    reload();
}

// A better epoch may have been saved; its files follow a moment later, so this is tried again with the next
// one.
void TryItPage::follow(const std::vector<Event>& events)
{
    if (m_run != m_bridge.runFolder())
        return;
    for (const Event& event : events) {
        if (std::holds_alternative<EpochDone>(event))
            reload();
    }
}

void TryItPage::reload()
{
    m_stale = true;
    openIfSeen();
}

void TryItPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    openIfSeen();
    m_canvas->setFocus();
}

void TryItPage::openIfSeen()
{
    if (!isVisible())
        return;
    if (m_run.empty()) {
        showProblem(
            tr("Train a network first, or choose a run in the list. Then draw: the bars follow your pen."));
    } else if (!m_bridge.engine()) {
        showProblem(m_bridge.engineProblem().isEmpty() ? tr("The engine is being loaded…")
                                                       : m_bridge.engineProblem());
    } else if (m_bridge.busy() && m_run == m_bridge.runFolder() && listCheckpoints(m_run).empty()) {
        showProblem(tr("This run is in its first epoch: its first weights come at the end of that."));
    } else if (std::exchange(m_stale, false)) {
        m_classifier.open(m_bridge.engine(), m_run);
    }
}

void TryItPage::showOpened()
{
    const RunModel& model = m_classifier.model();
    QStringList names;
    for (const std::string& name : model.classes)
        names << QString::fromStdString(name);
    m_bars->setClasses(names);
    m_about->setText(
        tr("%1, weights of epoch %2").arg(storedRunName(m_classifier.run())).arg(m_classifier.epoch()));
    drawn();
}

/// The picture as the network sees it, with a word about it; an empty one takes both away.
void TryItPage::showSeen(const QImage& image)
{
    m_seen->setVisible(!image.isNull());
    m_seenWords->setVisible(!image.isNull());
    if (!image.isNull())
        m_seen->setPixmap(QPixmap::fromImage(image.scaled(seenSide, seenSide, Qt::KeepAspectRatio)));
}

void TryItPage::drawn()
{
    if (m_canvas->isEmpty()) {
        m_bars->setProbabilities({});
        showSeen({});
        m_answer->setText(m_classifier.isOpen() ? tr("Draw something on the left.") : m_answer->text());
        return;
    }
    m_classifier.classify(m_canvas->picture());
}

void TryItPage::showResult(const Classification& result)
{
    const auto& names = m_classifier.model().classes;
    const auto& shape = m_classifier.model().preprocessing.shape;
    const auto best = std::max_element(result.probabilities.begin(), result.probabilities.end());
    m_bars->setProbabilities(result.probabilities);
    if (shape.size() == 3) {
        const QImage image = imageOfSample(result.sample, static_cast<int>(shape[0]),
                                           static_cast<int>(shape[1]), static_cast<int>(shape[2]));
        showSeen(image);
    }
    const auto index = static_cast<std::size_t>(best - result.probabilities.begin());
    if (index < names.size())
        m_answer->setText(
            tr("%1, with %2")
                .arg(QString::fromStdString(names[index]), QString::fromStdString(percent(*best, 1))));
}

void TryItPage::showProblem(const QString& text)
{
    m_answer->setText(text);
    m_bars->setProbabilities({});
    showSeen({});
    if (!m_classifier.isOpen())
        m_about->clear();
}

void TryItPage::choosePicture()
{
    auto* dialog = fileDialog(this, FileKind::Picture, tr("Open picture"));
    connect(dialog, &QFileDialog::fileSelected, this, &TryItPage::openPicture);
    dialog->open();
}

void TryItPage::openPicture(const QString& file)
{
    if (!m_classifier.isOpen())
        return openIfSeen();
    m_canvas->clear();
    m_classifier.classifyFile(std::filesystem::path(QFile::encodeName(file).toStdString()));
}

void TryItPage::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls() && event->mimeData()->urls().constFirst().isLocalFile())
        event->acceptProposedAction();
}

void TryItPage::dropEvent(QDropEvent* event)
{
    openPicture(event->mimeData()->urls().constFirst().toLocalFile());
}

} // namespace torchdesk
