// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cli/output.h"
#include "core/session/engine.h"

#include <filesystem>
#include <memory>

namespace torchdesk::cli {

/// How a training is shown: text for people, lines of JSON for programs. One thread.
class TrainView
{
public:
    virtual ~TrainView() = default;
    /// Before the start: reading data.
    virtual void preparing(double share, const std::string& what) = 0;
    virtual void begin(const TrainingJob& job, const EngineInfo& engine,
                       const std::filesystem::path& run) = 0;
    /// Everything but Finished.
    virtual void event(const Event& event) = 0;
    /// Something to know that is no event of the run.
    virtual void notice(const std::string& message) = 0;
    /// A stop was asked for by a signal.
    virtual void stopping() = 0;
    /// A few times a second.
    virtual void refresh() = 0;
    /// The last call of a run; every file is on disk. \p seconds: since begin.
    virtual void end(const Finished& finished, double seconds) = 0;
    /// The last call where no run came to be.
    virtual void endWithoutRun(const Error& error) = 0;
};

std::unique_ptr<TrainView> makeTextView(Output& out);
/// The events of the contract, a line each.
std::unique_ptr<TrainView> makeJsonView(Output& out);

} // namespace torchdesk::cli
