// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/runcurves.h"

#include "core/plan/options.h"
#include "core/run/runfolder.h"
#include "gui/app/runtext.h"
#include "gui/app/theme.h"
#include "gui/charts/curvesview.h"
#include "gui/widgets/labels.h"

#include <QRegularExpression>
#include <QVBoxLayout>
#include <algorithm>
#include <iterator>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

void append(std::vector<double>& to, const std::vector<double>& from)
{
    to.insert(to.end(), from.begin(), from.end());
}

void join(ScalarBatch& to, const ScalarBatch& from)
{
    append(to.steps, from.steps);
    append(to.times, from.times);
    append(to.values, from.values);
}

void dropFirst(ScalarBatch& batch, std::size_t count)
{
    for (auto* values : {&batch.steps, &batch.times, &batch.values})
        values->erase(values->begin(), values->begin() + static_cast<std::ptrdiff_t>(count));
}

/// What the legend calls the runs: their names, and where names are the same what differs from the defaults.
std::vector<QString> namesOf(const std::vector<RunSummary>& runs)
{
    std::vector<QString> names;
    for (const RunSummary& run : runs)
        names.push_back(runName(run));
    // "lenet-mnist-2" is "lenet-mnist" that was started in the same minute.
    static const QRegularExpression again(QStringLiteral("-\\d+$"));
    std::vector<QString> plain = names;
    for (QString& name : plain)
        name.remove(again);
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (std::count(plain.begin(), plain.end(), plain[i]) < 2)
            continue;
        const std::string settings =
            differences(runs[i].record.plan, TrainingPlan{}, {"data", "data_folder", "device", "threads"});
        if (!settings.empty())
            names[i] = QString::fromStdString(settings);
    }
    const std::vector<QString> told = names;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (std::count(told.begin(), told.end(), told[i]) >
            1) // the same settings too: the time tells them apart
            names[i] = QString::fromStdString(runs[i].folder.filename().string()).left(15) +
                       QLatin1Char(' ') + told[i];
    }
    return names;
}

/// What all of them have in common, if they do.
std::optional<double> commonestShareOf(const std::vector<RunSummary>& runs)
{
    const auto differs = [&](const RunSummary& run) {
        return run.record.commonestShare != runs.front().record.commonestShare;
    };
    return runs.empty() || std::ranges::any_of(runs, differs) ? std::nullopt
                                                              : runs.front().record.commonestShare;
}

} // namespace

RunCurves::RunCurves(QWidget* parent)
    : QWidget(parent), m_view(new CurvesView(this)), m_problem(makeLabel({}, TextRole::Body, Tone::Bad, this))
{
    m_problem->setObjectName("curvesProblem");
    m_problem->setWordWrap(true);
    m_problem->setContentsMargins(space::large, space::small, space::large, space::small);
    m_problem->hide();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_problem);
    layout->addWidget(m_view, 1);
    connect(&m_reader, &ScalarReader::arrived, this, &RunCurves::take);
    connect(&m_reader, &ScalarReader::problem, this, [this](const QString& text) {
        m_problem->setText(text);
        m_problem->show();
    });
}

void RunCurves::setRuns(const std::vector<fs::path>& runs)
{
    m_view->clear();
    m_problem->hide();
    m_waiting.clear();
    m_starts.clear();
    std::vector<fs::path> folders;
    std::vector<RunSummary> summaries;
    std::ranges::transform(runs, std::back_inserter(summaries), readRunSummary);
    const std::vector<QString> names = namesOf(summaries);
    if (const auto share = commonestShareOf(summaries))
        m_view->setReference(*share, commonestText(*share));
    for (std::size_t i = 0; i < runs.size(); ++i)
        addRun(runs[i], names[i], folders);
    m_reader.setFolders(std::move(folders));
}

void RunCurves::addRun(const fs::path& run, const QString& name, std::vector<fs::path>& folders)
{
    const auto id = m_view->addRun(name);
    if (!id)
        return;
    m_waiting.push_back({*id, false, {}, {}});
    folders.push_back(run / "train");
    m_waiting.push_back({*id, true, {}, {}});
    folders.push_back(run / "validation");
}

void RunCurves::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_reader.setActive(true);
}

void RunCurves::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_reader.setActive(false);
}

void RunCurves::take(const std::vector<ScalarBatch>& batches)
{
    for (const ScalarBatch& batch : batches) {
        if (batch.folder >= m_waiting.size())
            continue;
        Waiting& waiting = m_waiting[batch.folder];
        if (batch.tag == "loss")
            join(waiting.losses, batch);
        else if (batch.tag == "accuracy")
            join(waiting.accuracies, batch);
        else if (batch.tag == "top5_accuracy")
            join(waiting.topFive, batch);
    }
    for (Waiting& waiting : m_waiting)
        draw(waiting);
    m_view->flush();
}

double RunCurves::startOf(const Waiting& waiting)
{
    return m_starts.try_emplace(waiting.run, waiting.losses.times.front()).first->second;
}

void RunCurves::draw(Waiting& waiting)
{
    const std::size_t both = std::min(waiting.losses.steps.size(), waiting.accuracies.steps.size());
    if (both == 0)
        return;
    const double start = startOf(waiting);
    std::vector<double> seconds(both);
    std::transform(waiting.losses.times.begin(),
                   waiting.losses.times.begin() + static_cast<std::ptrdiff_t>(both), seconds.begin(),
                   [start](double time) { return time - start; });
    if (waiting.validation) {
        for (std::size_t i = 0; i < both; ++i)
            m_view->appendValidation(waiting.run, waiting.losses.steps[i], waiting.losses.values[i],
                                     waiting.accuracies.values[i], seconds[i]);
    } else {
        const auto first = [both](const std::vector<double>& values) {
            return std::span(values).first(both);
        };
        m_view->appendTraining(waiting.run, first(waiting.losses.steps), first(waiting.losses.values),
                               first(waiting.accuracies.values), seconds);
    }
    for (std::size_t i = 0; i < waiting.topFive.steps.size(); ++i)
        m_view->appendTopFive(waiting.run, waiting.topFive.steps[i], waiting.topFive.values[i],
                              waiting.topFive.times[i] - start);
    waiting.topFive = {};
    dropFirst(waiting.losses, both);
    dropFirst(waiting.accuracies, both);
}

} // namespace torchdesk
