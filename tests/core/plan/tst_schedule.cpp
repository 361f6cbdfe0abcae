// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/learningrate.h"
#include "tests/support/testsupport.h"

#include <cmath>

using namespace torchdesk;

namespace {

constexpr std::int64_t stepsPerEpoch = 5;

TrainingPlan planOf(const std::string& kind)
{
    TrainingPlan plan;
    plan.epochs = 12;
    plan.learningRate = 0.1;
    plan.schedule.kind = kind;
    return plan;
}

bool near(double found, double wanted)
{
    return std::abs(found - wanted) <= 1e-11;
}

} // namespace

/// Wanted figures are those of torch.optim.lr_scheduler (tests/interop/schedules.py prints them, and
/// tst_recipes there compares every step).
class TestSchedule : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void spans();
    void ratesArePyTorchs_data();
    void ratesArePyTorchs();
    void percentIsOfTheRun();
    void warmUpRises();
    void curveIsTheRun();
    void oneStepRunsHaveARate();
    void changeScalesWhatFollows();
    void changeDuringWarmUpIsWhatItLeadsTo();
    void plateauDrops();
};

void TestSchedule::spans()
{
    QVERIFY(toRunSpan("30") == RunSpan({30, false}));
    QVERIFY(toRunSpan(" 2.5 ") == RunSpan({2.5, false}));
    QVERIFY(toRunSpan("60%") == RunSpan({60, true}));
    QVERIFY(toRunSpan("5 %") == RunSpan({5, true}));
    for (const char* bad : {"", "%", "-1", "101%", "nan", "ten", "1e9", "5%%"})
        QVERIFY2(!toRunSpan(bad), bad);
    QCOMPARE(toRunSpans("30, 60%").value().size(), std::size_t{2});
    QVERIFY(!toRunSpans("30,,60") && !toRunSpans("") && !toRunSpans("30,"));
}

void TestSchedule::ratesArePyTorchs_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QList<double>>("wanted"); // of the steps 1, 11, 18, 31, 55
    QTest::newRow("constant") << "constant" << QList<double>{0.1, 0.1, 0.1, 0.1, 0.1};
    QTest::newRow("step") << "step" << QList<double>{0.1, 0.1, 0.1, 0.01, 0.001};
    QTest::newRow("multistep") << "multistep" << QList<double>{0.1, 0.1, 0.1, 0.02, 0.004};
    QTest::newRow("exponential") << "exponential"
                                 << QList<double>{0.1, 0.081, 0.0729, 0.0531441, 0.03486784401};
    QTest::newRow("cosine") << "cosine"
                            << QList<double>{0.1, 0.093368257487, 0.085501785669, 0.0505, 0.007631742513};
    QTest::newRow("polynomial") << "polynomial"
                                << QList<double>{0.1, 0.069444444444, 0.05625, 0.025, 0.002777777778};
    QTest::newRow("onecycle") << "onecycle"
                              << QList<double>{0.004, 0.065135823523, 0.1, 0.078166090239, 0.003456698743};
}

void TestSchedule::ratesArePyTorchs()
{
    QFETCH(QString, kind);
    QFETCH(QList<double>, wanted);
    TrainingPlan plan = planOf(kind.toStdString());
    plan.schedule.stepEvery = "4";
    plan.schedule.milestones = "6, 75%";
    plan.schedule.factor = kind == "multistep" ? 0.2 : 0.1;
    plan.schedule.decay = 0.9;
    plan.schedule.least = 0.001;
    plan.schedule.power = 2;
    const std::int64_t steps[] = {1, 11, 18, 31, 55};
    for (int i = 0; i < 5; ++i) {
        const double found = scheduledRate(plan, stepsPerEpoch, steps[i]);
        QVERIFY2(near(found, wanted[i]), qPrintable(QString::number(found, 'g', 12)));
    }
}

void TestSchedule::percentIsOfTheRun()
{
    TrainingPlan plan = planOf("step");
    plan.schedule.stepEvery = "50%"; // 6 epochs, 30 steps
    QCOMPARE(scheduledRate(plan, stepsPerEpoch, 30), 0.1);
    QVERIFY(near(scheduledRate(plan, stepsPerEpoch, 31), 0.01));
    plan.schedule.stepEvery = "1%"; // never less than an epoch
    QVERIFY(near(scheduledRate(plan, stepsPerEpoch, 6), 0.01));
}

