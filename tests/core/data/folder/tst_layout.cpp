// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/folder/filekinds.h"
#include "core/data/folder/layout.h"
#include "tests/support/testsupport.h"

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

FolderListing listingOf(const std::vector<std::string>& paths, std::vector<std::string> folders = {})
{
    FolderListing listing;
    for (const std::string& path : paths)
        listing.pictures.push_back({path, 1, 0});
    listing.folders = std::move(folders);
    return listing;
}

/// "train:a:1.jpg" for each picture, "-" for one that is left out.
std::string told(const FolderLayout& layout)
{
    static const char* const parts[] = {"", "train:", "val:", "test:"};
    std::string text;
    for (const PicturePlace& place : layout.places) {
        text += text.empty() ? "" : " ";
        text += place.label < 0
                    ? std::string("-")
                    : parts[static_cast<int>(place.part)] +
                          layout.classes[static_cast<std::size_t>(place.label)] + ':' + place.inside;
    }
    return text;
}

} // namespace

class TestLayout : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsBothForms_data();
    void readsBothForms();
    void classesAreSortedAsTorchvisionSortsThem();
    void countsWhatIsLeftOut();
    void sketchesWhatIsExpected();
    void saysWhatIsNoClass();
    void namesArchivesInside();
    void tellsKindsByName();
};

void TestLayout::readsBothForms_data()
{
    QTest::addColumn<QString>("paths");
    QTest::addColumn<QString>("expected");
    QTest::newRow("classes") << "a/1.jpg b/2.jpg"
                             << "a:1.jpg b:2.jpg";
    QTest::newRow("deeper folders belong to the class") << "a/s/1.jpg b/2.jpg"
                                                        << "a:s/1.jpg b:2.jpg";
    QTest::newRow("parts") << "train/a/1.jpg train/b/2.jpg val/a/3.jpg test/b/4.jpg"
                           << "train:a:1.jpg train:b:2.jpg val:a:3.jpg test:b:4.jpg";
    QTest::newRow("other words") << "Training/a/1.jpg Training/b/2.jpg validation/a/3.jpg testing/b/4.jpg"
                                 << "train:a:1.jpg train:b:2.jpg val:a:3.jpg test:b:4.jpg";
    QTest::newRow("only train") << "train/a/1.jpg train/b/2.jpg"
                                << "train:a:1.jpg train:b:2.jpg";
    QTest::newRow("wrapped") << "set/a/1.jpg set/b/2.jpg"
                             << "a:1.jpg b:2.jpg";
    QTest::newRow("wrapped twice, with parts") << "x/y/train/a/1.jpg x/y/train/b/2.jpg x/y/val/b/3.jpg"
                                               << "train:a:1.jpg train:b:2.jpg val:b:3.jpg";
    QTest::newRow("a class called test") << "test/1.jpg cats/2.jpg"
                                         << "test:1.jpg cats:2.jpg";
    QTest::newRow("beside") << "a/1.jpg b/2.jpg 3.jpg"
                            << "a:1.jpg b:2.jpg -";
    QTest::newRow("beside a wrapper") << "wrap/logo.png wrap/flowers/a/1.jpg wrap/flowers/b/2.jpg"
                                      << "- a:1.jpg b:2.jpg";
    QTest::newRow("beside a wrapper with parts") << "logo.png set/train/a/1.jpg set/train/b/2.jpg"
                                                 << "- train:a:1.jpg train:b:2.jpg";
    QTest::newRow("beside train") << "train/a/1.jpg train/b/2.jpg more/a/3.jpg val/4.jpg val/c/5.jpg"
                                  << "train:a:1.jpg train:b:2.jpg - - -";
}

void TestLayout::readsBothForms()
{
    QFETCH(QString, paths);
    QFETCH(QString, expected);
    std::vector<std::string> list;
    for (const QString& path : paths.split(' '))
        list.push_back(path.toStdString());
    const auto layout = layoutOf(listingOf(list), "set");
    VERIFY_OK(layout);
    QCOMPARE(QString::fromStdString(told(*layout)), expected);
}

void TestLayout::classesAreSortedAsTorchvisionSortsThem()
{
    // sorted() of Python: by code points, so capitals first and 10 before 2.
    const auto layout = layoutOf(
        listingOf({"b/1.jpg", "2/1.jpg", "10/1.jpg", "B/1.jpg", "\xc3\xa9/1.jpg", "z/1.jpg"}), "set");
    VERIFY_OK(layout);
    QVERIFY((layout->classes == std::vector<std::string>{"10", "2", "B", "b", "z", "\xc3\xa9"}));
}

