// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/fakeengine.h"
#include "core/session/session.h"
#include "tests/support/samplejob.h"
#include "tests/support/testsupport.h"

using namespace torchdesk;
using namespace torchdesk::test;

class TestDataNotices : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void standBehindTheFirstEventAndInTheLog();
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

QTEST_APPLESS_MAIN(TestDataNotices)
#include "tst_datanotices.moc"
