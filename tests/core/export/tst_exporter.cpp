// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/exporter.h"
#include "core/formats/safetensors.h"
#include "core/model/catalogue.h"
#include "core/run/recorder.h"
#include "core/session/faketrainer.h"
#include "tests/support/testsupport.h"
#include "tests/support/tinydata.h"

#include <set>
#include <sys/stat.h>

using namespace torchdesk;
using namespace torchdesk::test;

namespace fs = std::filesystem;

namespace {

LoweredModel lenet()
{
    const auto file = findModel("lenet");
    const auto lowered = file ? lower(*file, {1, 28, 28}, 10) : Expected<LoweredModel>(failure(file));
    return lowered ? *lowered : LoweredModel{};
}

/// A finished run of one epoch whose data is \p data.
fs::path makeRun(const fs::path& runs, const std::string& data)
{
    RunRecord record;
    record.name = "lenet-tiny";
    record.plan.data = data;
    record.plan.epochs = 1;
    RunModel model{lenet(), {}, Preprocessing{}};
    model.preprocessing.shape = {1, 28, 28};
    for (int i = 0; i < 10; ++i)
        model.classes.push_back(std::to_string(i));
    auto recorder = RunRecorder::create(runs, record, model, [](const Notice&) {});
    if (!recorder)
        return {};
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->epoch = 1;
    snapshot->step = 10;
    snapshot->best = true;
    snapshot->weights = fakeWeights(model.model, 1, 10);
    (*recorder)->record(EpochDone{1, 10, 0.5, 0.8, 0.4, 0.9, 1.0, 0.001, true});
    (*recorder)->record(SnapshotReady{snapshot});
    Finished finished;
    finished.bestEpoch = 1;
    (*recorder)->record(finished);
    (*recorder)->close();
    return (*recorder)->folder();
}

/// An engine that goes wrong where it is told to.
class FaultyEngine final : public Engine
{
public:
    bool flipsABit = false;
    bool reopensOtherwise = false;
    int opened = 0;

    EngineInfo info() const override { return m_fake.info(); }
    std::vector<DeviceInfo> devices() const override { return m_fake.devices(); }
    Expected<void> check(const TrainingJob& job) override { return m_fake.check(job); }
    Expected<Measurement> measure(const TrainingJob& job, std::stop_token stop) override
    {
        return m_fake.measure(job, stop);
    }
    Expected<std::unique_ptr<Trainer>> createTrainer(TrainingJob job,
                                                     std::shared_ptr<EventSink> sink) override
    {
        return m_fake.createTrainer(std::move(job), std::move(sink));
    }
    Expected<std::unique_ptr<Predictor>> open(const LoweredModel& model, const Preprocessing& preprocessing,
                                              const std::vector<NamedTensor>& tensors,
                                              const std::string& device) override
    {
        if (!reopensOtherwise || ++opened == 1)
            return m_fake.open(model, preprocessing, tensors, device);
        return m_fake.open(model, preprocessing, fakeWeights(model, 99, 1), device);
    }
    Expected<Bytes> toStateDict(const std::vector<NamedTensor>& tensors) override
    {
        auto bytes = m_fake.toStateDict(tensors);
        if (bytes && flipsABit)
            bytes->back() ^= std::byte{1};
        return bytes;
    }
    Expected<std::vector<NamedTensor>> fromStateDict(std::span<const std::byte> bytes,
                                                     const std::string& source) override
    {
        return m_fake.fromStateDict(bytes, source);
    }

private:
    FakeEngine m_fake;
};

std::set<std::string> filesOf(const fs::path& folder)
{
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
        names.insert(entry.path().filename().string());
    return names;
}

using Names = std::set<std::string>;

} // namespace

class TestExporter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void formatNames();
    void safetensorsHoldsTheWeights();
    void stateDictIsVerified();
    void dataThatIsGoneIsNoHindrance();
    void flippedBitIsFound();
    void otherOutputsAreFound();
    void failureKeepsWhatWasThere();
    void foreignModelFileIsLeftAlone();
    void anotherNetworksModelFileStays();
    void eachFileHasItsOwnModelFile();
    void onlyOrdinaryFilesAreReplaced();
    void placesAreChecked();
    void intoTheRunsExports();
    void cancelled();

private:
    ExportRequest request(const std::string& name, ExportFormat format = ExportFormat::PyTorch) const
    {
        return {m_run, Weights::Best, format, out() / name};
    }
    fs::path out() const { return *m_folder / "out"; }

    std::unique_ptr<TemporaryFolder> m_folder;
    fs::path m_run;
    FaultyEngine m_engine;
};