void TestLayout::countsWhatIsLeftOut()
{
    const auto layout = layoutOf(listingOf({"train/a/1.jpg", "train/b/1.jpg", "more/x/1.jpg", "val/1.jpg",
                                            "val/c/1.jpg", "train/\xff\xfe/1.jpg"},
                                           {"train", "train/a", "train/b", "train/empty", "val", "val/none"}),
                                 "set");
    VERIFY_OK(layout);
    QCOMPARE(layout->otherFolders.count, std::int64_t{1});
    QCOMPARE(layout->outside.names.at(0), std::string("val/1.jpg"));
    QCOMPARE(layout->unknownClasses.names.at(0), std::string("val/c/1.jpg"));
    QCOMPARE(layout->unreadableNames.names.at(0), std::string("train/?"
                                                              "?/1.jpg"));
    QVERIFY(layout->emptyClasses == std::vector<std::string>{"empty"});
}

void TestLayout::sketchesWhatIsExpected()
{
    VERIFY_ERROR(layoutOf(listingOf({"1.jpg", "2.jpg"}), "set"),
                 "set: found 2 pictures side by side, wanted a folder for each class: set/cats/1.jpg, "
                 "set/dogs/2.jpg, or with parts set/train/cats/1.jpg, set/val/cats/2.jpg");
    VERIFY_ERROR(layoutOf(listingOf({"cats/1.jpg", "cats/2.jpg"}), "set"), "found one class only (\"cats\")");
    VERIFY_ERROR(layoutOf(listingOf({"val/a/1.jpg", "test/b/2.jpg"}), "set"), "none called train");
    VERIFY_ERROR(layoutOf(listingOf({}), "set"), "found no JPEG, PNG or TIFF pictures");
    VERIFY_ERROR(layoutOf(listingOf({"\xff/1.jpg", "\xfe/2.jpg"}), "set"), "no UTF-8");
    FolderListing foreign;
    for (int i = 0; i < 412; ++i)
        foreign.foreign["CZI"].add(std::to_string(i) + ".czi");
    foreign.foreign["GIF"].add("x.gif");
    VERIFY_ERROR(layoutOf(foreign, "set"), "set: 412 CZI files, 1 GIF file found: save them as TIFF first.");
}

void TestLayout::saysWhatIsNoClass()
{
    const FolderListing named = listingOf({"a/1.jpg", "\xe9t\xe9/1.jpg"}, {"a", "\xe9t\xe9"});
    VERIFY_ERROR(layoutOf(named, "set"), "found one class only (\"a\")");
    VERIFY_ERROR(layoutOf(named, "set"),
                 "1 picture lies in a folder whose name is no UTF-8, so it is no class "
                 "until it is renamed: ?t?/1.jpg.");
    VERIFY_ERROR(layoutOf(listingOf({"a/1.jpg", "2.jpg", "3.jpg"}), "set"),
                 "2 pictures lie beside the class folders, outside any class: 2.jpg, 3.jpg.");
    VERIFY_ERROR(layoutOf(listingOf({"a/1.jpg"}, {"a", "b"}), "set"), "pictures were found in b.");
    // One folder in the wrapper is no reason to look through it: the class is called as it was.
    VERIFY_ERROR(layoutOf(listingOf({"logo.png", "a/1.jpg", "a/s/2.jpg"}), "set"),
                 "found one class only (\"a\")");
    const auto both =
        layoutOf(listingOf({"a/1.jpg", "b/1.jpg", "\xff/1.jpg"}, {"a", "b", "\xff", "\xfe"}), "set");
    VERIFY_OK(both);
    QCOMPARE(both->unreadableNames.count, std::int64_t{1});
    QVERIFY(both->emptyClasses == std::vector<std::string>{"?"}); // the other one, which is empty
    const auto wrapped = layoutOf(listingOf({"x/logo.png", "x/set/a/1.jpg", "x/set/b/1.jpg"}), "set");
    VERIFY_OK(wrapped);
    QCOMPARE(wrapped->wrapper, std::string("x/set"));
    QCOMPARE(wrapped->outside.names.at(0), std::string("x/logo.png"));
}

void TestLayout::namesArchivesInside()
{
    FolderListing listing;
    listing.archives.add("inner.zip");
    VERIFY_ERROR(
        layoutOf(listing, "nested.zip"),
        "nested.zip: found no JPEG, PNG or TIFF pictures, but 1 archive inside: inner.zip. Unpack it");
}

void TestLayout::tellsKindsByName()
{
    QVERIFY(fileKind("a/inner.zip") == EntryKind::Archive);
    QVERIFY(fileKind("a/b.JPG") == EntryKind::Picture);
    QVERIFY(fileKind("a/b.tif") == EntryKind::Picture);
    QVERIFY(fileKind("a/b.nii.gz") == EntryKind::Foreign);
    QCOMPARE(formatName("a/b.nii.gz"), std::string("NIfTI"));
    QVERIFY(fileKind("a/list.txt") == EntryKind::Other);
    QVERIFY(fileKind("__MACOSX/a/b.jpg") == EntryKind::Hidden);
    QVERIFY(fileKind("a/._b.jpg") == EntryKind::Hidden);
    QVERIFY(isArchiveName("x.tar.gz") && isArchiveName("X.ZIP") && !isArchiveName("x.gz"));
}

QTEST_APPLESS_MAIN(TestLayout)
#include "tst_layout.moc"
