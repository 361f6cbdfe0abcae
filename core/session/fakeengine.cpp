// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/fakeengine.h"

#include "core/base/text.h"
#include "core/formats/safetensors.h"
#include "core/session/fakepredictor.h"
#include "core/session/faketrainer.h"

#include <algorithm>
#include <condition_variable>
#include <cstdlib>

namespace torchdesk {

namespace {

/// False where \p stop came first.
bool waitFor(double seconds, std::stop_token stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, std::chrono::duration<double>(seconds), [] { return false; });
    return !stop.stop_requested();
}

Error scripted(const std::string& message)
{
    return Error{ErrorKind::Device, message, {}};
}

} // namespace

FakeEngine::FakeEngine(FakeScript script) : m_script(std::move(script)) {}

EngineInfo FakeEngine::info() const
{
    return EngineInfo{"Fake", "1", "baseline", "", "This engine only pretends, so it uses no graphics card."};
}

std::vector<DeviceInfo> FakeEngine::devices() const
{
    return {DeviceInfo{"cpu", "A made-up processor", 8'000'000'000, 4'000'000'000, ""}};
}

Expected<void> FakeEngine::check(const TrainingJob& job)
{
    if (m_script.checkFails)
        return tl::unexpected(*m_script.checkFails);
    if (job.plan.device != "auto" && job.plan.device != "cpu")
        return failure(ErrorKind::Device,
                       "device: found \"" + shortened(job.plan.device, 60) +
                           "\", but there is only the processor: choose \"cpu\" or \"auto\".");
    return {};
}

Expected<Measurement> FakeEngine::measure(const TrainingJob& job, std::stop_token stop)
{
    if (const auto checked = check(job); !checked)
        return failure(checked);
    if (!waitFor(3 * m_script.secondsPerStep, stop))
        return failure(ErrorKind::Cancelled, "The measurement was cancelled.");
    Measurement measured;
    measured.secondsPerEpoch =
        m_script.secondsPerStep * static_cast<double>(job.stepsPerEpoch()) + m_script.validationSeconds;
    measured.secondsInAll = measured.secondsPerEpoch * static_cast<double>(job.plan.epochs);
    measured.device = "cpu";
    return measured;
}

Expected<std::unique_ptr<Trainer>> FakeEngine::createTrainer(TrainingJob job, std::shared_ptr<EventSink> sink)
{
    if (m_script.createFails)
        return tl::unexpected(*m_script.createFails);
    if (const auto checked = check(job); !checked)
        return failure(checked);
    return std::make_unique<FakeTrainer>(std::move(job), m_script, std::move(sink));
}

Expected<std::unique_ptr<Predictor>> FakeEngine::open(const LoweredModel& model,
                                                      const Preprocessing& preprocessing,
                                                      const std::vector<NamedTensor>& tensors,
                                                      const std::string&)
{
    return openFakePredictor(model, preprocessing, tensors);
}

Expected<Bytes> FakeEngine::toStateDict(const std::vector<NamedTensor>& tensors)
{
    std::vector<std::string> names;
    for (const NamedTensor& tensor : tensors)
        names.push_back(tensor.name);
    return writeSafetensors(tensors, {{"order", joined(names, "\n")}});
}

Expected<std::vector<NamedTensor>> FakeEngine::fromStateDict(std::span<const std::byte> bytes,
                                                             const std::string& source)
{
    auto file = readSafetensors(bytes, source);
    if (!file)
        return failure(file);
    const std::vector<std::string> order = splitText(file->metadata["order"], '\n');
    const auto place = [&order](const NamedTensor& tensor) {
        return std::find(order.begin(), order.end(), tensor.name) - order.begin();
    };
    std::stable_sort(file->tensors.begin(), file->tensors.end(),
                     [&](const NamedTensor& a, const NamedTensor& b) { return place(a) < place(b); });
    return std::move(file->tensors);
}

Expected<FakeScript> fakeScriptFromJson(const Json& json)
{
    constexpr std::int64_t most = std::int64_t{1} << 40;
    FakeScript script;
    std::int64_t nanAt = 0;
    std::int64_t failAt = 0;
    std::string checkFails;
    std::string createFails;
    JsonReader reader(json, "TORCHDESK_FAKE_SCRIPT");
    reader.read("seconds_per_step", script.secondsPerStep);
    reader.read("steps_per_event", script.stepsPerEvent, 1, most);
    reader.read("nan_at_step", nanAt, 1, most);
    reader.read("fail_at_step", failAt, 1, most);
    reader.read("failure", script.failure);
    reader.read("validation_seconds", script.validationSeconds);
    reader.read("weight_bytes", script.weightBytes, 0, most);
    reader.read("check_fails", checkFails);
    reader.read("create_fails", createFails);
    if (const auto read = reader.finish(); !read)
        return failure(read);
    if (nanAt > 0)
        script.nanAtStep = nanAt;
    if (failAt > 0)
        script.failAtStep = failAt;
    if (!checkFails.empty())
        script.checkFails = scripted(checkFails);
    if (!createFails.empty())
        script.createFails = scripted(createFails);
    return script;
}

Expected<FakeScript> fakeScriptFromEnvironment()
{
    const char* variable = std::getenv("TORCHDESK_FAKE_SCRIPT");
    if (!variable || !*variable)
        return FakeScript{};
    std::string text = trimmed(variable);
    if (!text.starts_with('{')) {
        auto content = readText(text);
        if (!content)
            return failure(content);
        text = std::move(*content);
    }
    const auto json = parseJson(text, "TORCHDESK_FAKE_SCRIPT");
    if (!json)
        return failure(json);
    return fakeScriptFromJson(*json);
}

} // namespace torchdesk
