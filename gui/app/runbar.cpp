// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/runbar.h"

#include "core/base/text.h"
#include "core/run/checkpoint.h"
#include "gui/app/icons.h"
#include "gui/app/runtext.h"
#include "gui/widgets/figures.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/progressline.h"
#include "gui/widgets/sentences.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <algorithm>
#include <cmath>

namespace torchdesk {

namespace {

/// The first part of a sentence that is too long for the bar; the log has it whole.
QString inTwoLines(const QString& sentence)
{
    constexpr int mostCharacters = 150;
    const auto opening = openingOf(sentence, mostCharacters);
    return opening ? RunBar::tr("%1. The log says more.").arg(*opening) : sentence;
}

constexpr int figureInterval = 500; // ms: 2 Hz

bool wentWrong(const Finished& finished)
{
    return finished.outcome == Outcome::Diverged || finished.outcome == Outcome::Failed;
}

} // namespace

RunBar::RunBar(Bridge& bridge, QWidget* parent) : QWidget(parent), m_bridge(bridge)
{
    setObjectName(QStringLiteral("runBar"));
    setProperty("surface", "panel");
    setAttribute(Qt::WA_StyledBackground);
    setFixedHeight(space::runBarHeight);
    build();
    m_timer.setInterval(figureInterval);
    connect(&m_timer, &QTimer::timeout, this, &RunBar::refreshFigures);
    connect(&bridge, &Bridge::stateChanged, this, &RunBar::refresh);
    connect(&bridge, &Bridge::runStarted, this, [this] {
        m_refused.clear();
        m_renamed.clear();
        m_speed->resetWidth();
        m_timeLeft->resetWidth();
        refresh();
    });
    connect(&bridge, &Bridge::runFinished, this, &RunBar::refresh);
    connect(&bridge, &Bridge::planChecked, this, [this](const Verdict& verdict) {
        // Another plan, or the reason is gone: what was said is past.
        if (m_bridge.plan() != m_refusedPlan || verdict.state == Verdict::State::Ready)
            m_refused.clear();
    });
    connect(&bridge, &Bridge::runRefused, this, [this](const QString& text) {
        m_refused = text;
        m_refusedPlan = m_bridge.plan();
        refresh();
    });
    refresh();
}

void RunBar::setLookingElsewhere(bool elsewhere, const RunSummary* run)
{
    m_elsewhere = elsewhere;
    m_shown = elsewhere && run ? std::optional(*run) : std::nullopt;
    if (!elsewhere && run)
        m_renamed = runName(*run);
    if (m_shown) // who looks at another run has read why the last one was refused
        m_refused.clear();
    refresh();
}

QString RunBar::ownName() const
{
    return m_renamed.isEmpty() ? runName(m_bridge.runFolder(), m_bridge.runPlan()) : m_renamed;
}

std::filesystem::path RunBar::shownFolder() const
{
    return m_shown ? m_shown->folder : m_bridge.runFolder();
}

// ---- building

void RunBar::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(space::large, 0, space::large, 0);
    row->setSpacing(space::small);
    auto* names = new QVBoxLayout;
    names->setSpacing(0);
    m_name = new ElidedLabel; // gives way to the figures
    m_name->setFont(fontFor(TextRole::Name));
    m_name->setObjectName(QStringLiteral("runName"));
    m_detail = makeLabel({}, TextRole::Label, Tone::Muted);
    m_detail->setObjectName(QStringLiteral("runDetail"));
    m_detail->setWordWrap(true);
    names->addStretch();
    names->addWidget(m_name);
    names->addWidget(m_detail, 0, Qt::AlignLeft); // its fixed width must not be that of the name
    names->addStretch();
    row->addLayout(names);
    buildFigures(row);
    m_message = makeLabel({}, TextRole::Body, Tone::Text);
    m_message->setObjectName(QStringLiteral("runMessage"));
    m_message->setWordWrap(true);
    row->addWidget(m_message, 1);
    row->addStretch();
    m_back = addButton(row, tr("&Back to running"), "backToRunning");
    connect(m_back, &QPushButton::clicked, this, &RunBar::backWanted);
    buildRunButtons(row);
    buildResultButtons(row);
    column->addLayout(row, 1);
    m_progress = new ProgressLine;
    m_progress->setObjectName(QStringLiteral("runProgress"));
    column->addWidget(m_progress);
}

