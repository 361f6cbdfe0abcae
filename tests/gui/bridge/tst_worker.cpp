// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/worker.h"
#include "tests/support/testsupport.h"

#include <future>

using namespace torchdesk;

class TestWorker : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersInTheThreadThatMadeIt();
    void newestRequestOfAKeyWins();
    void keysDoNotDisturbEachOther();
    void takesBackAnAnswerThatIsOnItsWay();
    void stopsWhatRunsWhenItGoes();
};

void TestWorker::answersInTheThreadThatMadeIt()
{
    Worker worker;
    std::thread::id worked, answered;
    worker.run(
        "a", [](std::stop_token) { return std::this_thread::get_id(); },
        [&](std::thread::id id) {
            worked = id;
            answered = std::this_thread::get_id();
        });
    QTRY_COMPARE(answered, std::this_thread::get_id());
    QVERIFY(worked != answered);
}

void TestWorker::newestRequestOfAKeyWins()
{
    Worker worker;
    std::promise<void> begun;
    std::vector<int> answers;
    worker.run(
        "a",
        [&](std::stop_token stop) {
            begun.set_value();
            while (!stop.stop_requested()) // until the newer one asks
                std::this_thread::yield();
            return 1;
        },
        [&](int answer) { answers.push_back(answer); });
    begun.get_future().wait();
    worker.run(
        "a", [](std::stop_token) { return 2; }, [&](int answer) { answers.push_back(answer); });
    worker.run(
        "a", [](std::stop_token) { return 3; }, [&](int answer) { answers.push_back(answer); });
    QTRY_COMPARE(answers, std::vector<int>{3});
}

void TestWorker::keysDoNotDisturbEachOther()
{
    Worker worker;
    std::vector<int> answers;
    worker.run(
        "a", [](std::stop_token) { return 1; }, [&](int answer) { answers.push_back(answer); });
    worker.run(
        "b", [](std::stop_token) { return 2; }, [&](int answer) { answers.push_back(answer); });
    QTRY_COMPARE(answers, (std::vector<int>{1, 2}));
}

void TestWorker::takesBackAnAnswerThatIsOnItsWay()
{
    Worker worker;
    std::promise<void> second;
    bool answered = false;
    worker.run(
        "a", [](std::stop_token) { return 1; }, [&](int) { answered = true; });
    worker.run(
        "b", [&](std::stop_token) { second.set_value(); }, [] {});
    second.get_future().wait(); // the first has been done, its answer waits in the queue of events
    worker.cancel("a");
    QCoreApplication::processEvents();
    QVERIFY(!answered);
}

void TestWorker::stopsWhatRunsWhenItGoes()
{
    std::promise<void> begun;
    bool stopped = false;
    {
        Worker worker;
        worker.run(
            "a",
            [&](std::stop_token stop) {
                begun.set_value();
                while (!stop.stop_requested())
                    std::this_thread::yield();
                stopped = true;
            },
            [] {});
        begun.get_future().wait();
    }
    QVERIFY(stopped);
}

QTEST_GUILESS_MAIN(TestWorker)
#include "tst_worker.moc"
