// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "gui/pages/balancerow.h"
#include "gui/pages/newrunpage.h"
#include "tests/gui/support/windowundertest.h"
#include "tests/support/testsupport.h"
#include "tests/support/tinydata.h"

using namespace torchdesk;
using test::WindowUnderTest;

namespace {

/// 300 training pictures, every thirtieth of them a 7 and all others a 1.
std::string writeUnevenDigits(const std::filesystem::path& folder)
{
    std::filesystem::create_directory(folder);
    test::writeTinyDigits(folder);
    const auto file = folder / "train-labels-idx1-ubyte";
    constexpr std::size_t header = 8;
    std::string labels = readText(file).value();
    for (std::size_t i = header; i < labels.size(); ++i)
        labels[i] = (i - header) % 30 == 0 ? 7 : 1;
    test::writeFile(file, labels);
    return folder.string();
}

} // namespace

class TestBalanceRow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { test::prepareGui(); }
    void init() { test::failOnWarnings(); }

    void namesBothClasses();
    void offersToBalanceUnevenClasses();
};

void TestBalanceRow::namesBothClasses()
{
    const ClassImbalance found{1, 0, 5000, 120};
    QCOMPARE(balanceText(found, {"rare", "benign"}, "none"),
             QStringLiteral("Uneven classes: 'benign' has 5,000 training samples, 'rare' 120."));
    QVERIFY(balanceText(found, {"rare", "benign"}, "weights").endsWith(". Balanced by weights in the loss."));
    QVERIFY(balanceText(found, {"rare", "benign"}, "sampling").endsWith(". Balanced by sampling."));
}

void TestBalanceRow::offersToBalanceUnevenClasses()
{
    WindowUnderTest test;
    test.enter();
    QVERIFY(test.child<QWidget>("balanceRow")->isHidden());
    TrainingPlan plan = test.plan();
    plan.data = writeUnevenDigits(test.folder() / "uneven");
    test.enter(plan);
    QVERIFY(test.child<QWidget>("balanceRow")->isVisible());
    QVERIFY2(test.label("balanceText").contains("Uneven classes: '1' has 261 training samples, '7' 9."),
             qPrintable(test.label("balanceText")));
    test.button("balanceClasses")->setFocus();
    test.click("balanceClasses");
    QCOMPARE(test.bridge().plan().recipe.classBalance, std::string("weights"));
    QCOMPARE(test.child<OptionField>("field_class_balance")->value(), QStringLiteral("weights"));
    QVERIFY(test.label("moreSummary").contains("class balance weights"));
    // It stays in its place while the plan is being checked again.
    QVERIFY(test.child<QWidget>("balanceRow")->isVisible());
    QVERIFY(test.button("balanceClasses")->hasFocus());
    QCOMPARE(test.button("balanceClasses")->text(), QStringLiteral("Do not balance"));
    QVERIFY(test.label("balanceText").contains("Balanced by weights in the loss."));
    QTRY_VERIFY_WITH_TIMEOUT(test.bridge().canTrain(), 60'000);
    test.click("moreSettings");
    auto* field = test.child<NoteCombo>("class_balance");
    field->setCurrentIndex(field->findData(QStringLiteral("sampling")));
    QTRY_VERIFY(test.label("balanceText").contains("Balanced by sampling."));
    test.click("balanceClasses");
    QCOMPARE(field->value(), QStringLiteral("none"));
    QVERIFY(test.button("balanceClasses")->text().contains("weights"));
    // Other data: nothing is known of their classes before they are checked.
    test.child<NewRunPage>("newRunPage")->showPlan(test.plan());
    QVERIFY(test.child<QWidget>("balanceRow")->isHidden());
}

QTEST_MAIN(TestBalanceRow)
#include "tst_balancerow.moc"