void TestExporter::init()
{
    m_folder = std::make_unique<TemporaryFolder>();
    m_engine.flipsABit = false;
    m_engine.reopensOtherwise = false;
    m_engine.opened = 0;
    writeTinyDigits(*m_folder / "digits", 40, 100);
    m_run = makeRun(*m_folder / "runs", (*m_folder / "digits").string() + "/");
    QVERIFY(!m_run.empty());
    fs::create_directory(out());
}

void TestExporter::formatNames()
{
    for (const ExportFormat format : {ExportFormat::Safetensors, ExportFormat::PyTorch})
        QVERIFY(exportFormatNamed(exportFormatName(format)) == format);
    QVERIFY(!exportFormatNamed("onnx"));
    QCOMPARE(std::string(exportSuffix(ExportFormat::PyTorch)), std::string(".pt"));
}

void TestExporter::safetensorsHoldsTheWeights()
{
    const auto report = exportRun(m_engine, request("a.safetensors", ExportFormat::Safetensors));
    VERIFY_OK(report);
    QCOMPARE(report->parameters, 44426);
    QCOMPARE(report->tensors, 10);
    QCOMPARE(report->samples, 64);
    QCOMPARE(report->largestDifference, 0.0);
    QCOMPARE(report->bytes, fs::file_size(report->file));
    QVERIFY(report->script.find("a.safetensors") != std::string::npos);
    QVERIFY(report->script.find("safetensors.torch.load_file(") != std::string::npos);
    const auto file = readSafetensorsFile(out() / "a.safetensors");
    VERIFY_OK(file);
    QCOMPARE(file->metadata.at("epoch"), std::string("1"));
    const auto wanted = fakeWeights(lenet(), 1, 10);
    for (const NamedTensor& tensor : wanted)
        QVERIFY(std::find(file->tensors.begin(), file->tensors.end(), tensor) != file->tensors.end());
    QVERIFY(filesOf(out()) == (Names{"a.safetensors", "model.py"}));
}

void TestExporter::stateDictIsVerified()
{
    std::vector<double> shares;
    const auto report = exportRun(m_engine, request("a.pt"),
                                  [&](double share, const std::string&) { shares.push_back(share); });
    VERIFY_OK(report);
    QVERIFY(shares.size() >= 3 && std::is_sorted(shares.begin(), shares.end()));
    const auto bytes = readBytes(out() / "a.pt");
    VERIFY_OK(bytes);
    const auto tensors = m_engine.fromStateDict(*bytes, "a.pt");
    VERIFY_OK(tensors);
    QVERIFY(*tensors == fakeWeights(lenet(), 1, 10));
}

void TestExporter::dataThatIsGoneIsNoHindrance()
{
    fs::remove_all(*m_folder / "digits");
    const fs::path run = makeRun(*m_folder / "runs", (*m_folder / "gone").string() + "/");
    const auto report = exportRun(m_engine, {run, Weights::Last, ExportFormat::PyTorch, out() / "a.pt"});
    VERIFY_OK(report);
    QCOMPARE(report->samples, 64);
}

void TestExporter::flippedBitIsFound()
{
    m_engine.flipsABit = true;
    VERIFY_ERROR(exportRun(m_engine, request("a.pt")), "was not what had been written");
    QVERIFY(filesOf(out()).empty());
}

void TestExporter::otherOutputsAreFound()
{
    m_engine.reopensOtherwise = true;
    VERIFY_ERROR(exportRun(m_engine, request("a.pt")), "an output was");
    QVERIFY(filesOf(out()).empty());
}

void TestExporter::failureKeepsWhatWasThere()
{
    VERIFY_OK(exportRun(m_engine, request("a.pt")));
    const auto before = readBytes(out() / "a.pt");
    m_engine.flipsABit = true;
    VERIFY_ERROR(exportRun(m_engine, request("a.pt")), "a.pt");
    QVERIFY(*readBytes(out() / "a.pt") == *before);
    QVERIFY(filesOf(out()) == (Names{"a.pt", "model.py"}));
}

void TestExporter::foreignModelFileIsLeftAlone()
{
    writeFile(out() / "model.py", "# my own\n");
    writeFile(out() / "model_a_pt.py", "# my own too\n");
    VERIFY_ERROR(exportRun(m_engine, request("a.pt")), "was not written by TorchDesk");
    QVERIFY(filesOf(out()) == (Names{"model.py", "model_a_pt.py"}));
    const auto report = exportRun(m_engine, request("my-net.2.pt"));
    VERIFY_OK(report);
    QCOMPARE(report->modelFile.filename().string(), std::string("model_my_net_2_pt.py"));
    QVERIFY(report->script.find("from model_my_net_2_pt import ") != std::string::npos);
    QCOMPARE(*readText(out() / "model.py"), std::string("# my own\n"));
}

