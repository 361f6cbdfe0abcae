// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/run/runfolder.h"
#include "tests/core/run/runsamples.h"
#include "tests/support/testsupport.h"

#include <fcntl.h>
#include <regex>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace torchdesk;
using namespace torchdesk::test;
namespace fs = std::filesystem;

namespace {

fs::path makeRun(const fs::path& runs, const std::string& folder, RunRecord record)
{
    writeFile(runs / folder / "run.json", toJson(record).dump());
    return runs / folder;
}

RunRecord recordAt(double startedAt, const std::string& name, bool finished = true)
{
    RunRecord record = finishedRecord();
    record.name = name;
    record.startedAt = startedAt;
    if (!finished)
        record.finished.reset();
    return record;
}

} // namespace

class TestRunFolder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void makesFoldersExclusively();
    void saysWhyAFolderCannotBeMade();
    void lockNamesTheOtherProcess();
    void lockEndsWithItsOwner();
    void tellsTheStates();
    void unreadableRunsSayWhy();
    void listsTheNewestFirst();
    void findsRuns();
    void renames();
};

void TestRunFolder::makesFoldersExclusively()
{
    const TemporaryFolder runs;
    const auto first = makeRunFolder(runs / "deep/runs", "lenet-mnist");
    VERIFY_OK(first);
    QVERIFY(fs::is_directory(*first));
    const std::string name = first->filename().string();
    QVERIFY2(std::regex_match(name, std::regex(R"(\d{4}-\d\d-\d\d_\d{4}_lenet-mnist)")), name.c_str());
    // The minute may turn between two calls: then there is no suffix, and nothing to compare.
    const auto second = makeRunFolder(runs / "deep/runs", "lenet-mnist").value();
    const auto third = makeRunFolder(runs / "deep/runs", "lenet-mnist").value();
    QVERIFY(second != *first && third != second && third != *first);
    const std::string suffix = third.filename().string();
    QVERIFY(std::regex_match(suffix, std::regex(R"(\d{4}-\d\d-\d\d_\d{4}_lenet-mnist(-[23])?)")));
    const auto odd = makeRunFolder(runs.path(), " ../a b/模型:\n ").value();
    QCOMPARE(odd.parent_path().string(), runs.path().string());
    QVERIFY2(odd.filename().string().ends_with("_..-a-b-模型"), odd.filename().c_str());
    QVERIFY(makeRunFolder(runs.path(), "///").value().filename().string().ends_with("_run"));
}

void TestRunFolder::saysWhyAFolderCannotBeMade()
{
    const TemporaryFolder folder;
    writeFile(folder / "file", "");
    VERIFY_ERROR(makeRunFolder(folder / "file", "lenet"), "Cannot make the folder");
}

void TestRunFolder::lockNamesTheOtherProcess()
{
    const TemporaryFolder run;
    VERIFY_ERROR(RunLock::take(run / "none"), "Cannot lock");
    {
        const auto lock = RunLock::take(run.path());
        VERIFY_OK(lock);
        const auto words = splitText(trimmed(readText(run / "lock").value()), ' ');
        QCOMPARE(words.at(0), std::to_string(getpid()));
        const auto second = RunLock::take(run.path());
        VERIFY_ERROR(second, run.path().string() + " is in use by process " + std::to_string(getpid()) +
                                 ", which began at " + words.at(1));
        QVERIFY(second.error().kind == ErrorKind::Locked);
    }
    auto lock = RunLock::take(run.path());
    VERIFY_OK(lock);
    const RunLock moved = std::move(*lock);
    VERIFY_ERROR(RunLock::take(run.path()), "is in use");
}

void TestRunFolder::lockEndsWithItsOwner()
{
    const TemporaryFolder runs;
    const fs::path run = makeRun(runs.path(), "one", recordAt(1, "one", false));
    int ready[2];
    QCOMPARE(pipe(ready), 0);
    const pid_t child = fork();
    if (child == 0) {
        const auto lock = RunLock::take(run);
        const char told = lock ? 'y' : 'n';
        if (write(ready[1], &told, 1) == 1)
            pause();
        _exit(1);
    }
    char told = 0;
    QCOMPARE(read(ready[0], &told, 1), ssize_t{1});
    QCOMPARE(told, 'y');
    const auto refused = RunLock::take(run);
    const RunState before = readRunSummary(run).state;
    const auto renamed = renameRun(run, "new name");
    kill(child, SIGKILL);
    QCOMPARE(waitpid(child, nullptr, 0), child);
    close(ready[0]);
    close(ready[1]);
    VERIFY_ERROR(refused, "is in use by process " + std::to_string(child));
    VERIFY_ERROR(renamed, "is in use by process " + std::to_string(child));
    QVERIFY(before == RunState::Running);
    QVERIFY(readRunSummary(run).state == RunState::Interrupted);
    VERIFY_OK(RunLock::take(run));
}

