// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/philox.h"
#include "core/lane/program.h"
#include "core/model/catalogue.h"

#include <QTest>
#include <cmath>

using namespace torchdesk;
using namespace torchdesk::lane;

namespace {

constexpr std::int64_t samplesOfAll = 40;

/// Weights and bytes of a model, as an engine would own them, and a program that trains them.
class Trained
{
public:
    Trained(const std::string& name, const Shape& input, int threads, Rule rule = Rule::Adam)
        : m_model(model(name, input)), m_random(5, Purpose::Verification)
    {
        for (const LoweredNode& node : m_model.nodes)
            for (const ParameterSpec& spec : node.parameters)
                add(spec);
        ProgramSettings settings;
        settings.graph = {samplesOfAll, threads, true};
        settings.seed = 3;
        settings.rule = rule;
        settings.momentum = 0.9;
        auto made = Program::make(m_model, m_parameters, settings);
        if (!made)
            qFatal("%s", made.error().message.c_str());
        m_program = std::move(*made);
        const auto features = *elementCount(m_model.input);
        for (std::int64_t i = 0; i < samplesOfAll * features; ++i)
            m_bytes.push_back(static_cast<std::uint8_t>(m_random.below(256)));
        for (std::int64_t i = 0; i < samplesOfAll; ++i) {
            m_indices.push_back((i * 7) % samplesOfAll);
            m_labels.push_back(m_random.below(static_cast<std::uint32_t>(m_model.classes)));
        }
        m_factor.assign(static_cast<std::size_t>(m_model.input[0]), 1.0f / 255);
        m_offset.assign(static_cast<std::size_t>(m_model.input[0]), -0.5f);
    }

    std::vector<double> losses(int steps)
    {
        std::vector<double> all;
        for (int step = 1; step <= steps; ++step)
            all.push_back(m_program->train(batch(), static_cast<std::uint64_t>(step), step, 1e-2, true).loss);
        return all;
    }

    std::vector<float> logits()
    {
        std::vector<float> all(static_cast<std::size_t>(samplesOfAll * m_model.classes));
        m_program->infer(batch(), all.data());
        return all;
    }

private:
    static LoweredModel model(const std::string& name, const Shape& input)
    {
        const auto file = findModel(name);
        const auto lowered = file ? lower(*file, input, 4) : failure(file);
        if (!lowered)
            qFatal("%s", lowered.error().message.c_str());
        return *lowered;
    }

    void add(const ParameterSpec& spec)
    {
        const std::int64_t count = *elementCount(spec.shape);
        std::vector<float> values;
        for (std::int64_t i = 0; i < count; ++i)
            values.push_back(spec.initialisation == Initialisation::Ones ? 1.0f
                             : spec.initialisation == Initialisation::Zeros
                                 ? 0.0f
                                 : 0.2f * (m_random.uniform() - 0.5f));
        m_memory.push_back(std::move(values));
        ModelParameter parameter{m_memory.back().data(), count, spec.trainable, 0, nullptr, nullptr};
        for (float** moment : {&parameter.moment, &parameter.secondMoment}) {
            m_memory.emplace_back(static_cast<std::size_t>(count), 0.0f);
            *moment = m_memory.back().data();
        }
        m_parameters.push_back(parameter);
    }

    lane::Batch batch() const
    {
        lane::Batch batch;
        batch.count = samplesOfAll;
        batch.samples = m_bytes.data();
        batch.indices = m_indices.data();
        batch.factor = m_factor.data();
        batch.offset = m_offset.data();
        batch.labels = m_labels.data();
        return batch;
    }

    LoweredModel m_model;
    Random m_random;
    std::vector<std::vector<float>> m_memory; ///< the inner ones stay where they are
    std::vector<ModelParameter> m_parameters;
    std::vector<std::uint8_t> m_bytes;
    std::vector<std::int64_t> m_indices;
    std::vector<std::int64_t> m_labels;
    std::vector<float> m_factor;
    std::vector<float> m_offset;
    std::unique_ptr<Program> m_program;
};

} // namespace

/// The program by itself, without LibTorch: tst_lanestep compares it.
class TestLaneProgram : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void threadsDoNotMatter_data();
    void threadsDoNotMatter();
    void learnsByHeart();
    void tooLargeIsRefused();
};

void TestLaneProgram::threadsDoNotMatter_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("channels");
    QTest::addColumn<int>("side");
    QTest::newRow("with dropout") << "lenet" << 1 << 28;
    QTest::newRow("with barriers inside") << "resnet20" << 3 << 8;
}

/// Sums are made in another order, and nothing else is another.
void TestLaneProgram::threadsDoNotMatter()
{
    QFETCH(QString, model);
    QFETCH(int, channels);
    QFETCH(int, side);
    const Shape input{channels, side, side};
    const auto one = Trained(model.toStdString(), input, 1, Rule::Sgd).losses(4);
    for (const int threads : {2, 3, 5}) {
        const auto many = Trained(model.toStdString(), input, threads, Rule::Sgd).losses(4);
        for (std::size_t i = 0; i < one.size(); ++i)
            QVERIFY2(std::abs(many[i] - one[i]) < 1e-3 * one[i],
                     qPrintable(QString("%1 threads: %2, alone %3").arg(threads).arg(many[i]).arg(one[i])));
    }
}

/// The loss of one batch must go to nothing, dropout or not.
void TestLaneProgram::learnsByHeart()
{
    Trained trained("mlp", {1, 8, 8}, 2);
    const auto losses = trained.losses(60);
    QVERIFY2(losses.front() > 0.5 && losses.back() < 0.05, qPrintable(QString::number(losses.back())));
    for (const float logit : trained.logits())
        QVERIFY(std::isfinite(logit));
}

void TestLaneProgram::tooLargeIsRefused()
{
    const auto file = findModel("resnet20");
    const auto large = lower(*file, {3, 512, 512}, 10);
    const auto usual = lower(*file, {3, 32, 32}, 10);
    QVERIFY(large && usual);
    QVERIFY(whyNot(*large, {1024, 1, true}, 16).find("more than 4 GiB") != std::string::npos);
    QCOMPARE(whyNot(*usual, {128, 1, true}, 16), std::string());
}

QTEST_GUILESS_MAIN(TestLaneProgram)
#include "tst_laneprogram.moc"
