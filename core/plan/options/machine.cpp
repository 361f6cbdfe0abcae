// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/options/builder.h"

namespace torchdesk {

std::vector<Option> machineOptions()
{
    using P = TrainingPlan;
    std::vector<Option> made;
    made.push_back(basic(
        brief(flagged(option(&P::device, OptionKind::Device, "device", "Device",
                             "Where to compute: auto (the best that is free), cpu, or cuda:0 and so on."),
                      "--device"),
              "{}")));
    made.push_back(
        brief(within(flagged(option(&P::threads, OptionKind::Integer, "threads", "Threads",
                                    "Threads that compute on the processor; 0: one for each available core."),
                             "--threads"),
                     0, 1024),
              "threads {}"));
    // The largest seed is 2^64 - 1, which as a double is 2^64: the check compares whole numbers as they are.
    made.push_back(
        brief(within(flagged(option(&P::seed, OptionKind::Integer, "seed", "Seed",
                                    "Where all random numbers begin: the same seed repeats the same run."),
                             "--seed"),
                     0, 18446744073709551615.0),
              "seed {}"));
    return made;
}

} // namespace torchdesk
