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
    const auto optimizer = makeOptimizer(plan, trainedParameters(plan, {parameter})).value();
    for (const auto& gradient : gradients)
        optimizer->step({floats(gradient)}, plan.learningRate, at::zeros({}));
    return parameter;
}

} // namespace

class TestOptimizers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void adamEqualsTheFormula_data();
    void adamEqualsTheFormula();
    void sgdEqualsTheFormula_data();
    void sgdEqualsTheFormula();
    void rmspropEqualsTheFormula_data();
    void rmspropEqualsTheFormula();
    void biasesAndNormalisationNeedNotDecay();
    void rateFactorIsOfTheParameter_data();
    void rateFactorIsOfTheParameter();
    void foundInfHoldsBack_data();
    void foundInfHoldsBack();
    void unknownOneListsThoseThatExist();
};

void TestOptimizers::adamEqualsTheFormula_data()
{
    QTest::addColumn<bool>("decoupled");
    QTest::newRow("adam") << false;
    QTest::newRow("adamw") << true;
}

void TestOptimizers::adamEqualsTheFormula()
{
    QFETCH(bool, decoupled);
    TrainingPlan plan;
    plan.optimizer = decoupled ? "adamw" : "adam";
    plan.learningRate = 0.01;
    plan.weightDecay = 0.1;
    std::vector<double> w = start;
    std::vector<double> m(4);
    std::vector<double> v(4);
    for (std::size_t t = 0; t < gradients.size(); ++t) {
        const auto power = static_cast<double>(t + 1);
        for (std::size_t i = 0; i < 4; ++i) {
            const double g = gradients[t][i] + (decoupled ? 0 : 0.1 * w[i]);
            w[i] *= decoupled ? 1 - 0.01 * 0.1 : 1;
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
    QTest::addColumn<bool>("nesterov");
    QTest::newRow("plain") << 0.0 << false;
    QTest::newRow("momentum") << 0.9 << false;
    QTest::newRow("nesterov") << 0.9 << true;
    QTest::newRow("nesterov without momentum") << 0.0 << true;
}

void TestOptimizers::sgdEqualsTheFormula()
{
    QFETCH(double, momentum);
    QFETCH(bool, nesterov);
    TrainingPlan plan;
    plan.recipe.nesterov = nesterov;
    plan.optimizer = "sgd";
    plan.learningRate = 0.05;
    plan.momentum = momentum;
    plan.weightDecay = 0.01;
    std::vector<double> w = start;
    std::vector<double> v(4);
    for (const auto& gradient : gradients)
        for (std::size_t i = 0; i < 4; ++i) {
            const double g = gradient[i] + 0.01 * w[i];
            v[i] = momentum * v[i] + g;
            w[i] -= 0.05 * (nesterov ? g + momentum * v[i] : v[i]);
        }
    QVERIFY(largestDifference(afterSteps(plan), w) < 1e-6);
}

void TestOptimizers::rmspropEqualsTheFormula_data()
{
    QTest::addColumn<double>("momentum");
    QTest::newRow("plain") << 0.0;
    QTest::newRow("momentum") << 0.9;
}

void TestOptimizers::rmspropEqualsTheFormula()
{
    QFETCH(double, momentum);
    TrainingPlan plan;
    plan.optimizer = "rmsprop";
    plan.learningRate = 0.01;
    plan.momentum = momentum;
    plan.weightDecay = 0.1;
    plan.recipe.smoothing = 0.9;
    std::vector<double> w = start;
    std::vector<double> s(4);
    std::vector<double> v(4);
    for (const auto& gradient : gradients)
        for (std::size_t i = 0; i < 4; ++i) {
            const double g = gradient[i] + 0.1 * w[i];
            s[i] = 0.9 * s[i] + 0.1 * g * g;
            v[i] = momentum * v[i] + g / (std::sqrt(s[i]) + 1e-8);
            w[i] -= 0.01 * v[i];
        }
    QVERIFY(largestDifference(afterSteps(plan), w) < 1e-6);
}

/// A weight that has no gradient moves by its decay only.
void TestOptimizers::biasesAndNormalisationNeedNotDecay()
{
    for (const char* on : {"all", "weights"}) {
        TrainingPlan plan;
        plan.optimizer = "sgd";
        plan.weightDecay = 0.5;
        plan.recipe.decayOn = on;
        at::Tensor weight = at::ones({2, 2});
        at::Tensor bias = at::ones({2});
        const auto optimizer = makeOptimizer(plan, trainedParameters(plan, {bias, weight})).value();
        optimizer->step({at::zeros({2}), at::zeros({2, 2})}, 0.1, at::zeros({}));
        QVERIFY(at::allclose(weight, at::full({2, 2}, 0.95)));
        QVERIFY(at::allclose(bias, at::full({2}, std::string(on) == "all" ? 0.95 : 1.0)));
        // Places are those of the list, whatever the groups are.
        QCOMPARE(optimizer->state(0).front().second.dim(), std::int64_t{1});
        QCOMPARE(optimizer->state(1).front().second.dim(), std::int64_t{2});
    }
}

void TestOptimizers::rateFactorIsOfTheParameter_data()
{
    QTest::addColumn<QString>("name");
    for (const char* name : {"adam", "adamw", "sgd", "rmsprop"})
        QTest::newRow(name) << name;
}

void TestOptimizers::rateFactorIsOfTheParameter()
{
    QFETCH(QString, name);
    TrainingPlan plan;
    plan.optimizer = name.toStdString();
    at::Tensor whole = at::zeros({2});
    at::Tensor tenth = at::zeros({2});
    const auto optimizer = makeOptimizer(plan, {{whole, 0, 1}, {tenth, 0, 0.1}}).value();
    optimizer->step({at::ones({2}), at::ones({2})}, 0.5, at::zeros({}));
    QVERIFY(whole[0].item<float>() < 0);
    QVERIFY(at::allclose(tenth, whole * 0.1));
}

void TestOptimizers::foundInfHoldsBack_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("adam") << "adam";
    QTest::newRow("adamw") << "adamw";
    QTest::newRow("sgd") << "sgd";
    QTest::newRow("rmsprop") << "rmsprop";
}

void TestOptimizers::foundInfHoldsBack()
{
    QFETCH(QString, name);
    TrainingPlan plan;
    plan.optimizer = name.toStdString();
    at::Tensor parameter = floats(start);
    const auto optimizer = makeOptimizer(plan, trainedParameters(plan, {parameter})).value();
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
    VERIFY_ERROR(makeOptimizer(plan, {}),
                 "optimizer: found 'lion', wanted one of: adam, adamw, sgd, rmsprop");
}

QTEST_GUILESS_MAIN(TestOptimizers)
#include "tst_optimizers.moc"
