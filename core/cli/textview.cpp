// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cli/textview.h"

#include "core/base/text.h"
#include "core/plan/options.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace torchdesk::cli {

namespace {

std::string choiceLabel(const TrainingPlan& plan, std::string_view id)
{
    const Option* option = findOption(id);
    const std::string value = optionText(plan, *option);
    for (const OptionChoice& choice : option->choices)
        if (choice.value == value)
            return choice.label;
    return value;
}

std::string recipe(const TrainingPlan& plan, std::int64_t stepsPerEpoch)
{
    std::string text =
        fmt::format("{}, learning rate {}", choiceLabel(plan, "optimizer"), toText(plan.learningRate));
    if (plan.optimizer == "sgd" || plan.optimizer == "rmsprop")
        text += fmt::format(", momentum {}", toText(plan.momentum));
    if (plan.weightDecay > 0)
        text += fmt::format(", weight decay {}", toText(plan.weightDecay));
    if (plan.schedule.kind != "constant")
        text += fmt::format(", schedule {}", plan.schedule.kind);
    return text + fmt::format(", batch {}, {} epoch{} of {} steps, seed {}", plan.batchSize,
                              grouped(plan.epochs), plan.epochs == 1 ? "" : "s", grouped(stepsPerEpoch),
                              plan.seed);
}

std::string dataText(const TrainingJob& job)
{
    const auto count = [](std::size_t n) { return grouped(static_cast<std::int64_t>(n)); };
    return fmt::format("{}: {} to train, {} to validate, {} to test", job.data.description.label,
                       count(job.split.train.size()), count(job.split.validation.size()),
                       count(testSamples(job.data).size()));
}

std::string optionalLoss(const std::optional<double>& value)
{
    return value ? lossText(*value) : "";
}

std::string optionalPercent(const std::optional<double>& value)
{
    return value ? percent(*value) : "";
}

} // namespace

void TextView::preparing(double share, const std::string& what)
{
    if (m_out.terminal())
        rewrite(fitted(fmt::format("Preparing: {} {}", what, percent(share, 0)), m_out.width() - 1));
}

void TextView::begin(const TrainingJob& job, const EngineInfo& engine, const std::filesystem::path& run)
{
    m_run = run;
    m_modelName = job.model.name;
    m_engine = engine;
    m_cpuWasChosen = job.plan.device == "cpu";
    m_trainSamples = static_cast<std::int64_t>(job.split.train.size());
    m_epochs = job.plan.epochs;
    const std::string& model = job.model.label.empty() ? job.model.name : job.model.label;
    field("Model", fmt::format("{}, {} parameters", model, grouped(job.model.parameterCount())));
    field("Data", dataText(job));
    field("Recipe", recipe(job.plan, job.stepsPerEpoch()));
    field("Run", shown(run));
}

void TextView::event(const Event& event)
{
    m_progress.add(event);
    std::visit([this](const auto& one) { show(one); }, event);
}

void TextView::show(const Started& started)
{
    const std::string units = m_engine.vectorUnits.empty() ? "" : ", " + m_engine.vectorUnits;
    const bool processor = started.device == "cpu";
    field("Device", fmt::format("{} ({} {}{})", started.deviceLabel, m_engine.name, m_engine.version,
                                processor ? units : ""));
    if (processor && !m_cpuWasChosen && !m_engine.whyNoCuda.empty())
        field("", m_engine.whyNoCuda);
    printHeading();
    m_running = true;
}

void TextView::printHeading()
{
    line("");
    line(m_out.faint("             training               validation"));
    line(m_out.strong("  epoch      loss   accuracy      loss   accuracy       time   images/s"));
}

void TextView::show(const EpochDone& epoch)
{
    const std::string count = fmt::format("{}/{}", epoch.epoch, m_epochs);
    const double speed =
        epoch.trainSeconds > 0 ? static_cast<double>(m_trainSamples) / epoch.trainSeconds : 0;
    line(fmt::format(
        "{} {} {} {} {} {} {}{}", padLeft(count, 7), padLeft(lossText(epoch.trainLoss), 9),
        padLeft(percent(epoch.trainAccuracy), 10), padLeft(optionalLoss(epoch.validationLoss), 9),
        padLeft(optionalPercent(epoch.validationAccuracy), 10), padLeft(duration(epoch.trainSeconds), 10),
        padLeft(speed > 0 ? grouped(std::llround(speed)) : "", 10),
        epoch.best && epoch.validationAccuracy ? "  best" : ""));
}

void TextView::show(const Notice& notice)
{
    if (notice.severity == Notice::Severity::Warning) {
        clear();
        m_out.problem(notice.message);
    } else
        line("  " + notice.message);
}

void TextView::show(const SettingChanged& setting)
{
    line(fmt::format("  {} is {} from step {} on", setting.id, toText(setting.value), grouped(setting.step)));
}

void TextView::show(const StateChanged& changed)
{
    // On a terminal the progress line says it.
    if (!m_out.terminal() && changed.state == StateChanged::State::Paused)
        line("  paused");
}

void TextView::notice(const std::string& message)
{
    clear();
    m_out.problem(message);
}

void TextView::stopping()
{
    if (m_out.terminal())
        line("  Stopping; the weights are kept. Ctrl-C once more leaves at once.");
}

void TextView::refresh()
{
    if (m_running && m_out.terminal())
        rewrite(m_progress.text(m_out.width() - 1));
}

void TextView::end(const Finished& finished, double seconds)
{
    m_running = false;
    clear();
    line("");
    if (finished.outcome == Outcome::Diverged || finished.outcome == Outcome::Failed)
        m_out.problem(finished.message);
    printResult(finished, seconds);
    printNextCommands();
}

void TextView::endWithoutRun(const Error& error)
{
    clear();
    if (error.kind == ErrorKind::Cancelled)
        line("Stopped before the training began.");
}

void TextView::field(const char* name, const std::string& text)
{
    constexpr int nameWidth = 8;
    const int room = std::max(m_out.terminal() ? m_out.width() : 1000, 40) - nameWidth;
    std::string words = wrapped(text, room);
    for (std::size_t at = words.find('\n'); at != std::string::npos; at = words.find('\n', at + 1))
        words.insert(at + 1, std::string(nameWidth, ' '));
    line(m_out.faint(padRight(name, nameWidth)) + words);
}

void TextView::line(const std::string& text)
{
    clear();
    m_out.line(text);
}

void TextView::rewrite(const std::string& text)
{
    m_out.write('\r' + text + "\x1b[K");
    m_lineShown = true;
}

void TextView::clear()
{
    if (m_lineShown)
        m_out.write("\r\x1b[K");
    m_lineShown = false;
}

std::unique_ptr<TrainView> makeTextView(Output& out)
{
    return std::make_unique<TextView>(out);
}

} // namespace torchdesk::cli
