// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/philox.h"
#include "core/session/commands.h"
#include "tests/support/testsupport.h"

using namespace torchdesk;

namespace {

const std::vector<std::pair<Command, std::string>>& lines()
{
    static const std::vector<std::pair<Command, std::string>> all{
        {Start{}, R"({"command":"start"})"},
        {Pause{}, R"({"command":"pause"})"},
        {Resume{}, R"({"command":"resume"})"},
        {Stop{Stop::When::Now}, R"({"command":"stop","when":"now"})"},
        {Stop{Stop::When::AfterEpoch}, R"({"command":"stop","when":"after_epoch"})"},
        {Change{"learning_rate", 0.0003}, R"({"command":"change","id":"learning_rate","value":0.0003})"},
        {TakeSnapshot{}, R"({"command":"snapshot"})"}};
    return all;
}

} // namespace

class TestCommands : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyCommandComesBack();
    void stopWithoutWhenIsNow();
    void wrongInputIsNamed_data();
    void wrongInputIsNamed();
    void mutantsNeverThrow();
};

void TestCommands::everyCommandComesBack()
{
    for (const auto& [command, text] : lines()) {
        QCOMPARE(toJson(command).dump(), text);
        const auto back = commandFromJson(Json::parse(text));
        VERIFY_OK(back);
        QVERIFY2(*back == command, text.c_str());
    }
}

void TestCommands::stopWithoutWhenIsNow()
{
    const auto stop = commandFromJson(Json::parse(R"({"command":"stop"})"));
    VERIFY_OK(stop);
    QVERIFY(*stop == Command(Stop{Stop::When::Now}));
}

void TestCommands::wrongInputIsNamed_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    QTest::newRow("text") << R"("stop")"
                          << R"(command: found "stop", wanted a JSON object.)";
    QTest::newRow("nothing") << "{}"
                             << "command: command: found nothing, wanted this field.";
    QTest::newRow("name")
        << R"({"command":"halt"})"
        << R"(command: found "halt", wanted start, pause, resume, stop, change or snapshot.)";
    QTest::newRow("when") << R"({"command":"stop","when":"later"})"
                          << R"(when: found "later", wanted "now" or "after_epoch".)";
    QTest::newRow("id") << R"({"command":"change","value":1})"
                        << "id: found nothing, wanted this field.";
    QTest::newRow("value") << R"({"command":"change","id":"learning_rate","value":"fast"})"
                           << R"(value: found "fast", wanted a number.)";
    QTest::newRow("unknown key") << R"({"command":"pause","when":"now"})"
                                 << "when: found an unknown key";
}

void TestCommands::wrongInputIsNamed()
{
    QFETCH(QString, text);
    QFETCH(QString, message);
    VERIFY_ERROR(commandFromJson(Json::parse(text.toStdString())), message.toStdString());
}

void TestCommands::mutantsNeverThrow()
{
    Random random(13, Purpose::Order);
    int taken = 0;
    int refused = 0;
    for (int i = 0; i < 4000; ++i) {
        std::string text = lines()[random.below(static_cast<std::uint32_t>(lines().size()))].second;
        text[random.below(static_cast<std::uint32_t>(text.size()))] =
            "0123456789{}[],:\"-enulltrue."[random.below(28)];
        const auto json = parseJson(text, "line");
        const auto command = json ? commandFromJson(*json) : failure(ErrorKind::InvalidInput, "");
        ++(command ? taken : refused);
        if (command)
            QVERIFY(commandFromJson(toJson(*command)) == command);
    }
    QVERIFY(taken > 20);
    QVERIFY(refused > 20);
}

QTEST_APPLESS_MAIN(TestCommands)
#include "tst_commands.moc"
