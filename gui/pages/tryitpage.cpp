// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/tryitpage.h"

#include "core/base/text.h"
#include "core/run/checkpoint.h"
#include "gui/app/runtext.h"
#include "gui/app/theme.h"
#include "gui/bridge/bridge.h"
#include "gui/pages/predictiontable.h"
#include "gui/widgets/drawcanvas.h"
#include "gui/widgets/filedialog.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/picturegrid.h"
#include "gui/widgets/probabilitybars.h"

#include <QDragEnterEvent>
#include <QFile>
#include <QFileInfo>
#include <QLabel>
#include <QMimeData>
#include <QStackedWidget>
#include <algorithm>

namespace torchdesk {

namespace {

constexpr int smallPicture = 32;
constexpr int seenSide = 84; ///< 28 × 28 three times enlarged
constexpr int largeSeenSide = 196;

std::filesystem::path pathOf(const QString& file)
{
    return std::filesystem::path(QFile::encodeName(file).toStdString());
}

} // namespace

TryItPage::TryItPage(Bridge& bridge, QWidget* parent) : QWidget(parent), m_bridge(bridge)
{
    build();
    connect(m_canvas, &DrawCanvas::changed, this, &TryItPage::drawn);
    connect(&m_classifier, &Classifier::opened, this, &TryItPage::showOpened);
    connect(&m_classifier, &Classifier::failed, this, &TryItPage::showProblem);
    connect(&m_classifier, &Classifier::classified, this, &TryItPage::showResult);
    connect(&m_bridge, &Bridge::engineReady, this, &TryItPage::reload);
    connect(&m_bridge, &Bridge::runStarted, this, &TryItPage::setRun);
    connect(&m_bridge, &Bridge::eventsArrived, this, &TryItPage::follow);
    connect(&m_bridge, &Bridge::runFinished, this, &TryItPage::reload);
    connectTable();
    showProblem({});
}

void TryItPage::connectTable()
{
    connect(&m_classifier, &Classifier::found, m_table, &PredictionTable::setCount);
    connect(&m_classifier, &Classifier::predicted, m_table, &PredictionTable::add);
    connect(&m_classifier, &Classifier::predictedAll, m_table, &PredictionTable::end);
    connect(&m_classifier, &Classifier::saved, this, [this](const QString& file, const QString& problem) {
        m_table->say(problem.isEmpty() ? tr("Saved as %1").arg(file) : problem);
    });
    connect(m_table, &PredictionTable::chosen, this, &TryItPage::showChosen);
    connect(m_table, &PredictionTable::stopPressed, &m_classifier, &Classifier::stopPredicting);
    connect(m_table, &PredictionTable::savePressed, this, &TryItPage::saveTable);
    connect(m_table, &PredictionTable::closePressed, this, &TryItPage::closeTable);
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
    if (m_left->currentWidget() == m_draw)
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
    QStringList names;
    for (const std::string& name : model().classes)
        names << QString::fromStdString(name);
    m_bars->setClasses(names);
    m_about->setText(
        tr("%1, weights of epoch %2").arg(storedRunName(m_classifier.run())).arg(m_classifier.epoch()));
    if (m_left->currentWidget() == m_table)
        return; // what is shown is of the weights before; it stays until Back
    showInput();
    drawn();
}

/// The canvas for a network of drawn digits, for any other a place to drop pictures.
void TryItPage::showInput()
{
    const bool digits = !m_classifier.isOpen() || model().preprocessing.picture == "digit";
    showLeft(digits ? m_draw : m_drop);
}

/// The picture as the network sees it, with a word about it; an empty one takes both away.
void TryItPage::showSeen(const QImage& image)
{
    m_seen->setVisible(!image.isNull());
    m_seenWords->setVisible(!image.isNull());
    if (image.isNull())
        return;
    const int side = image.width() > smallPicture ? largeSeenSide : seenSide;
    m_seen->setFixedSize(side, side);
    m_seen->setPixmap(
        QPixmap::fromImage(image.scaled(side, side, Qt::KeepAspectRatio, Qt::SmoothTransformation)));
}

void TryItPage::drawn()
{
    if (m_canvas->isEmpty()) {
        m_bars->setProbabilities({});
        showSeen({});
        if (m_classifier.isOpen())
            m_answer->setText(m_left->currentWidget() == m_draw ? tr("Draw something on the left.")
                                                                : tr("Drop a picture on the left."));
        return;
    }
    m_classifier.classify(m_canvas->picture());
}

void TryItPage::showResult(const Classification& result)
{
    const auto& shape = model().preprocessing.shape;
    m_bars->setProbabilities(result.probabilities);
    if (shape.size() == 3)
        showSeen(imageOfSample(result.sample, shape));
    if (!result.probabilities.empty())
        showAnswer(model().classes, ranked(result.probabilities, 1).front());
}

void TryItPage::showAnswer(const std::vector<std::string>& classes, const RankedClass& best)
{
    m_answer->setText(tr("%1, with %2")
                          .arg(QString::fromStdString(className(classes, best.index)),
                               QString::fromStdString(percent(best.probability, 1))));
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

void TryItPage::chooseFolder()
{
    auto* dialog = fileDialog(this, FileKind::PictureFolder, tr("Open a folder of pictures"));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString& folder) { openPictures({folder}); });
    dialog->open();
}

void TryItPage::openPicture(const QString& file)
{
    if (!m_classifier.isOpen())
        return openIfSeen();
    m_canvas->clear();
    m_classifier.classifyFile(pathOf(file));
}

void TryItPage::openPictures(const QStringList& places)
{
    if (places.size() == 1 && !QFileInfo(places.constFirst()).isDir())
        return openPicture(places.constFirst());
    if (!m_classifier.isOpen())
        return openIfSeen();
    std::vector<std::filesystem::path> paths;
    for (const QString& place : places)
        paths.push_back(pathOf(place));
    const bool one = paths.size() == 1;
    m_table->begin(one ? QFileInfo(places.constFirst()).fileName()
                       : tr("%n picture(s)", nullptr, static_cast<int>(places.size())),
                   one ? paths.front() : paths.front().parent_path(), model().classes);
    showLeft(m_table);
    showProblem(tr("Choose a row to see its picture."));
    m_tableRun = m_classifier.run();
    m_classifier.predict(paths);
}

/// While the others are looked at, the network is busy; and the one that is open now may be another run's.
/// The row has the answer already.
void TryItPage::showChosen(const PicturePrediction& prediction)
{
    if (!prediction.problem.empty())
        showProblem(QString::fromStdString(prediction.problem));
    else if (m_classifier.predicting() || m_classifier.run() != m_tableRun)
        showAnswer(m_table->classes(), prediction.top.front());
    else
        m_classifier.classifyFile(prediction.file);
}

void TryItPage::saveTable()
{
    auto* dialog = saveDialog(this, FileKind::Table, tr("Save as CSV"), QStringLiteral("predictions.csv"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        m_classifier.save(m_table->predictions(), m_table->classes(), pathOf(file));
    });
    dialog->open();
}

void TryItPage::closeTable()
{
    m_classifier.stopPredicting();
    showInput();
    showOpened();
}

void TryItPage::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls() && event->mimeData()->urls().constFirst().isLocalFile())
        event->acceptProposedAction();
}

void TryItPage::dropEvent(QDropEvent* event)
{
    QStringList places;
    for (const QUrl& url : event->mimeData()->urls())
        if (url.isLocalFile())
            places << url.toLocalFile();
    openPictures(places);
}

} // namespace torchdesk
