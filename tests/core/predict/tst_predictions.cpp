// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/picture.h"
#include "core/model/softmax.h"
#include "core/predict/picturefiles.h"
#include "core/predict/predictions.h"
#include "core/session/fakepredictor.h"
#include "tests/support/samplejob.h"
#include "tests/support/testsupport.h"

#include <QTest>

using namespace torchdesk;

namespace fs = std::filesystem;

/// The fake predictor answers from the pixels alone: an answer given to another picture would be found out.
class TestPredictions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void manyAreAnsweredInOrder();
    void aBadPictureIsAProblemOfItsOwn();
    void stopsBetweenGroups();
    void findsPicturesInFolders();
    void ranksEqualOnesByTheirOrder();
    void writesCsv();

private:
    std::vector<fs::path> copies(const std::string& folder, int count) const;

    test::TemporaryFolder m_folder;
    TrainingJob m_job;
    std::unique_ptr<Predictor> m_predictor;
};

/// Two pictures in turn.
std::vector<fs::path> TestPredictions::copies(const std::string& folder, int count) const
{
    std::vector<fs::path> files;
    fs::create_directories(m_folder / folder);
    for (int i = 0; i < count; ++i) {
        files.push_back(m_folder / folder / (std::to_string(100 + i) + ".png"));
        fs::copy_file(fs::path(TORCHDESK_SOURCE_DIR) /
                          (i % 2 ? "tests/cli/seven.png" : "resources/help/training-light.png"),
                      files.back());
    }
    return files;
}

void TestPredictions::initTestCase()
{
    m_job = test::sampleJob();
    std::vector<NamedTensor> weights;
    for (const LoweredNode& node : m_job.model.nodes)
        for (const ParameterSpec& spec : node.parameters)
            weights.push_back({spec.name, DType::F32, spec.shape,
                               std::make_shared<const Bytes>(
                                   static_cast<std::size_t>(elementCount(spec.shape).value_or(0)) * 4)});
    auto predictor = openFakePredictor(m_job.model, m_job.preprocessing, weights);
    VERIFY_OK(predictor);
    m_predictor = std::move(*predictor);
}

void TestPredictions::manyAreAnsweredInOrder()
{
    const auto files = copies("many", 80);
    std::vector<PicturePrediction> all;
    VERIFY_OK(
        predictPictures(*m_predictor, m_job.preprocessing, files, [&](std::vector<PicturePrediction> some) {
            all.insert(all.end(), some.begin(), some.end());
        }));
    QCOMPARE(all.size(), files.size());
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto picture = readPicture(files[i]);
        VERIFY_OK(picture);
        const auto logits = m_predictor->logits(toSample(*picture, m_job.preprocessing), 1);
        VERIFY_OK(logits);
        QVERIFY(all[i].file == files[i]);
        QVERIFY(all[i].top == ranked(softmax(*logits), PicturePrediction::mostClasses));
    }
    QVERIFY(all[0].top != all[1].top);
}

void TestPredictions::aBadPictureIsAProblemOfItsOwn()
{
    auto files = copies("bad", 3);
    test::writeFile(files[1], "no picture");
    std::vector<PicturePrediction> all;
    const auto take = [&](std::vector<PicturePrediction> some) { all = std::move(some); };
    VERIFY_OK(predictPictures(*m_predictor, m_job.preprocessing, files, take));
    QCOMPARE(all.size(), std::size_t{3});
    QVERIFY(all[1].problem.find("101.png") != std::string::npos && all[1].top.empty());
    QVERIFY(all[0].problem.empty() && all[0].top == all[2].top);
    VERIFY_OK(predictPictures(*m_predictor, m_job.preprocessing, {files[1]}, take));
    QVERIFY(!all[0].problem.empty());
}

void TestPredictions::stopsBetweenGroups()
{
    const auto files = copies("stop", 100);
    std::stop_source stop;
    std::size_t seen = 0;
    const auto take = [&](std::vector<PicturePrediction> some) {
        seen += some.size();
        stop.request_stop();
    };
    const auto done = predictPictures(*m_predictor, m_job.preprocessing, files, take, stop.get_token());
    QVERIFY(!done && done.error().kind == ErrorKind::Cancelled);
    QVERIFY(seen > 0 && seen < files.size());
}

void TestPredictions::findsPicturesInFolders()
{
    const fs::path root = m_folder / "find";
    fs::create_directories(root / "sub/.hidden");
    fs::create_directories(root / "sub/none");
    for (const char* name : {"b.PNG", "a.jpeg", "notes.txt", ".c.png", "sub/d.tif", "sub/.hidden/e.png"})
        test::writeFile(root / name, "x");
    fs::create_directory_symlink(root, root / "sub/loop");
    const auto found = picturesAt(root);
    VERIFY_OK(found);
    QVERIFY((*found == std::vector<fs::path>{root / "a.jpeg", root / "b.PNG", root / "sub/d.tif"}));
    QVERIFY(*picturesAt(root / "notes.txt") == std::vector<fs::path>{root / "notes.txt"});
    VERIFY_ERROR(picturesAt(root / "sub/none"), "has no PNG, JPEG or TIFF pictures");
}

void TestPredictions::ranksEqualOnesByTheirOrder()
{
    const auto top = ranked({0.25f, 0.5f, 0.25f}, 2);
    QVERIFY((top == std::vector<RankedClass>{{1, 0.5}, {0, 0.25}}));
}

void TestPredictions::writesCsv()
{
    const std::vector<PicturePrediction> rows = {{"a,b.png", {{1, 0.75}, {0, 0.25}}, {}},
                                                 {"caf\xe9.png", {{0, 1}}, {}},
                                                 {"c.png", {}, "c.png is \"empty\"."}};
    QCOMPARE(predictionsCsv(rows, {"bee", "ant"}),
             std::string("file,class,probability,second_class,second_probability,third_class,"
                         "third_probability,problem\r\n"
                         "\"a,b.png\",ant,0.750000,bee,0.250000,,,\r\n"
                         "caf\\xE9.png,bee,1.000000,,,,,\r\n"
                         "c.png,,,,,,,\"c.png is \"\"empty\"\".\"\r\n"));
}

QTEST_GUILESS_MAIN(TestPredictions)
#include "tst_predictions.moc"
