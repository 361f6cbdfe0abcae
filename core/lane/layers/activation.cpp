// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lane/layers/layers.h"
#include "core/lane/layers/mathematics.h"
#include "core/lane/layers/rows.h"

namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

namespace {

// y = value(x, a), and what the gradient by y is multiplied with: slope(y, a), of the output alone.

struct Relu
{
    static Vec value(Vec x, float) { return larger(x, Vec{}); }
    static Vec slope(Vec y, float) { return y > 0.0f ? broadcast(1.0f) : Vec{}; }
};

/// a: the slope below zero, at least 0, so that y has the sign of x.
struct LeakyRelu
{
    static Vec value(Vec x, float a) { return x > 0.0f ? x : a * x; }
    static Vec slope(Vec y, float a) { return y > 0.0f ? broadcast(1.0f) : broadcast(a); }
};

struct Relu6
{
    static Vec value(Vec x, float)
    {
        const Vec positive = larger(x, Vec{});
        return positive > 6.0f ? broadcast(6.0f) : positive; // so, what is not a number stays none
    }
    static Vec slope(Vec y, float)
    {
        const Vec below = y < 6.0f ? broadcast(1.0f) : Vec{};
        return y > 0.0f ? below : Vec{};
    }
};

struct Tanh
{
    static Vec value(Vec x, float) { return hyperbolicTangent(x); }
    static Vec slope(Vec y, float) { return 1.0f - y * y; }
};

struct Sigmoid
{
    static Vec value(Vec x, float) { return logistic(x); }
    static Vec slope(Vec y, float) { return y * (1.0f - y); }
};

/// One value at a time, in place or not.
template <class Function>
class Activation final : public Layer
{
public:
    explicit Activation(const LayerPlan& plan) : m_plan(plan), m_number(static_cast<float>(plan.number)) {}

    void forward(const Pass&, const Slice& slice, int) override
    {
        const Map& in = m_plan.inputs[0].value;
        for (std::int64_t group = slice.first; group < slice.last; ++group)
            forEachRow(in, [&](std::int64_t channel, std::int64_t row) {
                const Vec* x = rowOf(in, group, channel, row);
                Vec* y = rowOf(m_plan.output, group, channel, row);
                for (std::int64_t q = 0; q < in.width; ++q)
                    y[q] = Function::value(x[q], m_number);
            });
    }

    void backward(const Pass&, const Slice& slice, int) override
    {
        const Port& in = m_plan.inputs[0];
        if (!in.wanted)
            return;
        for (std::int64_t group = slice.first; group < slice.last; ++group)
            forEachRow(in.gradient, [&](std::int64_t channel, std::int64_t row) {
                const Vec* y = rowOf(m_plan.output, group, channel, row);
                const Vec* g = rowOf(m_plan.outputGradient, group, channel, row);
                Vec* to = rowOf(in.gradient, group, channel, row);
                for (std::int64_t q = 0; q < in.gradient.width; ++q) {
                    const Vec part = g[q] * Function::slope(y[q], m_number);
                    to[q] = in.adds ? to[q] + part : part;
                }
            });
    }

private:
    LayerPlan m_plan;
    float m_number;
};

} // namespace

Layer* makeActivation(const char* kind, const LayerPlan& plan)
{
    const auto is = [kind](const char* name) { return __builtin_strcmp(kind, name) == 0; };
    if (is("relu"))
        return new Activation<Relu>(plan);
    if (is("leakyrelu"))
        return new Activation<LeakyRelu>(plan);
    if (is("relu6"))
        return new Activation<Relu6>(plan);
    if (is("tanh"))
        return new Activation<Tanh>(plan);
    if (is("sigmoid"))
        return new Activation<Sigmoid>(plan);
    return nullptr;
}

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