void RunBar::buildFigures(QHBoxLayout* row)
{
    m_figures = new QWidget;
    auto* figures = new QHBoxLayout(m_figures);
    figures->setContentsMargins(space::small, 0, 0, 0);
    figures->setSpacing(space::large);
    m_epoch = new QLabel;
    m_epoch->setObjectName(QStringLiteral("runEpoch"));
    m_epoch->setTextFormat(Qt::RichText);
    m_speed = new FigureLabel;
    m_speed->setObjectName(QStringLiteral("runSpeed"));
    m_speed->setMuted(true);
    m_timeLeft = new FigureLabel;
    m_timeLeft->setObjectName(QStringLiteral("runTimeLeft"));
    m_timeLeft->setMuted(true);
    figures->addWidget(m_epoch);
    figures->addWidget(m_speed);
    figures->addWidget(m_timeLeft);
    row->addWidget(m_figures);
}

QPushButton* RunBar::addButton(QHBoxLayout* row, const QString& text, const char* name)
{
    auto* button = new QPushButton(text);
    button->setObjectName(QLatin1String(name));
    row->addWidget(button);
    return button;
}

void RunBar::buildRunButtons(QHBoxLayout* row)
{
    m_pause = addButton(row, tr("&Pause"), "pause");
    m_pause->setMinimumWidth(m_pause->fontMetrics().horizontalAdvance(tr("Resume")) + 46);
    connect(m_pause, &QPushButton::clicked, this,
            [this] { m_bridge.phase() == Bridge::Phase::Paused ? m_bridge.resume() : m_bridge.pause(); });
    m_stop = addButton(row, tr("&Stop"), "stop");
    m_stop->setIcon(themeIcon(IconName::Stop));
    m_stop->setProperty("menu", "true");
    auto* menu = new QMenu(m_stop);
    menu->addAction(tr("&Now, keeping weights"), &m_bridge, &Bridge::stopNow)
        ->setObjectName(QStringLiteral("stopNow"));
    menu->addAction(tr("After this &epoch"), &m_bridge, &Bridge::stopAfterEpoch)
        ->setObjectName(QStringLiteral("stopAfterEpoch"));
    menu->addSeparator();
    menu->addAction(tr("Change the &learning rate instead…"), this, &RunBar::learningRateWanted)
        ->setObjectName(QStringLiteral("changeLearningRate"));
    m_stop->setMenu(menu);
}

void RunBar::buildResultButtons(QHBoxLayout* row)
{
    m_use = addButton(row, tr("&Use on new pictures…"), "useRun");
    m_export = addButton(row, tr("&Export weights…"), "exportRun");
    m_again = addButton(row, tr("Train &again"), "trainAgain");
    m_gentler = addButton(row, tr("Try again with a &tenth of the learning rate"), "trainGentler");
    m_use->setToolTip(tr("Use this network on new pictures"));
    m_export->setToolTip(tr("Export the weights of this run"));
    connect(m_use, &QPushButton::clicked, this, [this] { Q_EMIT useWanted(shownFolder()); });
    connect(m_export, &QPushButton::clicked, this, [this] { Q_EMIT exportWanted(shownFolder()); });
    connect(m_again, &QPushButton::clicked, this, [this] { Q_EMIT trainWanted(1); });
    connect(m_gentler, &QPushButton::clicked, this, [this] { Q_EMIT trainWanted(0.1); });
}

void RunBar::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_figures->isVisibleTo(this) ? fitRunning() : fitResult();
}

