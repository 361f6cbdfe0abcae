// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/curvesview.h"

#include "gui/app/theme.h"
#include "gui/charts/smoothingslider.h"
#include "gui/widgets/labels.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

namespace torchdesk {

CurvesView::CurvesView(QWidget* parent) : QWidget(parent), m_range(new XRange(this))
{
    m_loss = new CurveChart(tr("Loss"), m_range, this);
    m_loss->setObjectName(QStringLiteral("lossChart"));
    m_accuracy = new CurveChart(tr("Accuracy"), m_range, this);
    m_accuracy->setObjectName(QStringLiteral("accuracyChart"));
    m_accuracy->setUnit(ValueUnit::Percent);
    m_accuracy->setYRange(0, 1);
    for (CurveChart* chart : {m_loss, m_accuracy})
        chart->setHint(tr("Waiting for the first step"));

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::large, space::small, space::large, space::large);
    layout->setSpacing(space::medium);
    layout->addWidget(makeToolbar());
    layout->addWidget(m_loss, 1);
    layout->addWidget(m_accuracy, 1);
    smooth(m_slider->weight());
    offerModes();
}

QWidget* CurvesView::makeToolbar()
{
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::medium);
    m_slider = new SmoothingSlider(bar);
    m_x = new QComboBox(bar);
    m_x->setObjectName(QStringLiteral("xMode"));
    m_x->setAccessibleName(tr("Horizontal axis"));
    m_y = new QComboBox(bar);
    m_y->setObjectName(QStringLiteral("yMode"));
    m_y->setAccessibleName(tr("Vertical axis of the loss"));
    m_y->addItem(tr("y: linear"), false);
    m_y->addItem(tr("y: log"), true);
    for (QComboBox* combo : {m_x, m_y}) {
        combo->setProperty("kind", "quiet");
        combo->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    }
    m_fit = new QPushButton(tr("Fit"), bar);
    m_fit->setObjectName(QStringLiteral("fitButton"));
    m_fit->setProperty("kind", "small");
    m_fit->setToolTip(tr("Show everything again (Home)"));
    row->addWidget(m_slider);
    row->addWidget(m_x);
    row->addWidget(m_y);
    row->addStretch(1);
    row->addWidget(m_fit);
    connect(m_slider, &SmoothingSlider::changed, this, &CurvesView::smooth);
    connect(m_x, &QComboBox::activated, this, &CurvesView::chooseX);
    connect(m_y, &QComboBox::activated, this,
            [this] { m_loss->setLogarithmic(m_y->currentData().toBool()); });
    connect(m_fit, &QPushButton::clicked, this, &CurvesView::fit);
    return bar;
}

CurvesView::Run* CurvesView::find(int run)
{
    const auto found =
        std::find_if(m_runs.begin(), m_runs.end(), [run](const Run& one) { return one.id == run; });
    return found == m_runs.end() ? nullptr : &*found;
}

std::optional<int> CurvesView::addRun(const QString& name)
{
    if (int(m_runs.size()) >= maximumRuns)
        return std::nullopt;
    Run run;
    run.id = m_nextRun++;
    run.name = name;
    while (
        std::any_of(m_runs.begin(), m_runs.end(), [&](const Run& other) { return other.place == run.place; }))
        ++run.place;
    run.trainingLoss = m_loss->addSeries({});
    run.validationLoss = m_loss->addSeries({});
    run.trainingAccuracy = m_accuracy->addSeries({});
    run.validationAccuracy = m_accuracy->addSeries({});
    m_runs.push_back(run);
    restyle();
    return run.id;
}

void CurvesView::removeRun(int id)
{
    const Run* run = find(id);
    if (!run)
        return;
    for (const int series : {run->trainingLoss, run->validationLoss})
        m_loss->removeSeries(series);
    for (const int series : {run->trainingAccuracy, run->validationAccuracy})
        m_accuracy->removeSeries(series);
    if (run->topFive)
        m_accuracy->removeSeries(*run->topFive);
    std::erase_if(m_runs, [id](const Run& one) { return one.id == id; });
    restyle();
}

void CurvesView::clear()
{
    m_runs.clear();
    m_loss->clear();
    m_accuracy->clear();
    m_range->setCursor(std::nullopt);
    setReference(std::nullopt);
    m_timed = false;
    offerModes();
}

