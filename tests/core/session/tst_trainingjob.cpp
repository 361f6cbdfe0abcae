// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/catalogue.h"
#include "core/session/picturesizehint.h"
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
    void pathsBecomeAbsolute();
    void aSizeThatTheModelWantsIsSaid();
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

// The plan of a run is used again from other folders.
void TestTrainingJob::pathsBecomeAbsolute()
{
    const test::TemporaryFolder folder;
    std::filesystem::copy_file(TORCHDESK_SOURCE_DIR "/models/mlp.json", folder / "mine.json");
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(folder.path());
    TrainingPlan plan;
    plan.model = "./mine.json";
    plan.dataFolder = "digits";
    const auto job = prepareJob(plan);
    std::filesystem::current_path(before);
    VERIFY_OK(job);
    QVERIFY(std::filesystem::equivalent(job->plan.model, folder / "mine.json"));
    QVERIFY(std::filesystem::path(job->plan.model).is_absolute());
    QVERIFY(std::filesystem::path(job->plan.dataFolder).is_absolute());
    QCOMPARE(job->plan.data, plan.data);
}

void TestTrainingJob::aSizeThatTheModelWantsIsSaid()
{
    TrainingPlan plan;
    plan.model = "alexnet";
    VERIFY_ERROR(prepareJob(plan),
                 "With Picture size (picture_size) set to 224 the pictures are scaled to what");
    plan.pictures.size = 8; // LeNet fits no picture of 8 × 8
    plan.model = "lenet";
    VERIFY_ERROR(prepareJob(plan), "(picture_size) set to 28 ");
    // Where something else is wrong there is nothing to say of the size.
    DataDescription digits;
    digits.shape = {1, 28, 28};
    digits.classes.resize(10);
    QVERIFY(!fittingPictureSize(*findModel("resnet20"), digits));
    QCOMPARE(fittingPictureSize(*findModel("alexnet"), digits), std::optional<std::int64_t>(224));
}

QTEST_APPLESS_MAIN(TestTrainingJob)
#include "tst_trainingjob.moc"
