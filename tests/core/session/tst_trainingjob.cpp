// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/trainingjob.h"
#include "tests/support/testsupport.h"

using namespace torchdesk;

class TestTrainingJob : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theDefaultPlanIsResolved();
    void thePartialBatchCounts();
    void wrongPlansAreNamed();
};

void TestTrainingJob::theDefaultPlanIsResolved()
{
    const auto job = prepareJob(TrainingPlan());
    VERIFY_OK(job);
    QCOMPARE(job->model.parameterCount(), std::int64_t{44426});
    QCOMPARE(job->data.description.name, std::string("synthetic-digits"));
    QCOMPARE(job->split.train.size(), std::size_t{54000});
    QCOMPARE(job->split.validation.size(), std::size_t{6000});
    QCOMPARE(job->stepsPerEpoch(), std::int64_t{422});
    QVERIFY((job->preprocessing.shape == Shape{1, 28, 28}));
    QCOMPARE(job->preprocessing.picture, std::string("digit"));
}

void TestTrainingJob::thePartialBatchCounts()
{
    TrainingJob job;
    job.plan.batchSize = 4;
    job.split.train.resize(8);
    QCOMPARE(job.stepsPerEpoch(), std::int64_t{2});
    job.split.train.resize(9);
    QCOMPARE(job.stepsPerEpoch(), std::int64_t{3});
}

void TestTrainingJob::wrongPlansAreNamed()
{
    TrainingPlan plan;
    plan.epochs = 0;
    VERIFY_ERROR(prepareJob(plan), "0");
    plan = {};
    plan.model = "lenett";
    VERIFY_ERROR(prepareJob(plan), "lenett");
    plan = {};
    plan.data = "mnits";
    VERIFY_ERROR(prepareJob(plan), "mnits");
}

QTEST_APPLESS_MAIN(TestTrainingJob)
#include "tst_trainingjob.moc"
