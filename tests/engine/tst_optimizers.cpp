// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/optimizers/optimizer.h"
#include "tests/support/testsupport.h"

#include <cmath>

using namespace torchdesk;

namespace {

const std::vector<double> start{0.5, -1.25, 2, 0};
const std::vector<std::vector<double>> gradients{{0.1, -2, 0, 3}, {-0.3, 0.5, 1, 1}, {0.2, 0.2, -4, 0}};

at::Tensor floats(const std::vector<double>& values)
{
    return at::tensor(std::vector<float>(values.begin(), values.end()));
}

double largestDifference(const at::Tensor& tensor, const std::vector<double>& wanted)
{
    return (tensor.detach().to(at::kDouble) - at::tensor(wanted)).abs().max().item<double>();
}

/// One after the other with all gradients; the parameters at the end.
at::Tensor afterSteps(const TrainingPlan& plan)
{
    at::Tensor parameter = floats(start);
    const auto optimizer = makeOptimizer(plan, {parameter}).value();
    for (const auto& gradient : gradients)
        optimizer->step({floats(gradient)}, plan.learningRate, at::zeros({}));
    return parameter;
}

} // namespace

class TestOptimizers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void adamEqualsTheFormula();
    void sgdEqualsTheFormula_data();
    void sgdEqualsTheFormula();
    void foundInfHoldsBack_data();
    void foundInfHoldsBack();
    void unknownOneListsThoseThatExist();
};

void TestOptimizers::adamEqualsTheFormula()
{
    TrainingPlan plan;
    plan.learningRate = 0.01;
    plan.weightDecay = 0.1;
    std::vector<double> w = start;
    std::vector<double> m(4);
    std::vector<double> v(4);
    for (std::size_t t = 0; t < gradients.size(); ++t) {
        const auto power = static_cast<double>(t + 1);
        for (std::size_t i = 0; i < 4; ++i) {
            const double g = gradients[t][i] + 0.1 * w[i];
            m[i] = 0.9 * m[i] + 0.1 * g;
            v[i] = 0.999 * v[i] + 0.001 * g * g;
            w[i] -= 0.01 * (m[i] / (1 - std::pow(0.9, power))) /
                    (std::sqrt(v[i] / (1 - std::pow(0.999, power))) + 1e-8);
        }
    }
    QVERIFY(largestDifference(afterSteps(plan), w) < 1e-6);
}

void TestOptimizers::sgdEqualsTheFormula_data()
{
    QTest::addColumn<double>("momentum");
    QTest::newRow("plain") << 0.0;
    QTest::newRow("momentum") << 0.9;
}

void TestOptimizers::sgdEqualsTheFormula()
{
    QFETCH(double, momentum);
    TrainingPlan plan;
    plan.optimizer = "sgd";
    plan.learningRate = 0.05;
    plan.momentum = momentum;
    plan.weightDecay = 0.01;
    std::vector<double> w = start;
    std::vector<double> v(4);
    for (const auto& gradient : gradients)
        for (std::size_t i = 0; i < 4; ++i) {
            v[i] = momentum * v[i] + gradient[i] + 0.01 * w[i];
            w[i] -= 0.05 * v[i];
        }
    QVERIFY(largestDifference(afterSteps(plan), w) < 1e-6);
}

void TestOptimizers::foundInfHoldsBack_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("adam") << "adam";
    QTest::newRow("sgd") << "sgd";
}

void TestOptimizers::foundInfHoldsBack()
{
    QFETCH(QString, name);
    TrainingPlan plan;
    plan.optimizer = name.toStdString();
    at::Tensor parameter = floats(start);
    const auto optimizer = makeOptimizer(plan, {parameter}).value();
    optimizer->step({floats(gradients[0])}, 0.1, at::zeros({}));
    const at::Tensor before = parameter.clone();
    const at::Tensor moment = optimizer->state(0).at(0).second.clone();
    optimizer->step({at::full({4}, NAN)}, 0.1, at::ones({}));
    QVERIFY(at::equal(parameter, before));
    QVERIFY(at::equal(optimizer->state(0).at(0).second, moment));
    QCOMPARE(optimizer->steps(), std::int64_t{1});
}

void TestOptimizers::unknownOneListsThoseThatExist()
{
    TrainingPlan plan;
    plan.optimizer = "lion";
    VERIFY_ERROR(makeOptimizer(plan, {}), "optimizer: found 'lion', wanted one of: adam, sgd");
}

QTEST_GUILESS_MAIN(TestOptimizers)
#include "tst_optimizers.moc"
