// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/elffile.h"
#include "tests/support/testsupport.h"

using namespace torchdesk;
using namespace torchdesk::test;

namespace fs = std::filesystem;

class TestElfFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ownProgramIsWhole();
    void cutAnywhereItIsNot();
    void whatIsNoLibraryIsLeftToTheSystem();
};

void TestElfFile::ownProgramIsWhole()
{
    QVERIFY(isWholeLibrary("/proc/self/exe"));
}

void TestElfFile::cutAnywhereItIsNot()
{
    const TemporaryFolder folder;
    const fs::path copy = folder / "cut.so";
    fs::copy_file("/proc/self/exe", copy);
    // The header of 64 bytes must be there, or nothing says that it is a library.
    for (std::uintmax_t size = fs::file_size(copy) - 1; size > 64; size = size * 2 / 3) {
        fs::resize_file(copy, size);
        QVERIFY2(!isWholeLibrary(copy), qPrintable(QString::number(size)));
    }
}

void TestElfFile::whatIsNoLibraryIsLeftToTheSystem()
{
    const TemporaryFolder folder;
    writeFile(folder / "text.so", "no library");
    writeFile(folder / "empty.so", "");
    QVERIFY(isWholeLibrary(folder / "text.so"));
    QVERIFY(isWholeLibrary(folder / "empty.so"));
    QVERIFY(isWholeLibrary(folder / "absent.so"));
}

QTEST_APPLESS_MAIN(TestElfFile)
#include "tst_elffile.moc"
