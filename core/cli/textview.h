// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cli/progressline.h"
#include "core/cli/trainview.h"

namespace torchdesk::cli {

/// A training as people read it: what is trained where, a row for each epoch, and on a terminal one line
/// below that is rewritten in place.
class TextView final : public TrainView
{
public:
    explicit TextView(Output& out) : m_out(out) {}

    void preparing(double share, const std::string& what) override;
    void begin(const TrainingJob& job, const EngineInfo& engine, const std::filesystem::path& run) override;
    void event(const Event& event) override;
    void notice(const std::string& message) override;
    void stopping() override;
    void refresh() override;
    void end(const Finished& finished, double seconds) override;
    void endWithoutRun(const Error& error) override;

private:
    void show(const Started& started);
    void show(const EpochDone& epoch);
    void show(const Notice& notice);
    void show(const SettingChanged& setting);
    void show(const StateChanged& changed);
    template <class Other>
    void show(const Other&)
    {}

    void printHeading();
    void printResult(const Finished& finished, double seconds);
    void printNextCommands();
    void field(const char* name, const std::string& text);
    /// A line of its own, above the progress line.
    void line(const std::string& text);
    void rewrite(const std::string& text);
    void clear();

    Output& m_out;
    ProgressLine m_progress;
    std::filesystem::path m_run;
    std::string m_modelName;
    EngineInfo m_engine;
    std::int64_t m_trainSamples = 0;
    std::int64_t m_epochs = 0;
    bool m_cpuWasChosen = false;
    bool m_running = false;
    bool m_lineShown = false;
};

} // namespace torchdesk::cli
