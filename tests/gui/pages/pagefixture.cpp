// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/pages/pagefixture.h"

#include "tests/support/fakerun.h"
#include "tests/support/tinydata.h"

#include <QSignalSpy>

namespace torchdesk::test {

PageFixture::PageFixture()
{
    writeTinyDigits(folder / "data");
    BridgeSetup setup;
    setup.runs = folder / "runs";
    setup.loader = []() -> Expected<std::shared_ptr<Engine>> { return std::make_shared<FakeEngine>(); };
    setup.measure = false;
    bridge = std::make_unique<Bridge>(setup);
}

std::filesystem::path PageFixture::train(std::uint64_t seed, std::int64_t epochs,
                                         std::int64_t batchSize) const
{
    TrainingPlan plan;
    plan.seed = seed;
    plan.epochs = epochs;
    plan.batchSize = batchSize;
    return trainFake(folder / "runs", folder / "data", plan);
}

void PageFixture::begin()
{
    QSignalSpy ready(bridge.get(), &Bridge::engineReady);
    bridge->begin();
    QVERIFY(ready.wait());
}

} // namespace torchdesk::test
