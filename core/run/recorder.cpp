// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/recorder.h"

#include "core/base/clock.h"
#include "core/run/checkpointwriter.h"
#include "core/run/loglines.h"
#include "core/run/runjson.h"
#include "core/run/runlog.h"
#include "core/run/scalarlog.h"
#include "core/run/writetrouble.h"

#include <chrono>
#include <numeric>
#include <optional>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;

// Whoever watches the files sees a point at most this late.
constexpr auto flushTime = std::chrono::seconds(1);
constexpr std::size_t flushSteps = 500;

/// "models/my-net.json" is "my-net".
std::string stem(const std::string& nameOrPath)
{
    const fs::path path(nameOrPath);
    const fs::path name = path.has_filename() ? path.filename() : path.parent_path().filename();
    return name.extension() == ".json" ? name.stem().string() : name.string();
}

RunRecord completed(RunRecord record)
{
    if (record.name.empty())
        record.name = stem(record.plan.model) + "-" + stem(record.plan.data);
    if (record.startedAt == 0)
        record.startedAt = wallSeconds();
    return record;
}

} // namespace

struct RunRecorder::Impl
{
    Impl(fs::path runFolder, RunLock taken, RunRecord begun, std::function<void(Notice)> told)
        : folder(std::move(runFolder)), lock(std::move(taken)), content(std::move(begun)),
          notice(std::move(told)), trouble([this](const Notice& said) { say(said); }),
          train(folder / "train"), validation(folder / "validation"),
          checkpoints(
              folder, [this](const Error& error) { trouble.note("checkpoints", tl::unexpected(error)); },
              [this] { trouble.note("checkpoints", {}); })
    {}

    fs::path folder;
    std::optional<RunLock> lock;
    RunRecord content;
    std::function<void(Notice)> notice;
    RunLog log;
    WriteTrouble trouble;
    ScalarLog train;
    ScalarLog validation;
    CheckpointWriter checkpoints;    ///< its thread ends first
    std::optional<Finished> outcome; ///< goes into run.json when the weights are on disk
    Error problem;                   ///< the last one of a flush
    bool recordDue = false;          ///< run.json is older than content
    std::size_t stepsWaiting = 0;
    Clock::time_point flushed = Clock::now();

    /// Any thread.
    void say(const Notice& said)
    {
        log.add(logLine(said));
        if (notice)
            notice(said);
    }

    Expected<void> saveRecord()
    {
        const auto saved = writeAtomically(folder / "run.json", fileText(toJson(content)));
        recordDue = !saved;
        return saved;
    }

    void flush()
    {
        stepsWaiting = 0;
        flushed = Clock::now();
        note("train", train.flush());
        note("validation", validation.flush());
        if (recordDue)
            note("run.json", saveRecord());
        note("log.txt", log.flush());
    }

    void note(const std::string& part, const Expected<void>& result)
    {
        if (!result)
            problem = result.error();
        trouble.note(part, result);
    }

    void flushWhenDue()
    {
        const bool late = Clock::now() - flushed >= flushTime;
        const bool many =
            stepsWaiting >= flushSteps && !trouble.any(); // a full disk is not asked all the time
        if (late || many)
            flush();
    }

    void take(const Started& started)
    {
        content.started = started;
        recordDue = true;
        flush();
    }

    void take(const StepsDone& steps)
    {
        double wallTime = wallSeconds() - std::accumulate(steps.seconds.begin(), steps.seconds.end(), 0.0);
        for (std::size_t i = 0; i < steps.losses.size(); ++i) {
            const std::int64_t step = steps.firstStep + static_cast<std::int64_t>(i);
            wallTime += i < steps.seconds.size() ? static_cast<double>(steps.seconds[i]) : 0.0;
            train.add({"loss", step, wallTime, steps.losses[i]});
            if (i < steps.accuracies.size())
                train.add({"accuracy", step, wallTime, steps.accuracies[i]});
            train.add({"learning_rate", step, wallTime, static_cast<float>(steps.learningRate)});
        }
        stepsWaiting += steps.losses.size();
    }

    void take(const EpochDone& epoch)
    {
        content.epochs.push_back(epoch);
        recordDue = true;
        const double now = wallSeconds();
        if (epoch.validationLoss)
            validation.add({"loss", epoch.lastStep, now, static_cast<float>(*epoch.validationLoss)});
        if (epoch.validationAccuracy)
            validation.add({"accuracy", epoch.lastStep, now, static_cast<float>(*epoch.validationAccuracy)});
        flush();
    }

    void take(const SnapshotReady& ready)
    {
        if (ready.snapshot)
            checkpoints.write(ready.snapshot);
    }

    void take(const Finished& finished)
    {
        outcome = finished;
        flush();
    }

    void take(const StateChanged&) {}
    void take(const SettingChanged&) {}
    void take(const Notice&) {}

    void close()
    {
        if (!lock)
            return;
        const auto weights = checkpoints.flush();
        if (outcome) {
            content.finished = outcome;
            content.endedAt = wallSeconds();
        }
        recordDue = true;
        flush();
        if (!weights)
            sayLost("The weights are not on disk", weights.error());
        else if (trouble.any())
            sayLost("The run's folder is not complete", problem);
        (void)log.flush();
        lock.reset();
    }

    void sayLost(const std::string& what, const Error& error)
    {
        say({Notice::Severity::Warning, what + ", and the program no longer tries: " + error.message});
    }
};

RunRecorder::RunRecorder(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

RunRecorder::~RunRecorder()
{
    close();
}

Expected<std::unique_ptr<RunRecorder>> RunRecorder::create(const fs::path& runs, RunRecord record,
                                                           const RunModel& model,
                                                           std::function<void(Notice)> notice)
{
    record = completed(std::move(record));
    const auto folder = makeRunFolder(runs, record.name);
    if (!folder)
        return failure(folder);
    auto lock = RunLock::take(*folder);
    std::unique_ptr<Impl> impl;
    const auto begin = [&]() -> Expected<void> {
        if (!lock)
            return failure(lock);
        impl = std::make_unique<Impl>(*folder, std::move(*lock), std::move(record), std::move(notice));
        return impl->log.create(*folder / "log.txt")
            .and_then([&] { return writeAtomically(*folder / "model.json", fileText(toJson(model))); })
            .and_then([&] { return impl->saveRecord(); });
    };
    if (auto begun = begin(); !begun) {
        impl.reset();
        std::error_code ignored;
        fs::remove_all(*folder, ignored);
        return failure(begun);
    }
    return std::unique_ptr<RunRecorder>(new RunRecorder(std::move(impl)));
}

void RunRecorder::record(const Event& event)
{
    if (const std::string line = logLine(event); !line.empty())
        m_impl->log.add(line);
    std::visit([this](const auto& one) { m_impl->take(one); }, event);
    m_impl->flushWhenDue();
}

void RunRecorder::close()
{
    m_impl->close();
}

const fs::path& RunRecorder::folder() const
{
    return m_impl->folder;
}

} // namespace torchdesk