void CurvesView::restyle()
{
    using Role = SeriesStyle::Role;
    const QString dropout =
        tr("Measured on each batch while the weights move, with dropout on; validation is measured "
           "after each epoch, with dropout off.");
    for (const Run& run : m_runs) {
        SeriesStyle training{tr("training"), Role::Training, 0, false, dropout, {}};
        SeriesStyle validation{tr("validation"), Role::Validation, 0, true, {}, {}};
        if (m_runs.size() > 1) {
            // One entry a run: by its validation where it has one.
            training = {run.validated ? QString() : run.name, Role::Run, run.place, false, tr("training"),
                        tr("%1, training").arg(run.name)};
            validation = {run.validated ? run.name : QString(), Role::Run, run.place, true, tr("validation"),
                          tr("%1, validation").arg(run.name)};
        }
        m_loss->setStyle(run.trainingLoss, training);
        m_loss->setStyle(run.validationLoss, validation);
        m_accuracy->setStyle(run.trainingAccuracy, training);
        m_accuracy->setStyle(run.validationAccuracy, validation);
        if (run.topFive)
            m_accuracy->setStyle(*run.topFive,
                                 {m_runs.size() == 1 ? tr("top 5") : QString(), Role::TopFive, 0, true,
                                  tr("The class is among the five likeliest of a validation "
                                     "picture"),
                                  tr("validation, top 5")});
    }
}

void CurvesView::appendTraining(int id, std::span<const double> steps, std::span<const double> losses,
                                std::span<const double> accuracies, std::span<const double> seconds)
{
    const Run* run = find(id);
    if (!run)
        return;
    m_loss->append(run->trainingLoss, steps, losses, seconds);
    m_accuracy->append(run->trainingAccuracy, steps, accuracies, seconds);
}

void CurvesView::appendValidation(int id, double step, std::optional<double> loss,
                                  std::optional<double> accuracy, std::optional<double> seconds)
{
    Run* run = find(id);
    if (!run)
        return;
    if (loss)
        m_loss->append(run->validationLoss, step, *loss, seconds);
    if (accuracy)
        m_accuracy->append(run->validationAccuracy, step, *accuracy, seconds);
    if (!run->validated && (loss || accuracy)) {
        run->validated = true;
        restyle();
    }
}

void CurvesView::appendTopFive(int id, double step, double accuracy, std::optional<double> seconds)
{
    Run* run = find(id);
    if (!run || m_runs.size() > 1)
        return;
    if (!run->topFive) {
        run->topFive = m_accuracy->addSeries({});
        restyle();
    }
    m_accuracy->append(*run->topFive, step, accuracy, seconds);
}

void CurvesView::setStepsPerEpoch(double steps)
{
    m_range->setStepsPerEpoch(steps);
    offerModes();
}

void CurvesView::setReference(std::optional<double> accuracy, const QString& label)
{
    m_accuracy->setReference(accuracy, label);
}

void CurvesView::setSmoothing(double weight)
{
    m_slider->setWeight(weight);
}

void CurvesView::smooth(double weight)
{
    m_loss->setSmoothing(weight);
    m_accuracy->setSmoothing(weight);
    Q_EMIT smoothingChanged(weight);
}

double CurvesView::smoothing() const
{
    return m_loss->smoothing();
}

void CurvesView::offerModes()
{
    const XMode now = m_range->mode();
    const QSignalBlocker quiet(m_x);
    m_x->clear();
    m_x->addItem(tr("x: step"), int(XMode::Step));
    if (m_range->stepsPerEpoch() > 0)
        m_x->addItem(tr("x: epoch"), int(XMode::Epoch));
    if (m_timed)
        m_x->addItem(tr("x: time"), int(XMode::Time));
    const int place = m_x->findData(int(now));
    m_x->setCurrentIndex(std::max(0, place));
    chooseX();
}

void CurvesView::chooseX()
{
    m_range->setMode(XMode(m_x->currentData().toInt()));
}

void CurvesView::flush()
{
    // Time is offered once every run that has points knows theirs.
    const bool timed = std::any_of(m_runs.begin(), m_runs.end(), [this](const Run& run) {
        const ScalarSeries* series = m_loss->series(run.trainingLoss);
        return series && series->hasTimes();
    });
    if (timed != m_timed) {
        m_timed = timed;
        offerModes();
    }
    m_loss->flush();
    m_accuracy->flush();
}

void CurvesView::fit()
{
    m_loss->fit();
    m_accuracy->fit();
}

} // namespace torchdesk
