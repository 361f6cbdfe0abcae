// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"
#include "core/predict/mistakes.h"
#include "core/run/confusion.h"
#include "gui/bridge/worker.h"

#include <QObject>
#include <QString>
#include <filesystem>

namespace torchdesk {

/// What a run's best weights made of its test data, as it stands in the run.
struct RunConfusion
{
    ConfusionMatrix matrix;
    std::vector<std::string> classes;
};

/// The test pictures that were taken for another class, with the data that they are of.
struct RunMistakes
{
    std::vector<Mistake> mistakes; ///< the surest first
    DataSet data;
};

/// Reads a run's confusion matrix and finds its wrong pictures, on a thread of its own. GUI thread only.
class ConfusionReader final : public QObject
{
    Q_OBJECT

public:
    explicit ConfusionReader(QObject* parent = nullptr);

    /// Answers with read() or unreadable(); what was asked for another run is dropped.
    void read(const std::filesystem::path& run);
    /// Opens the run's data and best weights and looks at all test pictures again; answers with found() or
    /// notFound().
    void findMistakes(std::shared_ptr<Engine> engine, const std::filesystem::path& run);
    void stop();

Q_SIGNALS:
    void matrixRead(const torchdesk::RunConfusion& confusion);
    void unreadable(const QString& text);
    void progressed(double share);
    void found(const torchdesk::RunMistakes& mistakes);
    void notFound(const QString& text);

private:
    CallQueue m_calls; ///< how far the search is
    Worker m_worker;
};

} // namespace torchdesk
