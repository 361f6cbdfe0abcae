// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/catalogue.h"
#include "core/session/shorterplans.h"
#include "tests/support/testsupport.h"

using namespace torchdesk;

class TestShorterPlans : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aShortPlanIsLeftAlone();
    void aLongOneMayTakeATenthOrASmallerModel();
    void fewSamplesStayWhole();
    void theSmallestModelHasNoSmallerOne();
    void weightsAreOfOneModel();
    void picturesOfAFolderAreOfTheSmallerModelsSize_data();
    void picturesOfAFolderAreOfTheSmallerModelsSize();

private:
    TrainingJob m_job; ///< ResNet-20 on drawn digits
};

namespace {

Measurement lasting(double seconds)
{
    Measurement measurement;
    measurement.secondsInAll = seconds;
    return measurement;
}

} // namespace

void TestShorterPlans::initTestCase()
{
    TrainingPlan plan;
    plan.model = "resnet20";
    auto job = prepareJob(plan);
    VERIFY_OK(job);
    m_job = std::move(*job);
}

void TestShorterPlans::aShortPlanIsLeftAlone()
{
    QVERIFY(shorterPlans(m_job, lasting(1800)).empty());
}

void TestShorterPlans::aLongOneMayTakeATenthOrASmallerModel()
{
    const auto offers = shorterPlans(m_job, lasting(36000));
    QCOMPARE(offers.size(), std::size_t{2});
    QVERIFY(offers[0].way == ShorterPlan::Way::FewerSamples);
    QCOMPARE(offers[0].plan.trainShare, 0.1);
    QCOMPARE(offers[0].secondsInAll, 36000.0 * (5400 + 2000) / (54000 + 2000)); // 6000 validate at a third
    const auto shorter = prepareJob(offers[0].plan);
    VERIFY_OK(shorter);
    QCOMPARE(shorter->split.train.size(), std::size_t{5400});
    QVERIFY(shorter->split.validation == m_job.split.validation);

    QVERIFY(offers[1].way == ShorterPlan::Way::SmallerModel);
    const auto smaller = prepareJob(offers[1].plan);
    VERIFY_OK(smaller);
    QVERIFY(smaller->model.multiplyAdds() * 4 <= m_job.model.multiplyAdds());
    const double ratio =
        static_cast<double>(smaller->model.multiplyAdds()) / static_cast<double>(m_job.model.multiplyAdds());
    QCOMPARE(offers[1].secondsInAll, 36000 * ratio);
    QCOMPARE(offers[1].model, smaller->model.label);
}

void TestShorterPlans::fewSamplesStayWhole()
{
    TrainingJob job = m_job;
    job.split.train.resize(9999);
    for (const ShorterPlan& offer : shorterPlans(job, lasting(36000)))
        QVERIFY(offer.way == ShorterPlan::Way::SmallerModel);
}

void TestShorterPlans::theSmallestModelHasNoSmallerOne()
{
    TrainingJob job = m_job;
    for (const ModelFile& file : modelCatalogue()) {
        const auto model = lower(file, job.model.input, job.model.classes);
        if (model && model->multiplyAdds() < job.model.multiplyAdds())
            job.model = *model;
    }
    for (const ShorterPlan& offer : shorterPlans(job, lasting(36000)))
        QVERIFY(offer.way == ShorterPlan::Way::FewerSamples);
}

// Following an offer must not lead to weights, or layers, of the larger model.
void TestShorterPlans::weightsAreOfOneModel()
{
    TrainingJob job = m_job;
    job.plan.start.freeze = "layers";
    job.plan.start.freezeLayer = "layer2";
    const auto offers = shorterPlans(job, lasting(36000));
    QCOMPARE(offers.size(), std::size_t{2});
    QVERIFY(offers[1].plan.start == StartOptions{});
    job.plan.start.weights = "resnet20.pth";
    for (const ShorterPlan& offer : shorterPlans(job, lasting(36000))) {
        QVERIFY(offer.way == ShorterPlan::Way::FewerSamples);
        QVERIFY(offer.plan.start == job.plan.start);
    }
}

void TestShorterPlans::picturesOfAFolderAreOfTheSmallerModelsSize_data()
{
    QTest::addColumn<int>("size");
    QTest::newRow("as the model was made for") << 0;
    QTest::newRow("of the plan") << 224;
}

// And pictures in colour are no work for a perceptron.
void TestShorterPlans::picturesOfAFolderAreOfTheSmallerModelsSize()
{
    QFETCH(int, size);
    TrainingJob job;
    job.plan.model = "alexnet";
    job.plan.data = "./photographs";
    job.plan.pictures.size = size;
    job.data.fit = "crop";
    job.split.train.resize(500);
    job.model = lower(findModel("alexnet").value(), {3, 224, 224}, 5).value();
    const auto offers = shorterPlans(job, lasting(36000));
    QCOMPARE(offers.size(), std::size_t{1});
    const ModelFile file = findModel(offers[0].plan.model).value();
    const Shape input =
        size == 0 ? Shape{3, file.input[1], file.input[2]} : Shape{3, std::int64_t{size}, std::int64_t{size}};
    const LoweredModel smaller = lower(file, input, 5).value();
    QVERIFY(std::ranges::any_of(smaller.nodes, [](const auto& node) { return node.kind == "conv2d"; }));
    QVERIFY(smaller.multiplyAdds() * 4 <= job.model.multiplyAdds());
    QCOMPARE(offers[0].secondsInAll, 36000 * (static_cast<double>(smaller.multiplyAdds()) /
                                              static_cast<double>(job.model.multiplyAdds())));
    QCOMPARE(offers[0].plan.pictures.size, std::int64_t{size});
}

QTEST_GUILESS_MAIN(TestShorterPlans)
#include "tst_shorterplans.moc"
