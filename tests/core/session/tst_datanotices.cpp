// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/fakeengine.h"
#include "core/session/session.h"
#include "tests/core/data/folder/foldersupport.h"
#include "tests/support/samplejob.h"
#include "tests/support/testsupport.h"

using namespace torchdesk;
using namespace torchdesk::test;

class TestDataNotices : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void standBehindTheFirstEventAndInTheLog();
    void unevenClassesAreSaidOnce();
};

void TestDataNotices::standBehindTheFirstEventAndInTheLog()
{
    const TemporaryFolder folder;
    TrainingJob job = sampleJob(1, 2);
    job.data.notices = {{"Left out: 1 GIF file.", false}, {"1 same picture was found twice.", true}};
    auto session = Session::start(std::make_shared<FakeEngine>(), job, folder.path());
    VERIFY_OK(session);
    QVERIFY((*session)->waitFor(std::chrono::minutes(1)));
    const std::vector<Event> events = (*session)->drain();
    QVERIFY(events.size() > 3);
    QVERIFY(std::holds_alternative<Started>(events[0]));
    QVERIFY(events[1] == Event(Notice{Notice::Severity::Information, "Left out: 1 GIF file."}));
    QVERIFY(events[2] == Event(Notice{Notice::Severity::Warning, "1 same picture was found twice."}));
    const auto log = readText((*session)->folder() / "log.txt");
    VERIFY_OK(log);
    QVERIFY(log->find("Left out: 1 GIF file.") != std::string::npos);
    QVERIFY(log->find("Warning: 1 same picture was found twice.") != std::string::npos);
}

// Of the samples that train, whatever the data set is; and not where the plan balances them.
void TestDataNotices::unevenClassesAreSaidOnce()
{
    const TemporaryFolder folder;
    for (int i = 0; i < 13; ++i) {
        const std::string name = i < 10 ? "common" : "rare";
        std::filesystem::create_directories(folder / "pictures" / name);
        writeFile(folder / "pictures" / name / (std::to_string(i) + ".png"), pngOf(i, 32, 32));
    }
    TrainingPlan plan;
    plan.model = "mlp";
    plan.data = (folder / "pictures").string() + "/";
    plan.validationShare = 0;
    plan.pictures.testShare = 0;
    const auto notices = [](const TrainingPlan& wanted) {
        std::vector<std::string> found;
        const auto job = prepareJob(wanted);
        for (const DataNotice& notice : job.value().data.notices)
            if (notice.message.find("uneven") != std::string::npos && !notice.warning)
                found.push_back(notice.message);
        return found;
    };
    QCOMPARE(notices(plan), (std::vector<std::string>{
                                "The classes are uneven: 'common' has 10 training samples, 'rare' 3. "
                                "class_balance=weights or class_balance=sampling makes up for that."}));
    for (const char* balance : {"weights", "sampling"}) {
        plan.recipe.classBalance = balance;
        QVERIFY(notices(plan).empty());
    }
    const auto digits = prepareJob(TrainingPlan{});
    VERIFY_OK(digits);
    QVERIFY(digits->data.notices.empty());
}

QTEST_APPLESS_MAIN(TestDataNotices)
#include "tst_datanotices.moc"
