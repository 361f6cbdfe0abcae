// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cli/trainview.h"

#include "core/base/files.h"

namespace torchdesk::cli {

namespace {

class JsonView final : public TrainView
{
public:
    explicit JsonView(Output& out) : m_out(out) {}

    void preparing(double, const std::string&) override {}
    void begin(const TrainingJob&, const EngineInfo&, const std::filesystem::path& run) override
    {
        m_run = run;
    }

    void event(const Event& event) override
    {
        Json json = toJson(event);
        if (std::holds_alternative<Started>(event))
            json["run"] = pathText(m_run);
        m_out.json(json);
    }

    void notice(const std::string& message) override { event(Notice{Notice::Severity::Warning, message}); }
    void stopping() override {}
    void refresh() override {}

    void end(const Finished& finished, double) override
    {
        m_out.json(toJson(finished, m_run));
        if (finished.outcome == Outcome::Failed || finished.outcome == Outcome::Diverged)
            m_out.problem(finished.message);
    }

    void endWithoutRun(const Error& error) override
    {
        Finished finished;
        finished.outcome = error.kind == ErrorKind::Cancelled ? Outcome::Stopped : Outcome::Failed;
        finished.message = error.message;
        Json json = toJson(finished, m_run);
        json["run"] = nullptr;
        m_out.json(json);
    }

private:
    Output& m_out;
    std::filesystem::path m_run;
};

} // namespace

std::unique_ptr<TrainView> makeJsonView(Output& out)
{
    return std::make_unique<JsonView>(out);
}

} // namespace torchdesk::cli
