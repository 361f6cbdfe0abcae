// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/enginetestsupport.h"

#include "core/data/syntheticdigits.h"
#include "core/engine/libtorchengine.h"
#include "core/model/catalogue.h"
#include "tests/support/testsupport.h"

namespace torchdesk::test {

namespace {

std::shared_ptr<const SampleStore> drawn(bool test, std::int64_t count)
{
    std::vector<std::uint8_t> samples(static_cast<std::size_t>(count) * 784);
    std::vector<std::int64_t> labels;
    for (std::int64_t i = 0; i < count; ++i) {
        const auto number = static_cast<std::uint32_t>(i);
        drawDigit(test, number, std::span(samples).subspan(static_cast<std::size_t>(i) * 784, 784));
        labels.push_back(drawnLabel(test, number));
    }
    return std::make_shared<ResidentStore>(std::move(samples), std::move(labels));
}

TrainingJob jobOf(LoweredModel model, std::int64_t trainCount, std::int64_t testCount, std::int64_t epochs)
{
    TrainingJob job;
    job.plan.epochs = epochs;
    job.plan.batchSize = 32;
    job.plan.device = "cpu";
    job.plan.threads = 1;
    job.model = std::move(model);
    job.data = smallDigits(trainCount, testCount);
    job.split = must(makeSplit(job.plan, trainCount));
    job.preprocessing.shape = job.data.description.shape;
    job.plan.recipe.step = "eager";
    return job;
}

} // namespace

void CollectingSink::put(Event event) noexcept
{
    if (onPut)
        onPut(event);
    {
        const std::scoped_lock lock(m_mutex);
        m_events.push_back(std::move(event));
    }
    m_changed.notify_all();
}

bool CollectingSink::waitUntil(const std::function<bool(const std::vector<Event>&)>& reached)
{
    std::unique_lock lock(m_mutex);
    return m_changed.wait_for(lock, std::chrono::seconds(120), [&] { return reached(m_events); });
}

bool CollectingSink::waitForFinished()
{
    return waitUntil([](const std::vector<Event>& events) {
        return !events.empty() && std::holds_alternative<Finished>(events.back());
    });
}

std::vector<Event> CollectingSink::events()
{
    const std::scoped_lock lock(m_mutex);
    return m_events;
}

std::vector<float> CollectingSink::losses()
{
    std::vector<float> losses;
    for (const StepsDone& steps : all<StepsDone>())
        losses.insert(losses.end(), steps.losses.begin(), steps.losses.end());
    return losses;
}

DataSet smallDigits(std::int64_t trainCount, std::int64_t testCount)
{
    DataSet data;
    data.description = drawnDigitsDescription();
    data.description.trainCount = trainCount;
    data.description.testCount = testCount;
    data.train = drawn(false, trainCount);
    data.test = drawn(true, testCount);
    return data;
}

LoweredModel lowered(const std::string& body, const Shape& input, std::int64_t classes)
{
    const Json json = Json::parse(R"({"format": 1, "label": "Test", "help": "A test.", "input": )" +
                                  Json(input).dump() + R"(, "classes": )" + std::to_string(classes) +
                                  R"(, "body": {"kind": "sequential", "layers": )" + body + "}}");
    return must(lower(must(modelFromJson(json, "test", "test.json")), input, classes));
}

LoweredModel lenet()
{
    return must(lower(must(findModel("lenet")), {1, 28, 28}, 10));
}

TrainingJob lenetJob(std::int64_t trainCount, std::int64_t testCount, std::int64_t epochs)
{
    return jobOf(lenet(), trainCount, testCount, epochs);
}

TrainingJob denseJob(std::int64_t trainCount, std::int64_t testCount, std::int64_t epochs)
{
    const std::string body = R"([{"kind": "flatten"}, {"kind": "linear", "name": "fc1", "features": 16},
        {"kind": "relu"}, {"kind": "dropout", "p": 0.25}, {"kind": "linear", "name": "fc2", "features": "classes"}])";
    return jobOf(lowered(body, {1, 28, 28}, 10), trainCount, testCount, epochs);
}

std::shared_ptr<CollectingSink> trained(const TrainingJob& job, const std::vector<Command>& commands)
{
    auto sink = std::make_shared<CollectingSink>();
    auto trainer = must(LibTorchEngine().createTrainer(job, sink));
    for (const Command& command : commands)
        trainer->post(command);
    if (!sink->waitForFinished())
        qFatal("The training did not end");
    return sink;
}

} // namespace torchdesk::test