void TestSchedule::warmUpRises()
{
    TrainingPlan plan = planOf("constant");
    plan.schedule.warmUp = "2"; // 10 steps
    QVERIFY(near(scheduledRate(plan, stepsPerEpoch, 1), 0.01));
    QVERIFY(near(scheduledRate(plan, stepsPerEpoch, 5), 0.05));
    QCOMPARE(scheduledRate(plan, stepsPerEpoch, 10), 0.1);
    QCOMPARE(scheduledRate(plan, stepsPerEpoch, 11), 0.1);
    plan.schedule.warmUp = "5%"; // 3 steps
    QVERIFY(near(scheduledRate(plan, stepsPerEpoch, 2), 0.2 / 3));
    plan.schedule.kind = "onecycle"; // has its own
    QVERIFY(near(scheduledRate(plan, stepsPerEpoch, 1), 0.004));
}

void TestSchedule::curveIsTheRun()
{
    TrainingPlan plan = planOf("step");
    plan.schedule.stepEvery = "6";
    const auto curve = scheduleCurve(plan, stepsPerEpoch, 4);
    QCOMPARE(curve.size(), std::size_t{4});
    QVERIFY(near(curve[0], 0.1) && near(curve[1], 0.1) && near(curve[2], 0.01) && near(curve[3], 0.01));
}

void TestSchedule::oneStepRunsHaveARate()
{
    for (const char* kind : {"step", "multistep", "exponential", "cosine", "polynomial", "onecycle"}) {
        TrainingPlan plan = planOf(kind);
        plan.epochs = 1;
        plan.schedule.warmUp = "100%";
        const double rate = scheduledRate(plan, 1, 1);
        QVERIFY2(std::isfinite(rate) && rate > 0, kind);
    }
}

void TestSchedule::changeScalesWhatFollows()
{
    TrainingPlan plan = planOf("step");
    plan.schedule.stepEvery = "4";
    LearningRate rate(plan, stepsPerEpoch);
    QVERIFY(near(rate.at(21), 0.01));
    rate.change(0.05, 22);
    QVERIFY(near(rate.at(22), 0.05));
    QVERIFY(near(rate.at(41), 0.005));
}

void TestSchedule::changeDuringWarmUpIsWhatItLeadsTo()
{
    TrainingPlan plan = planOf("constant");
    plan.schedule.warmUp = "2";
    LearningRate rate(plan, stepsPerEpoch);
    rate.change(0.2, 5);
    QVERIFY(near(rate.at(5), 0.1));
    QVERIFY(near(rate.at(10), 0.2));
}

void TestSchedule::plateauDrops()
{
    TrainingPlan plan = planOf("plateau");
    plan.schedule.factor = 0.5;
    plan.schedule.patience = 1;
    plan.schedule.least = 0.02;
    const double losses[] = {1.0, 0.9, 0.95, 0.9, 0.8999, 0.5, 0.6, 0.6, 0.6, 0.6, 0.4, 0.4};
    const double wanted[] = {0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05, 0.025, 0.025, 0.02, 0.02};
    LearningRate rate(plan, stepsPerEpoch);
    LearningRate byAccuracy(plan, stepsPerEpoch);
    for (int epoch = 0; epoch < 12; ++epoch) {
        const std::int64_t step = epoch * stepsPerEpoch + 1;
        QVERIFY(near(rate.at(step), wanted[epoch]));
        const auto dropped = rate.finishEpoch(losses[epoch], false, step + stepsPerEpoch);
        const bool drops = epoch < 11 && wanted[epoch + 1] != wanted[epoch];
        QCOMPARE(dropped.has_value(), drops);
        (void)byAccuracy.finishEpoch(0.5 + 0.01 * epoch, true, step + stepsPerEpoch);
    }
    QVERIFY(near(byAccuracy.at(60), 0.1)); // it grew all the time
    LearningRate constant(planOf("constant"), stepsPerEpoch);
    for (int epoch = 0; epoch < 40; ++epoch)
        QVERIFY(!constant.finishEpoch(1, false, 6));
}

QTEST_APPLESS_MAIN(TestSchedule)
#include "tst_schedule.moc"
