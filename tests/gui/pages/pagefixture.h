// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/bridge.h"
#include "tests/support/testsupport.h"

namespace torchdesk::test {

/// A folder of runs with a small data set, and a bridge over it whose engine is the fake one.
class PageFixture
{
public:
    PageFixture();
    /// Trains one run of some epochs to its end; its folder.
    std::filesystem::path train(std::uint64_t seed = 1, std::int64_t epochs = 1,
                                std::int64_t batchSize = 128) const;
    /// Loads the engine and waits for it.
    void begin();

    TemporaryFolder folder;
    std::unique_ptr<Bridge> bridge;
};

} // namespace torchdesk::test
