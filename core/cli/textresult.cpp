// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/cli/runargument.h"
#include "core/cli/textview.h"
#include "core/run/checkpoint.h"

#include <fmt/format.h>

namespace torchdesk::cli {

namespace {

/// "Test accuracy 98.94 %, loss 0.0341 (best epoch 17 of 20; last weights 98.90 %)"
std::string testText(const Finished& finished)
{
    std::string text = fmt::format("test accuracy {}", percent(*finished.testAccuracy));
    if (finished.testTop5)
        text += fmt::format(", top-5 {}", percent(*finished.testTop5));
    if (finished.testLoss)
        text += fmt::format(", loss {}", lossText(*finished.testLoss));
    if (finished.bestEpoch > 0)
        text += fmt::format(" (best epoch {}", finished.bestEpoch);
    if (finished.bestEpoch > 0 && finished.lastTestAccuracy)
        text += fmt::format("; last weights {}", percent(*finished.lastTestAccuracy));
    return text + (finished.bestEpoch > 0 ? ")" : "");
}

/// Where no test figures tell it.
std::string bestText(const Finished& finished)
{
    const bool told = finished.testAccuracy || finished.bestEpoch == 0;
    return told ? "" : fmt::format("; the best epoch is {}", finished.bestEpoch);
}

std::string outcomeText(const Finished& finished, double seconds)
{
    const std::string time = duration(seconds);
    switch (finished.outcome) {
    case Outcome::Completed:
        return fmt::format("Trained in {}", time);
    case Outcome::Stopped:
        return fmt::format("Stopped at step {} after {}{}", grouped(finished.lastStep), time,
                           bestText(finished));
    case Outcome::Diverged:
    case Outcome::Failed:
        return fmt::format("Ended at step {} after {}{}", grouped(finished.lastStep), time,
                           bestText(finished));
    }
    return {};
}

} // namespace

void TextView::printResult(const Finished& finished, double seconds)
{
    const std::string result = outcomeText(finished, seconds);
    line(m_out.strong(finished.testAccuracy ? result + ": " + testText(finished) : result + "."));
    field("Run", shown(m_run));
}

void TextView::printNextCommands()
{
    if (listCheckpoints(m_run).empty())
        return line("No weights were saved.");
    const std::string run = runWord(m_run);
    line("");
    line("Next:");
    line(fmt::format("  torchdesk-cli predict {} picture.png", run));
    line(fmt::format("  torchdesk-cli export {} --format pytorch --out {}.pt", run, shellWord(m_modelName)));
}

} // namespace torchdesk::cli
