// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/folderfacts.h"

#include "core/data/catalogue.h"
#include "core/data/classbalance.h"

namespace torchdesk {

Expected<std::shared_ptr<const FolderFacts>> folderFacts(const std::string& data, const Shape& modelInput,
                                                         const std::shared_ptr<const FolderFacts>& known,
                                                         const Progress& progress, std::stop_token stop)
{
    const auto scan = picturesAt(data, progress, std::move(stop));
    if (!scan)
        return failure(scan);
    if (!*scan)
        return nullptr;
    if (known && known->scan == *scan && known->data == data && known->modelInput == modelInput)
        return known;
    auto facts = std::make_shared<FolderFacts>();
    facts->data = data;
    facts->scan = *scan;
    facts->statistics = statisticsOf(**scan);
    facts->notices = noticesOf(**scan, facts->statistics);
    facts->modelInput = modelInput;
    return facts;
}

std::vector<ClassParts> classParts(const TrainingJob& job)
{
    std::vector<ClassParts> parts;
    for (const std::string& name : job.data.description.classes)
        parts.push_back({name});
    const auto count = [&parts](const std::vector<std::int64_t>& samples, const SampleStore* store,
                                std::int64_t ClassParts::*member) {
        if (!store)
            return;
        const auto counts = classCounts(store->labels(), samples, parts.size());
        for (std::size_t label = 0; label < parts.size(); ++label)
            parts[label].*member = counts[label];
    };
    count(job.split.train, job.data.train.get(), &ClassParts::train);
    count(job.split.validation, job.data.train.get(), &ClassParts::validation);
    count(testSamples(job.data), job.data.test.get(), &ClassParts::test);
    return parts;
}

} // namespace torchdesk
