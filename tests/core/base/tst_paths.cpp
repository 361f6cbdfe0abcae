// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/paths.h"
#include "tests/support/testsupport.h"

using namespace torchdesk;
using namespace torchdesk::test;

namespace fs = std::filesystem;

class TestPaths : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void homeIsWrittenOut();
    void tidyPathsHaveNoDots();
    void twoDotsAfterALinkGoWhereTheSystemGoes();
    void cachesGoWhereTheDesktopKeepsThem();
};

void TestPaths::homeIsWrittenOut()
{
    const ScopedVariable home("HOME", "/home/somebody");
    QCOMPARE(userPath("~").string(), std::string("/home/somebody/"));
    QCOMPARE(userPath("~/runs").string(), std::string("/home/somebody/runs"));
    QCOMPARE(userPath("/a/~").string(), std::string("/a/~"));
    QVERIFY(userPath("runs").is_absolute());
}

void TestPaths::tidyPathsHaveNoDots()
{
    QCOMPARE(tidyPath("/a/./b//c/").string(), std::string("/a/b/c"));
    QCOMPARE(tidyPath("/not/there/../b").string(), std::string("/not/b"));
    QCOMPARE(tidyPath(".").string(), fs::current_path().string());
    QCOMPARE(tidyPath("/").string(), std::string("/"));
}

void TestPaths::twoDotsAfterALinkGoWhereTheSystemGoes()
{
    const TemporaryFolder folder;
    fs::create_directories(folder / "disk/data/mnist");
    fs::create_directory_symlink(folder / "disk/data/mnist", folder / "link");
    // The system follows the link, then goes up: not to the folder that the link lies in.
    QVERIFY(tidyPath((folder / "link/..").string()) == fs::canonical(folder / "disk/data"));
    // Without ".." a link stays as it was written.
    QCOMPARE(tidyPath((folder / "link/").string()).string(), (folder / "link").string());
}

void TestPaths::cachesGoWhereTheDesktopKeepsThem()
{
    const ScopedVariable home("HOME", "/home/somebody");
    const ScopedVariable none("TORCHDESK_CACHE", "");
    const ScopedVariable relative("XDG_CACHE_HOME", "caches");
    QCOMPARE(cacheFolder().string(), std::string("/home/somebody/.cache/torchdesk"));
    const ScopedVariable named("XDG_CACHE_HOME", "/caches");
    QCOMPARE(cacheFolder().string(), std::string("/caches/torchdesk"));
    const ScopedVariable own("TORCHDESK_CACHE", "~/pictures");
    QCOMPARE(cacheFolder().string(), std::string("/home/somebody/pictures"));
}

QTEST_APPLESS_MAIN(TestPaths)
#include "tst_paths.moc"
