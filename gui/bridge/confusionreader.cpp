// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/confusionreader.h"

#include "core/base/files.h"
#include "core/data/catalogue.h"
#include "core/run/runfolder.h"
#include "core/session/trainingjob.h"

#include <set>

namespace torchdesk {

namespace {

Expected<RunConfusion> readRunConfusion(const std::filesystem::path& run)
{
    auto matrix = readConfusion(run);
    if (!matrix)
        return failure(matrix);
    const std::filesystem::path file = run / "model.json";
    auto model = readText(file)
                     .and_then([&](const std::string& text) { return parseJson(text, shown(file)); })
                     .and_then([&](const Json& json) { return runModelFromJson(json, shown(file)); });
    if (!model)
        return failure(model);
    return RunConfusion{std::move(*matrix), std::move(model->classes)};
}

Expected<RunMistakes> findRunMistakes(Engine& engine, const std::filesystem::path& run,
                                      const Progress& progress, const std::stop_token& stop)
{
    const auto opened = openRun(run, Weights::Best);
    if (!opened)
        return failure(opened);
    // Of the plan only the data: what the run began with may be gone.
    const auto data = openData(requestFor(opened->record.plan, opened->model.model.input), {}, stop);
    if (!data)
        return failure(data);
    if (data->description.fingerprint != opened->record.dataFingerprint)
        return failure(ErrorKind::InvalidInput,
                       "The data has changed since the run: its pictures would be other ones.");
    if (!data->test)
        return failure(ErrorKind::NotFound, "The run's data has no test pictures.");
    auto predictor = engine.open(opened->model.model, opened->model.preprocessing, opened->weights, "cpu");
    if (!predictor)
        return failure(predictor);
    auto mistakes = findMistakes(**predictor, *data->test, data->description.shape, progress, stop);
    if (!mistakes)
        return failure(mistakes);
    // Pictures that could not be decoded are in the store, but were not tested.
    const std::vector<std::int64_t> tested = testSamples(*data);
    const std::set<std::int64_t> known(tested.begin(), tested.end());
    std::erase_if(*mistakes, [&](const Mistake& mistake) { return !known.contains(mistake.index); });
    return RunMistakes{std::move(*mistakes), *data};
}

} // namespace

ConfusionReader::ConfusionReader(QObject* parent) : QObject(parent) {}

void ConfusionReader::read(const std::filesystem::path& run)
{
    stop();
    const auto work = [run](std::stop_token) { return readRunConfusion(run); };
    m_worker.run("read", work, [this](const Expected<RunConfusion>& read) {
        if (read)
            Q_EMIT matrixRead(*read);
        else
            Q_EMIT unreadable(QString::fromStdString(read.error().message));
    });
}

void ConfusionReader::findMistakes(std::shared_ptr<Engine> engine, const std::filesystem::path& run)
{
    const auto work = [this, engine = std::move(engine), run](std::stop_token stop) {
        const Progress progress = [this, stop](double share, const std::string&) {
            m_calls.post([this, stop, share] {
                if (!stop.stop_requested())
                    Q_EMIT progressed(share);
            });
        };
        return findRunMistakes(*engine, run, progress, stop);
    };
    m_worker.run("mistakes", work, [this](const Expected<RunMistakes>& mistakes) {
        if (mistakes)
            Q_EMIT found(*mistakes);
        else
            Q_EMIT notFound(QString::fromStdString(mistakes.error().message));
    });
}

void ConfusionReader::stop()
{
    m_worker.cancel("read");
    m_worker.cancel("mistakes");
}

} // namespace torchdesk
