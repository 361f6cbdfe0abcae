// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/base/sha256.h"
#include "tests/support/testsupport.h"

using namespace torchdesk;

class TestFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesAndReadsBack();
    void namesWhatIsWrong();
    void hashes();
};

void TestFiles::writesAndReadsBack()
{
    test::TemporaryFolder folder;
    VERIFY_OK(writeAtomically(folder / "a", "one"));
    VERIFY_OK(writeAtomically(folder / "a", "two"));
    QCOMPARE(readText(folder / "a").value(), std::string("two"));
    QCOMPARE(std::distance(std::filesystem::directory_iterator(folder.path()), {}), std::ptrdiff_t{1});
}

void TestFiles::namesWhatIsWrong()
{
    test::TemporaryFolder folder;
    VERIFY_ERROR(readText(folder / "absent"), "No such file");
    VERIFY_ERROR(readText(folder.path()), "is a folder, a file was wanted");
    test::writeFile(folder / "large", std::string(100, 'x'));
    VERIFY_ERROR(readText(folder / "large", 10), "has 100 bytes, at most 10 bytes");
    QCOMPARE(readText(folder / "absent").error().kind, ErrorKind::NotFound);
}

void TestFiles::hashes()
{
    test::TemporaryFolder folder;
    test::writeFile(folder / "abc", "abc");
    QCOMPARE(sha256OfFile(folder / "abc").value(),
             std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}

QTEST_APPLESS_MAIN(TestFiles)
#include "tst_files.moc"
