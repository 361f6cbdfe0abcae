// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/batch.h"
#include "core/engine/cudalink.h"
#include "core/engine/dropoutmask.h"
#include "core/engine/libtorchengine.h"
#include "core/session/engineloader.h"
#include "tests/engine/enginetestsupport.h"
#include "tests/support/testsupport.h"

#include <cmath>

using namespace torchdesk;
using namespace torchdesk::test;

/// What only a card can answer; skipped with a message where there is none.
class TestCuda : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void deviceIsDescribed();
    void kernelEqualsItsTwin();
    void masksAreTheSameWords();
    void trainsAsTheProcessorDoes();
};

void TestCuda::initTestCase()
{
    must(loadEngine()); // loads LibTorch's part for CUDA where there is a driver
    if (!cudaInUse())
        QSKIP(("No GPU is used here: " + LibTorchEngine().info().whyNoCuda).c_str());
}

void TestCuda::deviceIsDescribed()
{
    const auto devices = LibTorchEngine().devices();
    QVERIFY(devices.size() > 1);
    QCOMPARE(devices[1].id, std::string("cuda:0"));
    QVERIFY(!devices[1].label.empty());
    if (!cudaModule())
        QSKIP("the CUDA module was not built");
    QVERIFY(devices[1].totalMemory >= devices[1].freeMemory && devices[1].freeMemory > 0);
    AllocatorFigures figures;
    const at::Tensor taken = at::empty({1000}, at::TensorOptions(at::kFloat).device("cuda:0"));
    QVERIFY(!cudaModule()->allocatorFigures(0, &figures));
    QVERIFY(figures.current >= taken.nbytes() && figures.peak >= figures.current);
}

void TestCuda::kernelEqualsItsTwin()
{
    Preprocessing preprocessing;
    preprocessing.shape = {3, 17, 5};
    preprocessing.mean = {0.485, 0.456, 0.406};
    preprocessing.deviation = {0.229, 0.224, 0.225};
    const at::Tensor samples = at::randint(256, {40, 3, 17, 5}, at::kByte);
    const at::Tensor indices = at::randint(40, {23}, at::kLong);
    at::Tensor here = at::empty({23, 3, 17, 5});
    Normaliser(preprocessing, at::kCPU).gather(samples, indices, here);
    const at::Device card("cuda:0");
    at::Tensor there = at::empty({23, 3, 17, 5}, at::TensorOptions(at::kFloat).device(card));
    Normaliser(preprocessing, card).gather(samples.to(card), indices.to(card), there);
    QVERIFY((there.to(at::kCPU) - here).abs().max().item<float>() < 1e-6f);
}

void TestCuda::masksAreTheSameWords()
{
    if (!cudaModule())
        QSKIP("the CUDA module was not built");
    const DropoutKey key{5, 0x100000007, 3};
    const at::Tensor here = dropoutMask({7, 29}, at::TensorOptions(at::kFloat), key, 0.3);
    const at::Tensor there = dropoutMask({7, 29}, at::TensorOptions(at::kFloat).device("cuda:0"), key, 0.3);
    QVERIFY(at::equal(here, there.to(at::kCPU)));
}

/// Order, first weights and masks are the same numbers, so the losses differ by rounding only.
void TestCuda::trainsAsTheProcessorDoes()
{
    if (!cudaModule())
        QSKIP("the CUDA module was not built: masks differ");
    TrainingJob job = lenetJob(300, 50, 1);
    const auto here = trained(job)->losses();
    job.plan.device = "cuda:0";
    const auto there = trained(job)->losses();
    QCOMPARE(there.size(), here.size());
    for (std::size_t i = 0; i < here.size(); ++i)
        QVERIFY(std::abs(there[i] - here[i]) < 0.02f);
}

QTEST_GUILESS_MAIN(TestCuda)
#include "tst_cuda.moc"
