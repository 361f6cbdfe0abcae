// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/newrunpage.h"
#include "gui/widgets/verdictlabel.h"
#include "tests/gui/support/windowundertest.h"
#include "tests/support/testsupport.h"

#include <QPushButton>

using namespace torchdesk;
using test::WindowUnderTest;

/// The buttons below the verdict: other plans.
class TestPlanOffers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { test::prepareGui(); }
    void init() { test::failOnWarnings(); }

    void offersAShorterPlan();
    void offersPicturesThatTheModelTakes();
};

void TestPlanOffers::offersAShorterPlan()
{
    WindowUnderTest files; // for its data
    BridgeSetup setup;
    FakeScript script;
    script.secondsPerStep = 0.03;
    setup.runs = files.runs();
    setup.loader = [script]() -> Expected<std::shared_ptr<Engine>> {
        return std::make_shared<FakeEngine>(script);
    };
    Bridge bridge(setup);
    NewRunPage page(bridge);
    bridge.begin();
    TrainingPlan plan = files.plan(100'000);
    plan.model = "resnet20";
    page.showPlan(plan);
    QTRY_VERIFY(page.findChild<QPushButton*>("planOffer"));
    QVERIFY(page.findChild<VerdictLabel*>("verdict")->text().contains("Shorter would be"));
    auto* shorter = page.findChild<QPushButton*>("planOffer");
    QVERIFY2(shorter->text().contains(" instead, about "), qPrintable(shorter->text()));
    shorter->click();
    QVERIFY(bridge.plan().model != "resnet20");
    QTRY_VERIFY(bridge.verdict().measurement);
}

// The digits are 28 pixels wide, too small for AlexNet.
void TestPlanOffers::offersPicturesThatTheModelTakes()
{
    WindowUnderTest test;
    const test::ScopedVariable cache("TORCHDESK_CACHE", (test.folder() / "cache").string());
    TrainingPlan plan = test.plan();
    test.enter(plan);
    plan.model = "alexnet";
    auto* page = test.window().findChild<NewRunPage*>();
    page->showPlan(plan);
    QTRY_VERIFY(test.window().findChild<QPushButton*>("planOffer"));
    auto* offer = test.child<QPushButton>("planOffer");
    QCOMPARE(offer->text(), QString("Scale the pictures to 224×224"));
    QVERIFY2(test.verdict().contains("(picture_size) set to 224"), qPrintable(test.verdict()));
    QVERIFY(!test.button("train")->isEnabled());
    offer->click();
    QTRY_VERIFY(test.bridge().canTrain());
    QTRY_VERIFY(!test.window().findChild<QPushButton*>("planOffer"));
    QCOMPARE(test.bridge().verdict().job->model.input, (Shape{1, 224, 224}));
    QCOMPARE(test.bridge().plan().pictures.size, std::int64_t{224});
}

QTEST_MAIN(TestPlanOffers)
#include "tst_planoffers.moc"
