// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/recorder.h"

#include "core/base/clock.h"
#include "core/run/checkpointwriter.h"
#include "core/run/confusion.h"
#include "core/run/loglines.h"
#include "core/run/runjson.h"
#include "core/run/runlog.h"
#include "core/run/scalarlog.h"
#include "core/run/writetrouble.h"

#include <chrono>
#include <fmt/format.h>
#include <numeric>
#include <optional>
#include <thread>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;

// Whoever watches the files sees a point at most this late.
constexpr auto flushTime = std::chrono::seconds(1);
constexpr std::size_t flushSteps = 500;
/// run.json is written whole: for a run of very many short epochs that may take a twentieth of the time.
constexpr int recordShare = 20;
/// How often, and in all how long, the last weights are tried again.
constexpr auto patience = std::chrono::seconds(60);
constexpr auto retryTime = std::chrono::seconds(1);

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
    Impl(fs::path runFolder, RunLock taken, RunRecord begun, std::string model,
         std::function<void(Notice)> told)
        : folder(std::move(runFolder)), lock(std::move(taken)), content(std::move(begun)),
          modelText(std::move(model)), notice(std::move(told)),
          trouble([this](const Notice& said) { say(said); }), train(folder / "train"),
          validation(folder / "validation"),
          checkpoints(
              folder, [this](const Error& error) { trouble.note("checkpoints", tl::unexpected(error)); },
              [this] { trouble.note("checkpoints", {}); })
    {}

    fs::path folder;
    std::optional<RunLock> lock;
    RunRecord content;
    std::string modelText; ///< of model.json
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
    Clock::time_point recordSaved{};
    Clock::duration recordCost{};

    /// Any thread.
    void say(const Notice& said)
    {
        log.add(logLine(said));
        if (notice)
            notice(said);
    }

    /// model.json, again where somebody has removed it or the whole folder: without it no weights can be
    /// used.
    Expected<void> keepModel()
    {
        std::error_code ignored;
        if (fs::exists(folder / "model.json", ignored))
            return {};
        return makeFolder(folder).and_then([&] { return writeAtomically(folder / "model.json", modelText); });
    }

    Expected<void> saveRecord()
    {
        const auto begun = Clock::now();
        auto saved = keepModel();
        if (saved)
            saved = writeAtomically(folder / "run.json", fileText(toJson(content)));
        recordDue = !saved;
        recordSaved = Clock::now();
        recordCost = recordSaved - begun;
        return saved;
    }

    /// False while writing it again would cost more than its share; then a later flush does it.
    bool recordMayBeSaved() const
    {
        constexpr std::size_t many = 200;
        return outcome || content.epochs.size() < many ||
               Clock::now() - recordSaved >= recordCost * recordShare;
    }

    void flush()
    {
        stepsWaiting = 0;
        flushed = Clock::now();
        note("train", train.flush());
        note("validation", validation.flush());
        if (recordDue && recordMayBeSaved())
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
        if (epoch.validationTop5)
            validation.add({"top5_accuracy", epoch.lastStep, now, static_cast<float>(*epoch.validationTop5)});
        if (epoch.validationF1)
            validation.add({"mean_f1", epoch.lastStep, now, static_cast<float>(*epoch.validationF1)});
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

    /// Before the outcome: who finds that finds this.
    Expected<void> saveConfusion()
    {
        if (!outcome || !outcome->confusion)
            return {};
        return writeConfusion(folder, *outcome->confusion);
    }

    void take(const StateChanged& changed)
    {
        if (changed.state == StateChanged::State::Paused) // who reads the files finds all that was done
            flush();
    }
    void take(const SettingChanged&) {}
    void take(const Notice&) {}

    /// The weights that wait, tried again for as long as it may help.
    Expected<void> writeWeights(const std::function<bool()>& giveUp)
    {
        const auto end = Clock::now() + patience;
        auto written = checkpoints.flush();
        if (!written && !giveUp())
            say({Notice::Severity::Warning,
                 fmt::format("The last weights are not on disk yet: they are tried again for {} s.",
                             patience.count())});
        while (!written && !giveUp() && Clock::now() < end) {
            std::this_thread::sleep_for(retryTime);
            written = checkpoints.flush();
        }
        return written;
    }

    Expected<void> close(const std::function<bool()>& giveUp)
    {
        if (!lock)
            return {};
        auto weights = writeWeights(giveUp);
        if (!weights)
            checkpoints.discard(); // they are told to be lost, so nothing is written behind that
        if (!weights)
            weights.error().message = "The last weights could not be saved. " + weights.error().message;
        if (outcome && !weights) {
            outcome->outcome = Outcome::Failed;
            outcome->message = weights.error().message;
        }
        note("confusion.json", saveConfusion());
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
        return weights;
    }

    void sayLost(const std::string& what, const Error& error)
    {
        say({Notice::Severity::Warning, what + ", and the program no longer tries: " + error.message});
    }
};

RunRecorder::RunRecorder(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

RunRecorder::~RunRecorder()
{
    (void)close();
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
        impl = std::make_unique<Impl>(*folder, std::move(*lock), std::move(record), fileText(toJson(model)),
                                      std::move(notice));
        return impl->log.create(*folder / "log.txt").and_then([&] { return impl->saveRecord(); });
    };
    const auto guarded = [&]() -> Expected<void> {
        try {
            return begin();
        } catch (const std::exception& refused) {
            return failure(ErrorKind::OutOfMemory,
                           "The run could not be begun: memory or threads are used up. Close other programs",
                           refused.what());
        }
    };
    if (auto begun = guarded(); !begun) {
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

void RunRecorder::tick()
{
    m_impl->flushWhenDue();
}

Expected<void> RunRecorder::close(const std::function<bool()>& giveUp)
{
    return m_impl->close(giveUp);
}

const fs::path& RunRecorder::folder() const
{
    return m_impl->folder;
}

} // namespace torchdesk
