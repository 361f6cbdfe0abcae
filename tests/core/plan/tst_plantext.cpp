// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/plan/options.h"
#include "tests/support/testsupport.h"

#include <QProcess>

using namespace torchdesk;

class TestPlanText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void differencesAreShort();
    void differencesLeaveOutWhatDoesNotApply();
    void commandHasOnlyWhatDiffers();
    void shellReadsTheCommandBack();
};

void TestPlanText::differencesAreShort()
{
    TrainingPlan plan;
    QCOMPARE(differences(plan, plan), std::string());
    plan.learningRate = 3e-4;
    plan.seed = 2;
    QCOMPARE(differences(plan, TrainingPlan{}), std::string("lr 3e-4, seed 2"));
    QCOMPARE(differences(plan, TrainingPlan{}, {"seed"}), std::string("lr 3e-4"));
    plan.learningRate = 1.5e-12;
    QCOMPARE(differences(plan, TrainingPlan{}, {"seed"}), std::string("lr 1.5e-12"));
    plan.learningRate = 0.01;
    plan.batchSize = 64;
    plan.data = "mnist";
    QCOMPARE(differences(plan, TrainingPlan{}), std::string("mnist, batch 64, lr 0.01, seed 2"));
}

void TestPlanText::differencesLeaveOutWhatDoesNotApply()
{
    TrainingPlan plan;
    plan.momentum = 0.5;
    QCOMPARE(differences(plan, TrainingPlan{}), std::string());
    plan.optimizer = "sgd";
    QCOMPARE(differences(plan, TrainingPlan{}), std::string("SGD, momentum 0.5"));
}

void TestPlanText::commandHasOnlyWhatDiffers()
{
    TrainingPlan plan;
    QCOMPARE(asCommand(plan), std::string("torchdesk-cli train"));
    plan.epochs = 20;
    plan.learningRate = 3e-4;
    plan.dataFolder = "/data/my sets";
    QCOMPARE(
        asCommand(plan),
        std::string("torchdesk-cli train --data-dir '/data/my sets' --epochs 20 --set learning_rate=0.0003"));
    plan = {};
    plan.model = "-x/it's";
    QCOMPARE(asCommand(plan), std::string("torchdesk-cli train '--model=-x/it'\\''s'"));
}

void TestPlanText::shellReadsTheCommandBack()
{
    TrainingPlan plan;
    plan.model = "./a b/$HOME`id`\"'\\!*.json";
    plan.data = "~/数据/;rm";
    plan.weightDecay = 1e-4;
    plan.seed = 18446744073709551615u;
    const std::string tail = asCommand(plan).substr(std::string("torchdesk-cli").size());
    QProcess shell;
    shell.start("/bin/sh", {"-c", QString::fromStdString("printf '%s\\n'" + tail)});
    QVERIFY(shell.waitForFinished());
    auto words = splitText(shell.readAllStandardOutput().toStdString(), '\n');
    QCOMPARE(words.front(), std::string("train"));
    TrainingPlan read;
    for (std::size_t i = 1; i + 1 < words.size(); i += 2) {
        if (words[i] == "--set") {
            VERIFY_OK(applySetting(read, words[i + 1]));
            continue;
        }
        for (const Option& option : optionTable()) {
            if (option.flag == words[i])
                VERIFY_OK(setOption(read, option.id, words[i + 1]));
        }
    }
    QVERIFY(read == plan);
}

QTEST_APPLESS_MAIN(TestPlanText)
#include "tst_plantext.moc"