// Where the bar is narrow the speed gives way: the epoch and the time left are never cut.
void RunBar::fitRunning()
{
    constexpr int leastName = 72;
    m_detail->setFixedWidth(m_detail->fontMetrics().horizontalAdvance(m_detail->text()) + 2);
    m_back->setText(width() < 1000 ? tr("&Back") : tr("&Back to running"));
    int room = width() - 2 * space::large - leastName - 4 * space::large;
    for (const QWidget* each :
         {static_cast<QWidget*>(m_back), static_cast<QWidget*>(m_pause), static_cast<QWidget*>(m_stop)})
        if (!each->isHidden())
            room -= each->sizeHint().width() + space::small;
    for (const QWidget* each : {static_cast<QWidget*>(m_epoch), static_cast<QWidget*>(m_timeLeft)})
        room -= each->sizeHint().width() + space::large;
    m_speed->setVisible(room >= m_speed->sizeHint().width());
    m_figures->setMinimumWidth(m_figures->sizeHint().width());
}

/// What the buttons that are shown leave for the words.
int RunBar::roomForResult() const
{
    int room = width() - 2 * space::large - space::medium;
    for (const QPushButton* button : {m_back, m_use, m_export, m_again, m_gentler})
        if (!button->isHidden())
            room -= button->sizeHint().width() + space::small;
    return room;
}

// The result stands in one line where there is room, else in two; where even that is too narrow it needs the
// room more than the words of the buttons.
void RunBar::fitResult()
{
    constexpr int narrowest = 180;
    m_use->setText(tr("&Use on new pictures…"));
    m_export->setText(tr("&Export weights…"));
    if (roomForResult() < narrowest) {
        m_use->setText(tr("&Use…"));
        m_export->setText(tr("&Export…"));
    }
    const int words = m_detail->fontMetrics().horizontalAdvance(m_detail->text()) + 2;
    m_detail->setFixedWidth(std::clamp(roomForResult(), 0, words));
}

// ---- showing

void RunBar::refresh()
{
    const bool running = m_bridge.busy();
    const bool ended = m_bridge.phase() == Bridge::Phase::Ended && m_bridge.meter().finished();
    const bool weights = ended && m_bridge.runHasWeights();
    const bool diverged = ended && m_bridge.meter().finished()->outcome == Outcome::Diverged;
    m_figures->setVisible(running);
    m_pause->setVisible(running);
    m_stop->setVisible(running);
    m_back->setVisible(m_elsewhere && running);
    m_use->setVisible(weights && !diverged);
    m_export->setVisible(weights);
    m_again->setVisible(ended && !diverged);
    m_gentler->setVisible(diverged);
    m_progress->setVisible(running || ended);
    running ? m_timer.start() : m_timer.stop();
    if (running)
        showRunning();
    else if (!m_refused.isEmpty())
        showMessage(m_refused, {});
    else if (m_shown)
        showOther(*m_shown);
    else if (ended)
        showResult();
    else
        showReady();
}

void RunBar::showReady()
{
    const bool engine = m_bridge.engineProblem().isEmpty();
    m_name->setText(engine ? tr("Ready") : tr("Not ready"));
    m_name->show();
    m_detail->hide();
    setTone(m_message, Tone::Muted);
    m_message->setFont(fontFor(TextRole::Body));
    m_message->show();
    if (const auto& measured = m_bridge.verdict().measurement)
        m_message->setText(tr("Press Train to begin. The run takes about %1.")
                               .arg(QString::fromStdString(duration(measured->secondsInAll))));
    else
        m_message->setText(!engine               ? tr("Training needs LibTorch, which could not be opened.")
                           : m_bridge.canTrain() ? tr("Press Train to begin.")
                                                 : QString());
}

