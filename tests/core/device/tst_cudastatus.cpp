// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device/cudastatus.h"
#include "tests/support/testsupport.h"

using namespace torchdesk;
using namespace torchdesk::test;

/// The fake NVML stands in for libcuda.so.1 too: only that it can be opened counts.
class TestCudaStatus : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutADriverNothingIsLoaded();
    void anOldDriverIsNamed();
    void missingLibrariesAreToldWithTheWayOut();
    void aGoodDriverLoadsTheLibrary();
    void sentences();

private:
    CudaStatus lookWith(const std::string& driver)
    {
        const ScopedVariable script("TORCHDESK_FAKE_NVML", R"({"driver": ")" + driver + R"("})");
        return openCuda(m_libtorch.path());
    }

    TemporaryFolder m_libtorch;
    ScopedVariable m_nvml{"TORCHDESK_NVML", TORCHDESK_FAKE_NVML_FILE};
    ScopedVariable m_driver{"TORCHDESK_LIBCUDA", TORCHDESK_FAKE_NVML_FILE};
};

void TestCudaStatus::withoutADriverNothingIsLoaded()
{
    QVERIFY(cudaStatus().problem == CudaProblem::NoCard);
    const ScopedVariable none("TORCHDESK_LIBCUDA", "/nowhere/libcuda.so.1");
    const CudaStatus status = lookWith("580.65.06");
    QVERIFY(!status.driverPresent && !status.librariesLoaded);
    QCOMPARE(status.sentence,
             std::string("No NVIDIA card was found, so training runs on the processor. That is fine for "
                         "small networks."));
    QVERIFY(cudaStatus() == status);
}

void TestCudaStatus::anOldDriverIsNamed()
{
    const CudaStatus status = lookWith("550.54.14");
    QVERIFY(status.driverPresent && !status.librariesLoaded);
    QCOMPARE(status.driverVersion, std::string("550.54.14"));
    QCOMPARE(status.sentence, std::string("Driver 550 found, 580 or newer needed."));
}

void TestCudaStatus::missingLibrariesAreToldWithTheWayOut()
{
    writeFile(m_libtorch / "lib/libtorch_cuda.so", "no library");
    const CudaStatus status = lookWith("580.65.06");
    QVERIFY(status.problem == CudaProblem::LibrariesMissing);
    QCOMPARE(status.sentence, std::string("CUDA libraries missing (2.8 GB): installer/setup --cuda"));
    QVERIFY(status.details.find("libtorch_cuda.so") != std::string::npos);
    QVERIFY(cudaStatus() == status);
}

void TestCudaStatus::aGoodDriverLoadsTheLibrary()
{
    std::filesystem::remove(m_libtorch / "lib/libtorch_cuda.so");
    std::filesystem::create_symlink(TORCHDESK_FAKE_NVML_FILE, m_libtorch / "lib/libtorch_cuda.so");
    const CudaStatus status = lookWith("590.10");
    QVERIFY(status.librariesLoaded);
    QVERIFY(status.problem == CudaProblem::None);
    QCOMPARE(status.sentence, std::string());
}

void TestCudaStatus::sentences()
{
    QVERIFY(cudaSentence(CudaProblem::CardUnsupported).find("generation is not supported by this LibTorch") !=
            std::string::npos);
    QVERIFY(cudaSentence(CudaProblem::None).empty());
}

QTEST_APPLESS_MAIN(TestCudaStatus)
#include "tst_cudastatus.moc"
