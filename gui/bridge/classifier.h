// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/pictures/picture.h"
#include "core/predict/predictions.h"
#include "core/run/runfolder.h"
#include "core/session/engine.h"
#include "gui/bridge/worker.h"

#include <QObject>
#include <QString>

namespace torchdesk {

/// What a network says of one picture.
struct Classification
{
    std::vector<float> probabilities; ///< one a class
    std::vector<std::uint8_t> sample; ///< the picture as the network saw it: channels × height × width
};

/// Opens the best weights of a run and classifies pictures with them, on a thread of its own. The newest
/// request wins, so that it may be asked with every stroke of a pen. GUI thread only.
class Classifier final : public QObject
{
    Q_OBJECT

public:
    explicit Classifier(QObject* parent = nullptr);

    /// Opens the run's weights; answers with opened() or failed(). The one open before stays until then.
    void open(std::shared_ptr<Engine> engine, const std::filesystem::path& run);
    bool isOpen() const { return m_predictor != nullptr; }
    const RunModel& model() const { return m_model; }
    const std::filesystem::path& run() const { return m_run; }
    std::int64_t epoch() const { return m_epoch; }

    void classify(const Picture& picture);
    /// Decodes the file first.
    void classifyFile(const std::filesystem::path& file);

    /// Looks at all pictures of these files and folders, after what ran before was stopped. Answers with
    /// found(), then predicted() as they come, then predictedAll().
    void predict(const std::vector<std::filesystem::path>& places);
    void stopPredicting();
    bool predicting() const { return m_predicting; }
    /// Writes a table as CSV, its classes named by \p classes; answers with saved().
    void save(const std::vector<PicturePrediction>& predictions, const std::vector<std::string>& classes,
              const std::filesystem::path& file);

Q_SIGNALS:
    void opened();
    void failed(const QString& text);
    void classified(const torchdesk::Classification& result);
    void found(int pictures);
    void predicted(const std::vector<torchdesk::PicturePrediction>& some);
    void predictedAll(const QString& problem); ///< "" where all were looked at, also after a stop
    void saved(const QString& file, const QString& problem);

private:
    struct Opened;
    void take(Expected<Opened> opened);
    void request(std::function<Expected<Picture>()> picture);

    std::shared_ptr<Predictor> m_predictor;
    RunModel m_model;
    std::filesystem::path m_run;
    std::int64_t m_epoch = 0;
    bool m_predicting = false;
    CallQueue m_calls; ///< what predict() finds while it runs
    Worker m_worker;
};

} // namespace torchdesk
