// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "tests/support/testsupport.h"

#include <clocale>
#include <limits>

using namespace torchdesk;

class TestText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void numbersReadTheSameUnderEveryLocale();
    void refusesWhatIsNotExactlyANumber();
    void writesForPeople();
    void shortensAtCharacters();
    void offersTheClosestWord();
    void quotesWordsForAShell();
};

void TestText::numbersReadTheSameUnderEveryLocale()
{
    std::setlocale(LC_ALL, "de_DE.UTF-8");
    QCOMPARE(toReal("0.5").value(), 0.5);
    QCOMPARE(toReal("1e-3").value(), 0.001);
    QCOMPARE(toText(0.001), std::string("0.001"));
    QCOMPARE(fixed(0.98765, 3), std::string("0.988"));
    std::setlocale(LC_ALL, "C");
    // The processor's own not-a-number has its sign set.
    QCOMPARE(fixed(-std::numeric_limits<double>::quiet_NaN(), 4), std::string("nan"));
    QCOMPARE(fixed(-std::numeric_limits<double>::infinity(), 4), std::string("-inf"));
}

void TestText::refusesWhatIsNotExactlyANumber()
{
    for (const char* text : {"", "x", "1x", " 1", "1 ", "0,5", "--1", "1e999"})
        QVERIFY2(!toReal(text), text);
    for (const char* text : {"", "1.0", "9223372036854775808", "0x10"})
        QVERIFY2(!toInteger(text), text);
    QCOMPARE(toInteger("-12").value(), std::int64_t{-12});
    QCOMPARE(toUnsigned("18446744073709551615").value(), std::numeric_limits<std::uint64_t>::max());
}

void TestText::writesForPeople()
{
    QCOMPARE(grouped(44426), std::string("44,426"));
    QCOMPARE(grouped(-1000), std::string("-1,000"));
    QCOMPARE(grouped(999), std::string("999"));
    QCOMPARE(lossText(0.12345), std::string("0.1235"));
    QCOMPARE(lossText(9999.9999), std::string("9999.9999"));
    QCOMPARE(lossText(9999.99999), std::string("1.00e+04"));
    QCOMPARE(lossText(-3.4e38), std::string("-3.40e+38"));
    QCOMPARE(lossText(std::numeric_limits<double>::infinity()), std::string("inf"));
    QCOMPARE(percent(0.9894), std::string("98.94 %"));
    QCOMPARE(duration(0.42), std::string("0.4 s"));
    QCOMPARE(duration(185), std::string("3 min 5 s"));
    QCOMPARE(duration(7800), std::string("2 h 10 min"));
    QCOMPARE(byteSize(2'800'000'000), std::string("2.8 GB"));
    QCOMPARE(byteSize(512), std::string("512 bytes"));
    QCOMPARE(shapeText({6, 24, 24}), std::string("6×24×24"));
}

void TestText::shortensAtCharacters()
{
    QCOMPARE(shortened("äöü", 4), std::string("äö…"));
    QCOMPARE(shortened("a\nb\xff", 10), std::string("a?b?"));
    QCOMPARE(escaped("caf\xe9/ä\n\\"), std::string("caf\\xE9/ä\n\\\\"));
}

void TestText::offersTheClosestWord()
{
    QCOMPARE(closest("lenett", {"lenet", "mlp"}).value(), std::string("lenet"));
    QVERIFY(!closest("resnet152", {"lenet", "mlp"}));
}

void TestText::quotesWordsForAShell()
{
    QCOMPARE(shellWord("a/b-c_1.pt"), std::string("a/b-c_1.pt"));
    QCOMPARE(shellWord("two words"), std::string("'two words'"));
    QCOMPARE(shellWord("it's"), std::string("'it'\\''s'"));
    QCOMPARE(shellWord(""), std::string("''"));
}

QTEST_APPLESS_MAIN(TestText)
#include "tst_text.moc"
