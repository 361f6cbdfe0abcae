// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/pythonmodel.h"
#include "core/formats/safetensors.h"
#include "core/model/catalogue.h"
#include "core/session/engineloader.h"
#include "tests/interop/interoppython.h"

#include <algorithm>
#include <cmath>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

float differenceOf(const std::vector<float>& found, const std::vector<float>& wanted)
{
    if (found.size() != wanted.size())
        return INFINITY;
    float largest = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i)
        largest = std::max(largest, std::abs(found[i] - wanted[i]));
    return largest;
}

} // namespace

/// Our networks under torchvision's weights: the same names, the same shapes, the same answers.
class TestTorchvision : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersAreTorchvisions_data();
    void answersAreTorchvisions();
};

void TestTorchvision::answersAreTorchvisions_data()
{
    QTest::addColumn<QString>("theirs");
    QTest::addColumn<int>("side");
    QTest::newRow("alexnet") << "alexnet" << 224;
    QTest::newRow("resnet18") << "resnet18" << 224;
    QTest::newRow("resnet34") << "resnet34" << 96;
    QTest::newRow("resnet50") << "resnet50" << 128;
    QTest::newRow("mobilenetv2") << "mobilenet_v2" << 160;
}

void TestTorchvision::answersAreTorchvisions()
{
    QFETCH(QString, theirs);
    QFETCH(int, side);
    const TemporaryFolder folder;
    const CliResult result =
        runScript("torchvision_networks.py", {theirs, QString::number(side), QString(folder.path().c_str())});
    QVERIFY2(result.code == 0, result.err.c_str());
    const auto wanted = lastLine(result).get<std::vector<float>>();

    const auto file = findModel(QTest::currentDataTag());
    VERIFY_OK(file);
    const auto model = lower(*file, {3, side, side}, 1000);
    VERIFY_OK(model);
    auto weights = readSafetensorsFile(folder / "weights.safetensors");
    VERIFY_OK(weights);
    // How many batches were seen is no part of what is computed, and ours do not count it.
    std::erase_if(weights->tensors,
                  [](const NamedTensor& one) { return one.name.ends_with(".num_batches_tracked"); });
    const auto engine = loadEngine();
    VERIFY_OK(engine);
    const auto predictor = (*engine)->open(*model, Preprocessing{{3, side, side}, 1.0 / 255, {}, {}, "fit"},
                                           weights->tensors, "cpu");
    VERIFY_OK(predictor); // names and shapes are compared here, none may be missing or over
    const auto samples = readBytes(folder / "samples.bin");
    VERIFY_OK(samples);
    const auto found =
        (*predictor)->logits({reinterpret_cast<const std::uint8_t*>(samples->data()), samples->size()}, 2);
    VERIFY_OK(found);
    QVERIFY2(differenceOf(*found, wanted) <= 1e-5f, std::to_string(differenceOf(*found, wanted)).c_str());

    // And the network as it is exported takes the published weights as they are.
    const auto text = pythonModel(*model);
    VERIFY_OK(text);
    writeFile(folder / "model.py", *text);
    const CliResult ours =
        runScript("model_file.py", {QString(folder.path().c_str()), QString::number(side)});
    QVERIFY2(ours.code == 0, ours.err.c_str());
    QVERIFY(differenceOf(lastLine(ours).get<std::vector<float>>(), wanted) <= 1e-5f);
}

int main(int argc, char** argv)
{
    TestTorchvision test;
    return runInterop(argc, argv, test);
}

#include "tst_torchvision.moc"
