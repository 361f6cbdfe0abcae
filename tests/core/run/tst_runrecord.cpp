// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/runrecord.h"
#include "tests/core/run/runsamples.h"
#include "tests/support/testsupport.h"

#include <cmath>

using namespace torchdesk;
using namespace torchdesk::test;

class TestRunRecord : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatWasWritten();
    void keepsWhatIsNotFinite();
    void writesForOtherPrograms();
    void refuses_data();
    void refuses();
    void knowsTheBetterEpoch();
};

void TestRunRecord::readsWhatWasWritten()
{
    const RunRecord record = finishedRecord();
    const auto read = runRecordFromJson(Json::parse(toJson(record).dump()), "run.json");
    VERIFY_OK(read);
    QVERIFY(*read == record);
    RunRecord fresh;
    fresh.name = "fresh";
    QVERIFY(runRecordFromJson(toJson(fresh), "run.json").value() == fresh);
}

void TestRunRecord::keepsWhatIsNotFinite()
{
    RunRecord record = finishedRecord();
    record.epochs[0].trainLoss = std::nan("");
    record.epochs[0].validationLoss = INFINITY;
    record.epochs[1].validationLoss.reset();
    const Json json = toJson(record);
    QVERIFY(json.at("epochs").at(0).at("train_loss").is_null());
    const auto read = runRecordFromJson(json, "run.json");
    VERIFY_OK(read);
    QVERIFY(std::isnan(read->epochs[0].trainLoss));
    QVERIFY(std::isnan(read->epochs[0].validationLoss.value()));
    QVERIFY(!read->epochs[1].validationLoss);
    QCOMPARE(read->epochs[1].trainLoss, record.epochs[1].trainLoss);
}

void TestRunRecord::writesForOtherPrograms()
{
    const Json json = toJson(finishedRecord());
    QCOMPARE(json.at("format").get<int>(), 1);
    QCOMPARE(json.at("best_epoch").get<int>(), 1);
    QCOMPARE(json.at("plan").at("epochs").get<int>(), 2);
    QCOMPARE(json.at("finished").at("outcome").get<std::string>(), std::string("completed"));
    QCOMPARE(json.at("epochs").at(1).at("validation_accuracy").get<double>(), 0.75);
    QVERIFY(!json.at("epochs").at(1).contains("event"));
}

void TestRunRecord::refuses_data()
{
    QTest::addColumn<QByteArray>("pointer");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("why");
    const auto row = [](const char* pointer, const char* value, const char* why) {
        QTest::addRow("%s %s", pointer, value) << QByteArray(pointer) << QByteArray(value) << QString(why);
    };
    row("/format", "2",
        "run.json is from a newer version of TorchDesk (format 2, this one reads 1). Update TorchDesk.");
    row("/format", "\"1\"", "run.json: format: found \"1\", wanted 1.");
    row("/name", "7", "run.json: name: found 7, wanted a text.");
    row("/started_at", "\"now\"", "run.json: started_at: found \"now\", wanted a number.");
    row("/colour", "1", "run.json: colour: found an unknown key");
    row("/plan/epochs", "-3", "run.json: plan: epochs");
    row("/epochs", "{}", "run.json: epochs: found {}, wanted an array.");
    row("/epochs/1", "5", "run.json: epochs[1]: found 5, wanted a JSON object.");
    row("/epochs/1/train_loss", "\"x\"", "run.json: epochs[1].train_loss: found \"x\"");
    row("/epochs/0/epoch", "0", "run.json: epochs[0].epoch: found 0");
    row("/finished/outcome", "\"lost\"", "run.json: finished.outcome: found \"lost\"");
    row("/started", "3", "run.json: started: found 3, wanted a JSON object.");
    row("/environment", "[]", "run.json: environment: found [], wanted a JSON object.");
    row("/environment/host", "1", "run.json: environment.host: found 1, wanted a text.");
}

void TestRunRecord::refuses()
{
    QFETCH(QByteArray, pointer);
    QFETCH(QByteArray, value);
    QFETCH(QString, why);
    Json json = toJson(finishedRecord());
    json[Json::json_pointer(pointer.toStdString())] = Json::parse(value.toStdString());
    VERIFY_ERROR(runRecordFromJson(json, "run.json"), why.toStdString());
    VERIFY_ERROR(runRecordFromJson(Json::array(), "run.json"), "run.json: found [], wanted a JSON object.");
    Json lacking = toJson(finishedRecord());
    lacking.erase("plan");
    VERIFY_ERROR(runRecordFromJson(lacking, "run.json"), "run.json: plan: found nothing");
}

void TestRunRecord::knowsTheBetterEpoch()
{
    const auto row = [](std::int64_t epoch, std::optional<double> accuracy, std::optional<double> loss) {
        EpochDone done;
        done.epoch = epoch;
        done.validationAccuracy = accuracy;
        done.validationLoss = loss;
        return done;
    };
    QVERIFY(isBetter(row(2, 0.9, 1), row(1, 0.8, 0.5)));
    QVERIFY(!isBetter(row(2, 0.7, 0.1), row(1, 0.8, 0.5)));
    QVERIFY(isBetter(row(2, 0.8, 0.4), row(1, 0.8, 0.5)));
    QVERIFY(!isBetter(row(2, 0.8, 0.5), row(1, 0.8, 0.5)));
    QVERIFY(isBetter(row(1, 0.8, 0.5), row(2, 0.8, 0.5)));
    QVERIFY(isBetter(row(2, 0.7, 0.4), row(1, 0.8, 0.5), "loss"));
    QVERIFY(isBetter(row(2, 0.9, 0.5), row(1, 0.8, 0.5), "loss"));
    QVERIFY(!isBetter(row(2, 0.8, 0.5), row(1, 0.8, 0.5), "loss"));
    EpochDone even = row(1, 0.8, 0.5);
    even.validationF1 = 0.75;
    even.validationTop5 = 0.9;
    EpochDone later = row(2, 0.9, 0.4);
    later.validationF1 = 0.6;
    later.validationTop5 = 0.9;
    QVERIFY(isBetter(later, even) && !isBetter(later, even, "f1") && isBetter(even, later, "f1"));
    QVERIFY(isBetter(later, even, "top5")); // alike: by accuracy
    QVERIFY(!risingFigure(even, "loss") && risingFigure(even, "f1") == 0.75);
    QVERIFY(isBetter(row(2, {}, {}), row(1, {}, {})));
    QVERIFY(!isBetter(row(1, {}, {}), row(2, {}, {})));
    QVERIFY(!isBetter(row(2, std::nan(""), 0.1), row(1, 0.1, 2)));
    QVERIFY(isBetter(row(2, 0.1, 2), row(1, std::nan(""), 0.1)));
    QVERIFY(isBetter(row(2, 0.8, 0.5), row(1, 0.8, std::nan(""))));
}

QTEST_APPLESS_MAIN(TestRunRecord)
#include "tst_runrecord.moc"