void TestExporter::anotherNetworksModelFileStays()
{
    VERIFY_OK(exportRun(m_engine, request("a.pt")));
    const std::string first = *readText(out() / "model.py");
    VERIFY_OK(exportRun(m_engine, request("b.safetensors", ExportFormat::Safetensors)));
    QVERIFY(filesOf(out()) == (Names{"a.pt", "b.safetensors", "model.py"})); // the same text serves both
    const std::string other = first + "# another network\n";
    writeFile(out() / "model.py", other);
    for (int again = 0; again < 2; ++again) // the second time it renews its own
        VERIFY_OK(exportRun(m_engine, request("c.pt")));
    QCOMPARE(*readText(out() / "model.py"), other);
    QCOMPARE(*readText(out() / "model_c_pt.py"), first);
}

void TestExporter::eachFileHasItsOwnModelFile()
{
    writeFile(out() / "model.py", "# another network\n");
    const auto first = exportRun(m_engine, request("a.pt"));
    VERIFY_OK(first);
    const auto second = exportRun(m_engine, request("a.safetensors", ExportFormat::Safetensors));
    VERIFY_OK(second);
    QVERIFY(first->modelFile != second->modelFile);
    QVERIFY(fs::exists(first->modelFile) && fs::exists(second->modelFile));
}

void TestExporter::onlyOrdinaryFilesAreReplaced()
{
    QCOMPARE(::mkfifo((out() / "pipe").c_str(), 0600), 0);
    VERIFY_ERROR(exportRun(m_engine, request("pipe")), "is no ordinary file");
    QVERIFY(fs::is_fifo(out() / "pipe"));
    writeFile(out() / "thesis.pt", "my own words");
    VERIFY_ERROR(exportRun(m_engine, request("thesis.pt")), "holds no weights");
    QCOMPARE(*readText(out() / "thesis.pt"), std::string("my own words"));
    writeFile(out() / "archive.pt", "PK\3\4 of somebody's words");
    VERIFY_ERROR(exportRun(m_engine, request("archive.pt")), "holds no weights");
    writeFile(out() / "code.pt", "int f() {}");
    VERIFY_ERROR(exportRun(m_engine, request("code.pt")), "holds no weights");
    VERIFY_OK(exportRun(m_engine, request("real.pt", ExportFormat::Safetensors)));
    fs::create_symlink(out() / "real.pt", out() / "link.pt");
    VERIFY_OK(exportRun(m_engine, request("link.pt")));
    QVERIFY(fs::is_symlink(out() / "link.pt"));
    QVERIFY(!fs::is_symlink(out() / "real.pt"));
}

void TestExporter::placesAreChecked()
{
    VERIFY_ERROR(exportRun(m_engine, request("")), "is a folder");
    VERIFY_ERROR(exportRun(m_engine, request("no/such/a.pt")), "There is no folder");
    VERIFY_ERROR(exportRun(m_engine, request("model.py")), "another name");
    auto inside = request("a.pt");
    inside.file = m_run / "checkpoints/../run.json";
    VERIFY_ERROR(exportRun(m_engine, inside), "inside the run's own folder");
    fs::create_directory_symlink(m_run, out() / "link");
    inside.file = out() / "link/run.json";
    VERIFY_ERROR(exportRun(m_engine, inside), "inside the run's own folder");
    auto missing = request("a.pt");
    missing.run = *m_folder / "no-run";
    QVERIFY(!exportRun(m_engine, missing));
    QVERIFY(filesOf(out()) == Names{"link"});
}

void TestExporter::intoTheRunsExports()
{
    auto inside = request("a.pt");
    inside.file = m_run / "exports" / "a.pt";
    VERIFY_OK(exportRun(m_engine, inside));
    QVERIFY(filesOf(m_run / "exports") == (Names{"a.pt", "model.py"}));
}

void TestExporter::cancelled()
{
    std::stop_source stop;
    const auto cancel = [&](double share, const std::string&) {
        if (share > 0.5)
            stop.request_stop();
    };
    const auto report = exportRun(m_engine, request("a.pt"), cancel, stop.get_token());
    QVERIFY(!report && report.error().kind == ErrorKind::Cancelled);
    QVERIFY(filesOf(out()).empty());
}

QTEST_GUILESS_MAIN(TestExporter)
#include "tst_exporter.moc"
