// SPDX-License-Identifier: GPL-3.0-or-later
// Many pictures at once.
#include "core/base/files.h"
#include "core/predict/picturefiles.h"
#include "gui/bridge/classifier.h"

#include <utility>

namespace torchdesk {

namespace {

Expected<std::vector<std::filesystem::path>> allAt(const std::vector<std::filesystem::path>& places,
                                                   const std::stop_token& stop)
{
    std::vector<std::filesystem::path> files;
    for (const auto& place : places) {
        const auto some = picturesAt(place, stop);
        if (!some)
            return failure(some);
        files.insert(files.end(), some->begin(), some->end());
    }
    return files;
}

} // namespace

void Classifier::predict(const std::vector<std::filesystem::path>& places)
{
    if (!m_predictor)
        return;
    m_worker.cancel("predict");
    m_predicting = true;
    const auto work = [this, places, predictor = m_predictor,
                       preprocessing = m_model.preprocessing](std::stop_token stop) -> Expected<void> {
        const auto files = allAt(places, stop);
        if (!files)
            return failure(files);
        // What comes after a stop finds nobody.
        const auto tell = [this, stop](std::function<void()> answer) {
            m_calls.post([stop, answer = std::move(answer)] {
                if (!stop.stop_requested())
                    answer();
            });
        };
        tell([this, count = static_cast<int>(files->size())] { Q_EMIT found(count); });
        const auto take = [this, tell](const std::vector<PicturePrediction>& some) {
            tell([this, some] { Q_EMIT predicted(some); });
        };
        return predictPictures(*predictor, preprocessing, *files, take, stop);
    };
    m_worker.run("predict", work, [this](const Expected<void>& done) {
        m_predicting = false;
        Q_EMIT predictedAll(done ? QString() : QString::fromStdString(done.error().message));
    });
}

void Classifier::stopPredicting()
{
    if (!std::exchange(m_predicting, false))
        return;
    m_worker.cancel("predict");
    Q_EMIT predictedAll({});
}

void Classifier::save(const std::vector<PicturePrediction>& predictions,
                      const std::vector<std::string>& classes, const std::filesystem::path& file)
{
    const auto work = [predictions, classes, file](std::stop_token) {
        return writeAtomically(file, predictionsCsv(predictions, classes));
    };
    m_worker.run("save", work, [this, file](const Expected<void>& written) {
        Q_EMIT saved(QString::fromStdString(pathText(file)),
                     written ? QString() : QString::fromStdString(written.error().message));
    });
}

} // namespace torchdesk