void RunBar::showRunning()
{
    m_name->setText(ownName());
    m_name->show();
    m_detail->setText(tr("seed %1").arg(m_bridge.runPlan().seed));
    m_detail->setToolTip({});
    m_detail->show();
    fitRunning();
    m_message->hide();
    const bool paused = m_bridge.phase() == Bridge::Phase::Paused;
    const bool stopping = m_bridge.phase() == Bridge::Phase::Stopping;
    m_pause->setText(paused ? tr("&Resume") : tr("&Pause"));
    m_pause->setIcon(themeIcon(paused ? IconName::Play : IconName::Pause));
    m_pause->setEnabled(!stopping && m_bridge.phase() != Bridge::Phase::Starting);
    m_stop->setEnabled(!stopping);
    refreshFigures();
}

void RunBar::refreshFigures()
{
    const ProgressMeter& meter = m_bridge.meter();
    const QString epoch = tr("Epoch <b>%1</b> of %2")
                              .arg(std::max<std::int64_t>(meter.epoch(), 1))
                              .arg(m_bridge.runPlan().epochs);
    m_epoch->setText(epoch);
    const auto speed = meter.samplesPerSecond();
    m_speed->setText(speed ? tr("%1 images/s").arg(QString::fromStdString(grouped(std::llround(*speed))))
                           : QString());
    m_timeLeft->setText(timeLeftText());
    fitRunning();
    m_progress->setShare(meter.share());
}

QString RunBar::timeLeftText() const
{
    switch (m_bridge.phase()) {
    case Bridge::Phase::Starting:
        return tr("starting…");
    case Bridge::Phase::Paused:
        return tr("paused");
    case Bridge::Phase::Stopping:
        return tr("stopping, weights are kept…");
    default:
        break;
    }
    const auto left = m_bridge.meter().secondsLeft();
    return left ? tr("%1 left").arg(QString::fromStdString(duration(*left))) : tr("measuring…");
}

void RunBar::showResult()
{
    const Finished& finished = *m_bridge.meter().finished();
    const QString name = ownName();
    if (wentWrong(finished))
        showMessage(QString::fromStdString(finished.message), name);
    else
        showWords(name, finishedText(finished, m_bridge.runPlan(), m_bridge.runSeconds()),
                  topFiveText(finished));
    m_progress->setShare(m_bridge.meter().share());
    fitResult();
}

/// A name and a few words below it; what there is no room for stands in their tooltip.
void RunBar::showWords(const QString& name, const QString& words, const QString& more)
{
    m_name->setText(name);
    m_name->show();
    m_detail->setText(words);
    m_detail->setToolTip(asToolTip(more.isEmpty() ? words : words + QLatin1Char('\n') + more));
    m_detail->setAccessibleDescription(more);
    m_detail->show();
    m_message->hide();
}

/// A sentence in the place of name and words; the run that it is about stands in its tooltip.
void RunBar::showMessage(const QString& sentence, const QString& name)
{
    m_name->hide();
    m_detail->hide();
    m_message->setFont(fontFor(TextRole::Label)); // two lines of it fit into the bar
    setTone(m_message, Tone::Text);
    m_message->setText(inTwoLines(sentence));
    m_message->setToolTip(asToolTip(name.isEmpty() ? sentence : name + QLatin1Char('\n') + sentence));
    m_message->show();
}

/// An earlier run, chosen in the list while none is going on.
void RunBar::showOther(const RunSummary& run)
{
    const auto& finished = run.record.finished;
    const bool weights = !listCheckpoints(run.folder).empty();
    m_use->setVisible(weights);
    m_export->setVisible(weights);
    m_again->hide();
    m_gentler->hide();
    m_progress->hide();
    if (finished && wentWrong(*finished))
        showMessage(QString::fromStdString(finished->message), runName(run));
    else
        showWords(
            runName(run),
            finished ? finishedText(*finished, run.record.plan, run.record.endedAt - run.record.startedAt)
            : run.state == RunState::Running
                ? tr("going on in another program")
                : tr("interrupted after %n epoch(s)", nullptr, static_cast<int>(run.record.epochs.size())),
            finished ? topFiveText(*finished) : QString());
    fitResult();
}

} // namespace torchdesk
