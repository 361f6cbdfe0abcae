// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/engineloader.h"
#include "tests/engine/enginetestsupport.h"
#include "tests/support/testsupport.h"

using namespace torchdesk;
using namespace torchdesk::test;

/// The module as the program opens it.
class TestEngineModule : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void moduleIsOpenedAndTrains();
};

void TestEngineModule::moduleIsOpenedAndTrains()
{
    const auto engine = loadEngine();
    VERIFY_OK(engine);
    QCOMPARE((*engine)->info().name, std::string("LibTorch"));
    auto sink = std::make_shared<CollectingSink>();
    const auto trainer = must((*engine)->createTrainer(denseJob(100, 20, 2), sink));
    trainer->post(Start{});
    QVERIFY(sink->waitForFinished());
    QCOMPARE(sink->all<Finished>().front().outcome, Outcome::Completed);
    const auto weights = sink->all<SnapshotReady>().back().snapshot->weights;
    const auto file = (*engine)->toStateDict(weights);
    VERIFY_OK(file);
    QVERIFY(must((*engine)->fromStateDict(*file, "weights.pt")) == weights);
}

QTEST_GUILESS_MAIN(TestEngineModule)
#include "tst_enginemodule.moc"
