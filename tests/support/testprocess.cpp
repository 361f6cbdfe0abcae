// SPDX-License-Identifier: GPL-3.0-or-later
// What holds for the process of every test: linked into each, also where nothing of it is called.
#include <chrono>
#include <clocale>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace torchdesk::test {

namespace fs = std::filesystem;

namespace {

/// As QApplication does it, also where a test has none: the pass under a decimal comma is then one of every
/// test.
const bool localeTaken = std::setlocale(LC_ALL, "") != nullptr;

bool watchdogRuns()
{
    std::error_code ignored;
    for (const auto& task : fs::directory_iterator("/proc/self/task", ignored)) {
        std::string name;
        std::getline(std::ifstream(task.path() / "comm"), name);
        if (name == "QtTest Watchdog")
            return true;
    }
    return false;
}

/// QtTest waits for its watchdog's work, not for the end of its thread, which still holds memory of Qt's:
/// ended in between, the program was told to have leaked it.
struct WatchdogEnd
{
    ~WatchdogEnd()
    {
        // Where a test left in the middle the watchdog stays: then there is nothing to wait for.
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
        while (watchdogRuns() && std::chrono::steady_clock::now() < end)
            std::this_thread::yield();
    }
};
const WatchdogEnd watchdogEnd;

} // namespace

} // namespace torchdesk::test
