// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/formtext.h"

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/plan/options.h"
#include "gui/widgets/sentences.h"

#include <QCoreApplication>
#include <QStringList>
#include <iterator>

namespace torchdesk {

namespace {

/// The context of this file's strings, for translators.
struct FormText
{
    Q_DECLARE_TR_FUNCTIONS(NewRunForm)
};

/// One part of the summary; bold with a dot where one of its options differs from the preset.
QString part(const QString& text, const TrainingPlan& plan, const TrainingPlan& base,
             std::initializer_list<const char*> ids)
{
    for (const char* id : ids) {
        const Option* option = findOption(id);
        if (option && option->get(plan) != option->get(base))
            return QStringLiteral("<b>%1 •</b>").arg(text.toHtmlEscaped());
    }
    return text.toHtmlEscaped();
}

QString optimizerLabel(const TrainingPlan& plan)
{
    for (const OptionChoice& choice : findOption("optimizer")->choices)
        if (choice.value == plan.optimizer)
            return tableText(choice.label);
    return QString::fromStdString(plan.optimizer);
}

QString dataNote(const DataEntry& entry)
{
    if (entry.available)
        return {};
    return entry.downloadBytes > 0
               ? FormText::tr("download %1").arg(QString::fromStdString(byteSize(entry.downloadBytes)))
               : FormText::tr("not found");
}

/// What it is, from where, under which licence, and where it lies.
QString dataHelp(const DataEntry& entry)
{
    const DataDescription& data = entry.description;
    QStringList sentences = {QString::fromStdString(data.summary)};
    if (!data.source.empty())
        sentences << FormText::tr("Source: %1. Licence: %2")
                         .arg(QString::fromStdString(data.source), QString::fromStdString(data.licence));
    if (!entry.available && entry.downloadBytes > 0)
        sentences << FormText::tr("Not here yet: %1 to download")
                         .arg(QString::fromStdString(byteSize(entry.downloadBytes)));
    else if (!entry.available)
        return QString::fromStdString(entry.hint);
    return sentences.join(FormText::tr(". ")) + FormText::tr(".");
}

} // namespace

QString tableText(const std::string& text)
{
    return QCoreApplication::translate("OptionTable", text.c_str());
}

std::vector<Offer> modelOffers(const Catalogue& catalogue)
{
    std::vector<Offer> offers;
    for (const ModelFile& model : catalogue.models)
        offers.push_back({QString::fromStdString(model.name),
                          QString::fromStdString(model.label),
                          {},
                          QString::fromStdString(model.help)});
    return offers;
}

std::vector<Offer> dataOffers(const Catalogue& catalogue)
{
    std::vector<Offer> offers;
    for (const DataEntry& entry : catalogue.data)
        offers.push_back({QString::fromStdString(entry.description.name),
                          QString::fromStdString(entry.description.label), dataNote(entry), dataHelp(entry)});
    return offers;
}

std::vector<Offer> deviceOffers(const std::vector<DeviceInfo>& devices)
{
    std::vector<Offer> offers = {{QStringLiteral("auto"),
                                  FormText::tr("Automatic"),
                                  {},
                                  FormText::tr("The device with the most free memory.")}};
    for (const DeviceInfo& device : devices) {
        const QString name = QString::fromStdString(device.id + " " + device.label);
        const QString label =
            device.freeMemory == 0
                ? name
                : FormText::tr("%1, %2 free").arg(name, QString::fromStdString(byteSize(device.freeMemory)));
        offers.push_back({QString::fromStdString(device.id), label, {}, {}});
    }
    return offers;
}

QString settingsSummary(const TrainingPlan& plan, const TrainingPlan& base,
                        const std::vector<std::string>& seen)
{
    QStringList parts;
    parts << part(optimizerLabel(plan) + QLatin1Char(' ') + QString::fromStdString(toText(plan.learningRate)),
                  plan, base, {"optimizer", "learning_rate"});
    parts << part(FormText::tr("batch %1").arg(plan.batchSize), plan, base, {"batch_size"});
    parts << part(FormText::tr("seed %1").arg(plan.seed), plan, base, {"seed"});
    std::vector<std::string> told = {"model",     "data",          "epochs",     "device",
                                     "optimizer", "learning_rate", "batch_size", "seed"};
    told.insert(told.end(), seen.begin(), seen.end());
    const std::string rest = differences(plan, base, told);
    if (!rest.empty())
        parts << QStringLiteral("<b>%1 •</b>").arg(QString::fromStdString(rest).toHtmlEscaped());
    return parts.join(QStringLiteral(", "));
}

QString refusalText(const QString& sentence)
{
    constexpr int shortEnough = 120;
    const auto opening = openingOf(sentence, shortEnough);
    return opening ? FormText::tr("%1. More stands above Train.").arg(*opening) : sentence;
}

QString missingFolderText(const std::string& folder)
{
    return FormText::tr("%1 holds no data set that is known by its files. More stands above Train.")
        .arg(QString::fromStdString(shown(std::filesystem::path(folder))));
}

QString dataCountsText(const TrainingJob& job)
{
    QStringList counts = {QString::fromStdString(grouped(std::ssize(job.split.train)))};
    if (!job.split.validation.empty())
        counts << QString::fromStdString(grouped(std::ssize(job.split.validation)));
    counts << QString::fromStdString(grouped(std::ssize(testSamples(job.data))));
    return counts.join(QStringLiteral(" + "));
}

} // namespace torchdesk
