// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/pythonmodel.h"
#include "tests/core/model/modelsupport.h"

using namespace torchdesk;
using namespace torchdesk::test;

class TestPythonModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lenetReadsAsWrittenByHand();
    void attributesReachTheConstructors();
    void classNames_data();
    void classNames();
    void labelCannotBreakOut();
    void branchesAndContainers();
    void unknownNodesAreErrors();
};

void TestPythonModel::lenetReadsAsWrittenByHand()
{
    const auto model = loweredByName("lenet");
    VERIFY_OK(model);
    const auto text = pythonModel(*model);
    VERIFY_OK(text);
    QCOMPARE(*text, std::string(R"(# LeNet (Keras form): 44,426 parameters. Written by TorchDesk.
# Input: batch×1×28×28, output: batch×10 (logits).
from torch import nn


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, kernel_size=5)
        self.relu1 = nn.ReLU()
        self.pool1 = nn.MaxPool2d(2)
        self.conv2 = nn.Conv2d(6, 16, kernel_size=5)
        self.relu2 = nn.ReLU()
        self.pool2 = nn.MaxPool2d(2)
        self.flatten1 = nn.Flatten()
        self.fc1 = nn.Linear(256, 120)
        self.relu3 = nn.ReLU()
        self.dropout1 = nn.Dropout(0.5)
        self.fc2 = nn.Linear(120, 84)
        self.relu4 = nn.ReLU()
        self.dropout2 = nn.Dropout(0.5)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = self.relu1(self.conv1(x))
        x = self.pool1(x)
        x = self.relu2(self.conv2(x))
        x = self.flatten1(self.pool2(x))
        x = self.dropout1(self.relu3(self.fc1(x)))
        x = self.dropout2(self.relu4(self.fc2(x)))
        return self.fc3(x)
)"));
}

void TestPythonModel::attributesReachTheConstructors()
{
    const auto model = loweredOf(modelText(
        R"({"kind":"conv2d","filters":4,"kernel":[3,5],"stride":2,"padding":[1,0],"bias":false},
        {"kind":"maxpool2d","kernel":3,"stride":[2,1],"padding":1},{"kind":"flatten"},
        {"kind":"linear","features":10,"bias":false})"));
    VERIFY_OK(model);
    const auto text = pythonModel(*model);
    VERIFY_OK(text);
    for (const char* line :
         {"self.conv2d1 = nn.Conv2d(1, 4, kernel_size=(3, 5), stride=2, padding=(1, 0), bias=False)\n",
          "self.maxpool2d1 = nn.MaxPool2d(3, stride=(2, 1), padding=1)\n",
          "self.linear1 = nn.Linear(336, 10, bias=False)\n"})
        QVERIFY2(text->find(line) != std::string::npos, text->c_str());
}

void TestPythonModel::classNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("label");
    QTest::addColumn<QString>("wanted");
    QTest::newRow("label spells") << "lenet"
                                  << "LeNet (Keras form)"
                                  << "LeNet";
    QTest::newRow("past a hyphen") << "resnet18"
                                   << "ResNet-18"
                                   << "ResNet18";
    QTest::newRow("label differs") << "mlp"
                                   << "Multi-layer perceptron"
                                   << "Mlp";
    QTest::newRow("words") << "my-small net"
                           << "Mine"
                           << "MySmallNet";
    QTest::newRow("digit") << "3layers"
                           << "Three"
                           << "Net3layers";
    QTest::newRow("keyword") << "none"
                             << ""
                             << "NetNone";
    QTest::newRow("no letters") << "数据"
                                << "数据"
                                << "Net";
}

void TestPythonModel::classNames()
{
    QFETCH(QString, name);
    QFETCH(QString, label);
    QFETCH(QString, wanted);
    LoweredModel model;
    model.name = name.toStdString();
    model.label = label.toStdString();
    QCOMPARE(QString::fromStdString(pythonClassName(model)), wanted);
}

void TestPythonModel::labelCannotBreakOut()
{
    auto model = loweredByName("mlp");
    VERIFY_OK(model);
    model->label = "a\nimport os\r\xff\"\"\"";
    const auto text = pythonModel(*model);
    VERIFY_OK(text);
    QVERIFY2(text->starts_with("# a?import os??\"\"\": "), text->c_str());
}

void TestPythonModel::branchesAndContainers()
{
    const auto file = modelFromJson(
        Json::parse(
            R"({"format":1,"label":"Tiny","input":[2,4,4],"classes":2,"body":{"kind":"sequential","layers":[
            {"kind":"sequential","name":"layer1","layers":[
              {"kind":"conv2d","filters":2,"kernel":3,"padding":1,"bias":false},{"kind":"batchnorm2d","name":"bn"}]},
            {"kind":"residual","body":{"kind":"conv2d","name":"conv2","filters":4,"kernel":1,"stride":2},
              "shortcut":{"kind":"subsample","channels":4,"stride":2}},
            {"kind":"concat","branches":[{"kind":"relu"},{"kind":"avgpool2d","kernel":1}]},
            {"kind":"adaptiveavgpool2d","name":"pool"},{"kind":"flatten"},
            {"kind":"linear","name":"fc","features":2}]}})"),
        "tiny", "tiny.json");
    VERIFY_OK(file);
    const auto model = lower(*file, {2, 4, 4}, 2);
    VERIFY_OK(model);
    const auto text = pythonModel(*model);
    VERIFY_OK(text);
    const std::string wanted = R"(import torch
from torch import nn


class Tiny(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer1 = nn.ModuleDict({
            "0": nn.Conv2d(2, 2, kernel_size=3, padding=1, bias=False),
            "bn": nn.BatchNorm2d(2),
        })
        self.conv2 = nn.Conv2d(2, 4, kernel_size=1, stride=2)
        self.relu1 = nn.ReLU()
        self.avgpool2d1 = nn.AvgPool2d(1)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flatten1 = nn.Flatten()
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        x1 = self.layer1["0"](x)
        x2 = self.layer1["bn"](x1)
        x3 = self.conv2(x2)
        x4 = nn.functional.pad(x2[:, :, ::2, ::2], (0, 0, 0, 0, 1, 1))
        x5 = x3 + x4
        x6 = self.relu1(x5)
        x7 = self.avgpool2d1(x5)
        x8 = torch.cat((x6, x7), dim=1)
        x9 = self.pool(x8)
        x10 = self.flatten1(x9)
        return self.fc(x10)
)";
    QVERIFY2(text->ends_with(wanted), text->c_str());
}

void TestPythonModel::unknownNodesAreErrors()
{
    auto model = loweredByName("lenet");
    VERIFY_OK(model);
    model->nodes[3].kind = "conv3d";
    VERIFY_ERROR(pythonModel(*model), "cannot be written as Python: its node 3 (conv3d) is not known.");
    model = loweredByName("lenet");
    model->nodes[3].name = "x = os";
    VERIFY_ERROR(pythonModel(*model), "cannot be written as Python");
    VERIFY_ERROR(pythonModel(LoweredModel{}), "it has no layers");
}

QTEST_APPLESS_MAIN(TestPythonModel)
#include "tst_pythonmodel.moc"
