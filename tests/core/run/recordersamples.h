// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/eventfile.h"
#include "core/model/catalogue.h"
#include "core/run/recorder.h"
#include "tests/core/run/runsamples.h"
#include "tests/support/testsupport.h"

#include <mutex>

/// Runs as the tests of the recorder write them.
namespace torchdesk::test {

inline RunModel sampleModel()
{
    RunModel model;
    model.model = lower(findModel("lenet").value(), {1, 28, 28}, 10).value();
    model.classes = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "neun"};
    model.preprocessing.shape = {1, 28, 28};
    model.preprocessing.mean = {0.1307};
    return model;
}

inline RunRecord newRecord()
{
    RunRecord record = finishedRecord();
    record.epochs.clear();
    record.started.reset();
    record.finished.reset();
    record.startedAt = record.endedAt = 0;
    return record;
}

inline StepsDone stepsOf(std::int64_t epoch, std::int64_t firstStep, int count)
{
    StepsDone steps;
    steps.epoch = epoch;
    steps.firstStep = firstStep;
    steps.learningRate = 0.001;
    for (int i = 0; i < count; ++i) {
        steps.losses.push_back(1.0F / static_cast<float>(firstStep + i));
        steps.accuracies.push_back(0.5F);
        steps.seconds.push_back(0.01F);
    }
    return steps;
}

using Recorder = std::unique_ptr<RunRecorder>;

/// Ten steps, figures and a snapshot.
inline void recordEpoch(RunRecorder& recorder, std::int64_t epoch, bool best)
{
    recorder.record(stepsOf(epoch, epoch * 10 - 9, 10));
    recorder.record(epochOf(epoch, 0.5, best));
    recorder.record(SnapshotReady{snapshotOf(epoch, epoch * 10, best)});
}

inline std::vector<ScalarPoint> pointsOf(const std::filesystem::path& folder, const std::string& tag)
{
    std::vector<ScalarPoint> points;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
        EventFileReader reader(entry.path());
        const auto read = reader.poll();
        for (const ScalarPoint& point : read.value()) {
            if (point.tag == tag)
                points.push_back(point);
        }
    }
    return points;
}

struct Notices
{
    std::mutex mutex;
    std::vector<Notice> all;

    std::function<void(Notice)> taker()
    {
        return [this](Notice notice) {
            const std::lock_guard lock(mutex);
            all.push_back(std::move(notice));
        };
    }
    std::size_t warnings()
    {
        const std::lock_guard lock(mutex);
        return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const Notice& notice) {
            return notice.severity == Notice::Severity::Warning;
        }));
    }
};

} // namespace torchdesk::test
