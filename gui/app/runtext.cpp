// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/runtext.h"

#include "core/base/text.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace torchdesk {

namespace {

/// The context of this file's strings, for translators.
struct RunText
{
    Q_DECLARE_TR_FUNCTIONS(RunText)
};

} // namespace

QString runName(const std::filesystem::path& folder, const TrainingPlan& plan)
{
    static const QRegularExpression time(QStringLiteral("^\\d{4}-\\d{2}-\\d{2}_\\d{4}_"));
    QString name = QString::fromStdString(folder.filename().string());
    name.remove(time);
    return name.isEmpty() ? QString::fromStdString(plan.model + "-" + plan.data) : name;
}

QString runName(const RunSummary& run)
{
    const std::string& name = run.record.name;
    return QString::fromStdString(name.empty() ? shown(run.folder.filename()) : name);
}

QString storedRunName(const std::filesystem::path& run)
{
    return runName(readRunSummary(run));
}

QString commonestText(double share)
{
    return RunText::tr("always answering the commonest class: %1")
        .arg(QString::fromStdString(percent(share, 0)));
}

QString finishedText(const Finished& finished, const TrainingPlan& plan, double seconds)
{
    // A figure and its unit stay in one line.
    const QString time = QString::fromStdString(duration(seconds)).replace(QLatin1Char(' '), QChar::Nbsp);
    if (finished.testAccuracy) {
        const QString accuracy =
            QString::fromStdString(percent(*finished.testAccuracy, 1)).replace(QLatin1Char(' '), QChar::Nbsp);
        const QString text = RunText::tr("Test accuracy %1 (best epoch %2), %3")
                                 .arg(accuracy)
                                 .arg(finished.bestEpoch)
                                 .arg(time);
        return finished.outcome == Outcome::Stopped ? RunText::tr("Stopped. %1").arg(text) : text;
    }
    if (finished.outcome == Outcome::Diverged || finished.outcome == Outcome::Failed)
        return QString::fromStdString(finished.message);
    if (finished.outcome == Outcome::Stopped)
        return RunText::tr("Stopped at step %1 after %2, weights kept").arg(finished.lastStep).arg(time);
    return RunText::tr("%1 epochs in %2").arg(plan.epochs).arg(time);
}

QString topFiveText(const Finished& finished)
{
    if (!finished.testTop5)
        return {};
    return RunText::tr("The class of a test picture is among the five likeliest in %1")
        .arg(QString::fromStdString(percent(*finished.testTop5, 1)));
}

} // namespace torchdesk
