// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/logpage.h"

#include "core/base/files.h"
#include "core/base/text.h"
#include "gui/app/theme.h"

#include <QFontDatabase>
#include <QPlainTextEdit>
#include <QTime>
#include <QVBoxLayout>

namespace torchdesk {

namespace {

constexpr int mostLines = 20'000;

QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

QString accuracyText(double accuracy)
{
    return text(percent(accuracy, 2));
}

struct Lines
{
    QString operator()(const Started& event) const
    {
        return LogPage::tr(
                   "Started on %1 (%2): %3 training, %4 validation and %5 test samples, %6 steps an epoch.")
            .arg(text(event.device), text(event.deviceLabel), text(grouped(event.trainSamples)),
                 text(grouped(event.validationSamples)), text(grouped(event.testSamples)),
                 text(grouped(event.stepsPerEpoch)));
    }
    QString operator()(const EpochDone& event) const
    {
        QString line = LogPage::tr("Epoch %1: training loss %2, accuracy %3")
                           .arg(event.epoch)
                           .arg(text(lossText(event.trainLoss)), accuracyText(event.trainAccuracy));
        if (event.validationLoss && event.validationAccuracy)
            line += LogPage::tr("; validation loss %1, accuracy %2")
                        .arg(text(lossText(*event.validationLoss)), accuracyText(*event.validationAccuracy));
        if (event.validationTop5)
            line += LogPage::tr(", top-5 accuracy %1").arg(accuracyText(*event.validationTop5));
        if (event.validationF1)
            line += LogPage::tr(", mean F1 %1").arg(accuracyText(*event.validationF1));
        line += LogPage::tr("; %1").arg(text(duration(event.trainSeconds)));
        return event.best ? line + LogPage::tr(" (best so far)") : line;
    }
    QString operator()(const SettingChanged& event) const
    {
        return LogPage::tr("%1 is %2 from step %3 on.")
            .arg(text(event.id), text(toText(event.value)))
            .arg(event.step);
    }
    QString operator()(const Notice& event) const
    {
        const bool warning = event.severity == Notice::Severity::Warning;
        return warning ? LogPage::tr("Warning: %1").arg(text(event.message)) : text(event.message);
    }
    QString operator()(const Finished& event) const
    {
        QString line =
            LogPage::tr("Ended at step %1: %2.").arg(event.lastStep).arg(text(outcomeName(event.outcome)));
        if (!event.message.empty())
            line += QLatin1Char(' ') + text(event.message);
        if (event.testAccuracy)
            line += LogPage::tr(" Test accuracy %1 with the weights of epoch %2.")
                        .arg(accuracyText(*event.testAccuracy))
                        .arg(event.bestEpoch);
        if (event.testTop5)
            line += LogPage::tr(" The class is among the five likeliest in %1.")
                        .arg(accuracyText(*event.testTop5));
        return line;
    }
    template <class Other>
    QString operator()(const Other&) const
    {
        return {};
    }
};

} // namespace

QString logLine(const Event& event)
{
    return std::visit(Lines{}, event);
}

LogPage::LogPage(Bridge& bridge, QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("logPage"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::large, space::medium, space::large, space::large);
    m_text = new QPlainTextEdit;
    m_text->setObjectName(QStringLiteral("log"));
    m_text->setAccessibleName(tr("Log"));
    m_text->setProperty("kind", "code");
    m_text->setReadOnly(true);
    m_text->setMaximumBlockCount(mostLines);
    m_text->setTabChangesFocus(true);
    m_text->setPlaceholderText(tr("Nothing has happened yet."));
    column->addWidget(m_text);
    connect(&bridge, &Bridge::runStarted, this,
            [this](const std::filesystem::path& folder) { addLine(tr("Run %1").arg(text(shown(folder)))); });
    connect(&bridge, &Bridge::eventsArrived, this, [this](const std::vector<Event>& events) {
        for (const Event& event : events)
            if (const QString line = logLine(event); !line.isEmpty())
                addLine(line);
    });
    connect(&bridge, &Bridge::engineReady, this, [this](const EngineInfo& info) {
        addLine(tr("%1 %2 is loaded.").arg(text(info.name), text(info.version)));
    });
    connect(&bridge, &Bridge::engineFailed, this, &LogPage::addLine);
    connect(&bridge, &Bridge::runRefused, this, &LogPage::addLine);
    connect(&bridge, &Bridge::catalogueReady, this, [this, &bridge] {
        for (const Error& problem : bridge.catalogue().problems)
            addLine(text(problem.message));
    });
}

void LogPage::addLine(const QString& line)
{
    m_text->appendPlainText(QTime::currentTime().toString(QStringLiteral("HH:mm:ss  ")) + line);
}

} // namespace torchdesk
