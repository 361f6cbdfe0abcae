// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/classifier.h"

#include "core/model/softmax.h"

namespace torchdesk {

struct Classifier::Opened
{
    std::shared_ptr<Predictor> predictor;
    OpenedRun run;
};

Classifier::Classifier(QObject* parent) : QObject(parent) {}

void Classifier::open(std::shared_ptr<Engine> engine, const std::filesystem::path& run)
{
    const auto work = [engine = std::move(engine), run](std::stop_token) -> Expected<Opened> {
        auto opened = openRun(run, Weights::Best);
        if (!opened)
            return failure(opened);
        auto predictor =
            engine->open(opened->model.model, opened->model.preprocessing, opened->weights, "cpu");
        if (!predictor)
            return failure(predictor);
        return Opened{std::move(*predictor), std::move(*opened)};
    };
    m_worker.run("open", work, [this](Expected<Opened> opened) { take(std::move(opened)); });
}

void Classifier::take(Expected<Opened> opened)
{
    if (!opened) {
        Q_EMIT failed(QString::fromStdString(opened.error().message));
        return;
    }
    m_predictor = std::move(opened->predictor);
    m_model = std::move(opened->run.model);
    m_run = opened->run.folder;
    m_epoch = opened->run.epoch;
    Q_EMIT this->opened();
}

void Classifier::classify(const Picture& picture)
{
    request([picture]() -> Expected<Picture> { return picture; });
}

void Classifier::classifyFile(const std::filesystem::path& file)
{
    request([file, wish = wishFor(m_model.preprocessing)] { return readPicture(file, wish); });
}

void Classifier::request(std::function<Expected<Picture>()> picture)
{
    if (!m_predictor)
        return;
    const auto work = [picture = std::move(picture), predictor = m_predictor,
                       preprocessing = m_model.preprocessing](std::stop_token) -> Expected<Classification> {
        const auto decoded = picture();
        if (!decoded)
            return failure(decoded);
        Classification result;
        result.sample = toSample(*decoded, preprocessing);
        const auto logits = predictor->logits(result.sample, 1);
        if (!logits)
            return failure(logits);
        result.probabilities = softmax(*logits);
        return result;
    };
    m_worker.run("classify", work, [this](const Expected<Classification>& result) {
        if (result)
            Q_EMIT classified(*result);
        else
            Q_EMIT failed(QString::fromStdString(result.error().message));
    });
}

} // namespace torchdesk