void TestRunFolder::tellsTheStates()
{
    const TemporaryFolder runs;
    const fs::path finished = makeRun(runs.path(), "finished", recordAt(1, "finished"));
    const fs::path open = makeRun(runs.path(), "open", recordAt(1, "open", false));
    QVERIFY(readRunSummary(finished).state == RunState::Finished);
    QVERIFY(readRunSummary(finished).record == recordAt(1, "finished"));
    QVERIFY(readRunSummary(open).state == RunState::Interrupted);
    {
        const auto lock = RunLock::take(open);
        QVERIFY(readRunSummary(open).state == RunState::Running);
    }
    QVERIFY(readRunSummary(open).state == RunState::Interrupted);
}

void TestRunFolder::unreadableRunsSayWhy()
{
    const TemporaryFolder runs;
    const std::string text = toJson(finishedRecord()).dump();
    for (std::size_t size = 0; size < text.size(); size += 7) {
        writeFile(runs / "cut/run.json", text.substr(0, size));
        const RunSummary summary = readRunSummary(runs / "cut");
        QVERIFY(summary.state == RunState::Unreadable);
        QVERIFY2(summary.problem.find("run.json cannot be used") != std::string::npos,
                 summary.problem.c_str());
    }
    Json newer = toJson(finishedRecord());
    newer["format"] = 99;
    writeFile(runs / "newer/run.json", newer.dump());
    const RunSummary summary = readRunSummary(runs / "newer");
    QVERIFY(summary.state == RunState::Unreadable);
    QVERIFY(summary.problem.find("is from a newer version of TorchDesk (format 99") != std::string::npos);
    QVERIFY(readRunSummary(runs / "none").problem.find("No such file") != std::string::npos);
}

void TestRunFolder::listsTheNewestFirst()
{
    const TemporaryFolder runs;
    QVERIFY(listRuns(runs / "none").empty());
    makeRun(runs.path(), "b", recordAt(2e9, "newest"));
    makeRun(runs.path(), "c", recordAt(1, "oldest"));
    makeRun(runs.path(), "a", recordAt(2, "middle"));
    writeFile(runs / "damaged/run.json", "{"); // counts as new as its file
    writeFile(runs / "no run/notes.md", "");
    writeFile(runs / "file", "");
    std::vector<std::string> names;
    for (const RunSummary& run : listRuns(runs.path()))
        names.push_back(run.folder.filename().string());
    QCOMPARE(names, (std::vector<std::string>{"b", "damaged", "a", "c"}));
}

void TestRunFolder::findsRuns()
{
    const TemporaryFolder runs;
    VERIFY_ERROR(findRun(runs.path(), "last"), "There are no runs in " + runs.path().string());
    const fs::path one = makeRun(runs.path(), "2026-11-23_1412_lenet-mnist", recordAt(1, "first try"));
    const fs::path two = makeRun(runs.path(), "2026-11-23_1412_lenet-mnist-2", recordAt(2, "second try"));
    const fs::path three = makeRun(runs.path(), "2026-11-24_0800_mlp-mnist", recordAt(3, "wide"));
    const auto find = [&](const std::string& name) {
        return findRun(runs.path(), name).value_or("none").string();
    };
    QCOMPARE(find("last"), three.string());
    QCOMPARE(find("2026-11-23_1412_lenet-mnist"), one.string());
    QCOMPARE(find("2026-11-24"), three.string());
    QCOMPARE(find("wide"), three.string());
    QCOMPARE(find("second"), two.string());
    QCOMPARE(find(two.string() + "/"), two.string());
    VERIFY_ERROR(
        findRun(runs.path(), "2026-11-23"),
        "\"2026-11-23\" fits 2 runs: 2026-11-23_1412_lenet-mnist-2, 2026-11-23_1412_lenet-mnist. Write more");
    VERIFY_ERROR(findRun(runs.path(), "2026-11-24_0800_mlp-mnits"), "Is it \"2026-11-24_0800_mlp-mnist\"?");
    VERIFY_ERROR(findRun(runs.path(), "nothing of the kind"), "List them with: torchdesk-cli runs");
    VERIFY_ERROR(findRun(runs.path(), ""), "No run in");
    VERIFY_ERROR(findRun(runs.path(), (runs / "none").string()), "is no run: it has no run.json");
}

void TestRunFolder::renames()
{
    const TemporaryFolder runs;
    const fs::path run = makeRun(runs.path(), "one", recordAt(1, "one"));
    VERIFY_OK(renameRun(run, "  two 模型 "));
    RunRecord wanted = recordAt(1, "two 模型");
    QVERIFY(readRunSummary(run).record == wanted);
    VERIFY_ERROR(renameRun(run, " "), "is no name for a run");
    VERIFY_ERROR(renameRun(run, "a\nb"), "is no name for a run");
    VERIFY_ERROR(renameRun(run, std::string(201, 'x')), "is no name for a run");
    VERIFY_ERROR(renameRun(runs / "none", "x"), "is no run: it has no run.json");
    QVERIFY(!fs::exists(runs / "none"));
    QVERIFY(readRunSummary(run).record == wanted);
}

QTEST_APPLESS_MAIN(TestRunFolder)
#include "tst_runfolder.moc"
