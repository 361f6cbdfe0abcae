// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/startadvice.h"
#include "tests/core/data/folder/foldersupport.h"
#include "tests/support/samplejob.h"
#include "tests/support/testsupport.h"

using namespace torchdesk;
using namespace torchdesk::test;

class TestStartAdvice : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fewPicturesOfAFolder();
    void fewPicturesAreSaidOnceByThePlan();
    void publishedWeightsWantImageNet();
    void nothingIsFrozenOfNothing();
};

namespace {

/// Without weights, of a folder with \p count pictures to train.
TrainingJob folderJob(std::int64_t count)
{
    TrainingJob job = sampleJob();
    job.data.fit = "crop";
    job.data.description.trainCount = count;
    job.data.description.shape = {3, 28, 28};
    return job;
}

/// The only sentence, or how many there are.
std::string only(const std::vector<DataNotice>& notices)
{
    return notices.size() == 1 ? notices[0].message : std::to_string(notices.size()) + " notices";
}

bool contains(const std::string& text, const char* part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

void TestStartAdvice::fewPicturesOfAFolder()
{
    QVERIFY(startNotices(sampleJob()).empty()); // no folder of pictures
    QVERIFY(startNotices(folderJob(5000)).empty());
    TrainingJob job = folderJob(4999);
    const std::string other = only(startNotices(job));
    QVERIFY2(
        contains(other, "The folder has 4,999 pictures to train: with under 5,000, training from nothing"),
        other.c_str());
    QVERIFY2(contains(other, "--model resnet18 --weights resnet18.pth --set normalise=imagenet. In Python"),
             other.c_str());
    // A model that has such weights needs no other, and grey pictures have to be like those.
    job.model.name = "mobilenetv2";
    job.plan.normalise = "measured";
    job.data.description.shape = {1, 28, 28};
    const std::string own = only(startNotices(job));
    QVERIFY2(contains(own, " does better: --weights mobilenet_v2.pth --set picture_colour=colour. In Python"),
             own.c_str());
    job.start = std::make_shared<const StartingPoint>();
    QVERIFY(startNotices(job).empty());
}

void TestStartAdvice::fewPicturesAreSaidOnceByThePlan()
{
    const TemporaryFolder folder;
    writeTwoClasses(folder / "pictures");
    TrainingPlan plan;
    plan.data = (folder / "pictures").string();
    const auto job = prepareJob(plan);
    VERIFY_OK(job);
    int said = 0;
    for (const DataNotice& notice : job->data.notices)
        said += contains(notice.message, "stays near guessing");
    QCOMPARE(said, 1);
}

void TestStartAdvice::publishedWeightsWantImageNet()
{
    StartingPoint start;
    start.ofFile = true;
    TrainingJob job = folderJob(100);
    job.model.name = "resnet18";
    job.plan.start.weights = "/tmp/resnet18.pth";
    job.start = std::make_shared<const StartingPoint>(start);
    const std::string said = only(startNotices(job));
    QVERIFY2(
        contains(said, "if those of /tmp/resnet18.pth were published, train with --set normalise=imagenet"),
        said.c_str());
    QVERIFY(lacksImageNet(job));
    job.plan.normalise = "imagenet";
    QVERIFY(startNotices(job).empty());
    job.plan.normalise = "none";
    job.model.name = "lenet"; // of which nothing is published
    QVERIFY(startNotices(job).empty());
    job.model.name = "resnet18";
    start.ofFile = false; // a run
    job.start = std::make_shared<const StartingPoint>(start);
    QVERIFY(startNotices(job).empty());
}

void TestStartAdvice::nothingIsFrozenOfNothing()
{
    TrainingJob job = sampleJob();
    job.plan.start.freeze = "body";
    const auto notices = startNotices(job);
    QVERIFY(contains(only(notices), "freeze=body was passed over: the plan starts from nothing"));
    QVERIFY(notices[0].warning);
    job.start = std::make_shared<const StartingPoint>();
    QVERIFY(startNotices(job).empty());
}

QTEST_APPLESS_MAIN(TestStartAdvice)
#include "tst_startadvice.moc"
