// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/options.h"
#include "core/plan/presets.h"
#include "tests/support/testsupport.h"

using namespace torchdesk;

class TestPresets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void firstIsTheDefaultPlan();
    void eachIsListedInOrderAndPasses();
    void fileOfAPresetIsAPlanFile();
    void isFoundByItsName();
};

void TestPresets::firstIsTheDefaultPlan()
{
    QVERIFY(!presets().empty());
    QCOMPARE(presets().front().name, std::string("lenet-drawn-digits"));
    QVERIFY(presets().front().plan == TrainingPlan{});
}

void TestPresets::eachIsListedInOrderAndPasses()
{
    const std::vector<std::pair<std::string, std::string>> wanted = {
        {"lenet-drawn-digits", "LeNet on drawn digits, Adam, 5 epochs"},
        {"lenet-mnist", "LeNet on MNIST, Adam, 20 epochs"},
        {"mlp-drawn-digits", "Multi-layer perceptron on drawn digits, Adam, 5 epochs"},
        {"mlp-mnist", "Multi-layer perceptron on MNIST, Adam, 20 epochs"},
        {"resnet20-cifar10", "ResNet-20 on CIFAR-10, SGD with cosine, 60 epochs"},
        {"smallcnn-cifar10", "Small CNN on CIFAR-10, AdamW with one cycle, 20 epochs"},
        {"lenet-fashion-mnist", "LeNet on Fashion-MNIST, Adam, 20 epochs"},
        {"alexnet-pictures", "AlexNet on your pictures, SGD in steps, 20 epochs"},
        {"resnet18-pictures", "ResNet-18 on your pictures, SGD with cosine, 20 epochs"}};
    std::vector<std::pair<std::string, std::string>> found;
    for (const Preset& preset : presets()) {
        found.emplace_back(preset.name, preset.label);
        VERIFY_OK(checkPlan(preset.plan));
        QCOMPARE(preset.namesData, preset.name.find("-pictures") == std::string::npos);
        // The label says what the plan does.
        QVERIFY(preset.label.find(std::to_string(preset.plan.epochs) + " epochs") != std::string::npos);
    }
    QCOMPARE(found, wanted);
}

void TestPresets::fileOfAPresetIsAPlanFile()
{
    for (const Preset& preset : presets()) {
        const auto plan =
            readPlan(std::string(TORCHDESK_SOURCE_DIR) + "/resources/presets/" + preset.name + ".json");
        VERIFY_OK(plan);
        QVERIFY(*plan == preset.plan);
    }
}

void TestPresets::isFoundByItsName()
{
    const auto found = findPreset("mlp-mnist");
    VERIFY_OK(found);
    QCOMPARE(found->plan.model, std::string("mlp"));
    VERIFY_ERROR(findPreset("mlp"),
                 "there is no preset \"mlp\"; there are lenet-drawn-digits, lenet-mnist, ");
}

QTEST_APPLESS_MAIN(TestPresets)
#include "tst_presets.moc"
