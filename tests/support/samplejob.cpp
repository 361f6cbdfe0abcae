// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/samplejob.h"

#include "core/data/preprocessing.h"
#include "core/model/catalogue.h"
#include "tests/support/testsupport.h"

#include <numeric>

namespace torchdesk::test {

namespace {

std::shared_ptr<const SampleStore> store(std::int64_t count)
{
    std::vector<std::int64_t> labels;
    for (std::int64_t i = 0; i < count; ++i)
        labels.push_back(i % 10);
    return std::make_shared<ResidentStore>(
        std::vector<std::uint8_t>(static_cast<std::size_t>(count) * 28 * 28, 7), std::move(labels));
}

DataSet sampleData(std::int64_t train, std::int64_t test)
{
    DataSet data;
    data.description.name = "sample-digits";
    data.description.label = "Sample digits";
    data.description.classes = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    data.description.shape = {1, 28, 28};
    data.description.trainCount = train;
    data.description.testCount = test;
    data.description.fingerprint = "0000";
    data.train = store(train);
    data.test = store(test);
    return data;
}

} // namespace

TrainingJob sampleJob(std::int64_t epochs, std::int64_t steps)
{
    TrainingJob job;
    job.plan.epochs = epochs;
    job.plan.batchSize = 4;
    job.data = sampleData(steps * 4 + 4, 4);
    const auto file = findModel("lenet");
    const auto model = file ? lower(*file, {1, 28, 28}, 10) : failure(file);
    if (!model)
        qFatal("%s", model.error().message.c_str());
    job.model = *model;
    job.split.train.resize(static_cast<std::size_t>(steps) * 4);
    std::iota(job.split.train.begin(), job.split.train.end(), std::int64_t{0});
    job.split.validation.resize(4);
    std::iota(job.split.validation.begin(), job.split.validation.end(), steps * 4);
    job.preprocessing = preprocessingFor(job.data.description);
    return job;
}

} // namespace torchdesk::test
