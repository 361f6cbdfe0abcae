// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/randomtrees.h"

#include "tests/engine/enginetestsupport.h"

#include <algorithm>

namespace torchdesk::test {

namespace {

/// Writes layers, and keeps account of the shape that they leave.
class TreeWriter
{
public:
    explicit TreeWriter(std::uint64_t seed) : m_random(seed, Purpose::Verification) {}

    LoweredModel write()
    {
        m_shape = {between(1, 3), between(4, 12), between(4, 12)};
        const Shape input = m_shape;
        std::string body;
        const std::int64_t blocks = between(1, 4);
        for (std::int64_t i = 0; i < blocks; ++i)
            body += (body.empty() ? "" : ", ") + block();
        if (chance(3)) {
            body += R"(, {"kind": "adaptiveavgpool2d", "size": [)" +
                    std::to_string(between(1, std::min<std::int64_t>(3, m_shape[1]))) + ", " +
                    std::to_string(between(1, std::min<std::int64_t>(3, m_shape[2]))) + "]}";
        }
        body += R"(, {"kind": "flatten"})";
        if (chance(2))
            body += R"(, {"kind": "linear", "features": )" + std::to_string(between(1, 40)) + "}, " +
                    (chance(2) ? std::string(R"({"kind": "relu"})") : activation()) +
                    (chance(4) ? "" : R"(, {"kind": "dropout", "p": 0.4})");
        body += R"(, {"kind": "linear", "features": "classes"})";
        return lowered("[" + body + "]", input, between(2, 11));
    }

private:
    std::int64_t between(std::int64_t least, std::int64_t most)
    {
        return least + m_random.below(static_cast<std::uint32_t>(most - least + 1));
    }
    bool chance(std::uint32_t ofSo) { return m_random.below(ofSo) == 0; }

    std::string activation()
    {
        static const char* const kinds[] = {"relu", "leakyrelu", "relu6", "tanh", "sigmoid"};
        return std::string(R"({"kind": ")") + kinds[between(0, 4)] + R"("})";
    }

    /// Of one axis: a kernel, stride and padding that leave something.
    std::string convolution()
    {
        std::string pairs[3] = {"[", "[", "["};
        for (std::size_t axis = 1; axis <= 2; ++axis) {
            const std::int64_t kernel = between(1, std::min<std::int64_t>(7, m_shape[axis] + 2));
            const std::int64_t least = std::max<std::int64_t>(0, (kernel - m_shape[axis] + 1) / 2);
            const std::int64_t padding = between(least, std::max(least, kernel - 1));
            const std::int64_t stride = between(1, 3);
            m_shape[axis] = (m_shape[axis] + 2 * padding - kernel) / stride + 1;
            const char* end = axis == 1 ? ", " : "]";
            pairs[0] += std::to_string(kernel) + end;
            pairs[1] += std::to_string(stride) + end;
            pairs[2] += std::to_string(padding) + end;
        }
        m_shape[0] = between(1, 9);
        return R"({"kind": "conv2d", "filters": )" + std::to_string(m_shape[0]) + R"(, "kernel": )" +
               pairs[0] + R"(, "stride": )" + pairs[1] + R"(, "padding": )" + pairs[2] + R"(, "bias": )" +
               (chance(2) ? "true}" : "false}");
    }

    std::string pool()
    {
        const std::int64_t side = std::min(m_shape[1], m_shape[2]);
        const std::int64_t kernel = between(1, std::min<std::int64_t>(3, side));
        const std::int64_t stride = between(1, 2);
        const std::int64_t padding = between(0, kernel / 2);
        for (std::size_t axis = 1; axis <= 2; ++axis)
            m_shape[axis] = (m_shape[axis] + 2 * padding - kernel) / stride + 1;
        return std::string(R"({"kind": ")") + (chance(2) ? "maxpool2d" : "avgpool2d") + R"(", "kernel": )" +
               std::to_string(kernel) + R"(, "stride": )" + std::to_string(stride) + R"(, "padding": )" +
               std::to_string(padding) + "}";
    }

    /// A convolution that keeps the shape, and what normalises it.
    static std::string normalised(std::int64_t filters)
    {
        return R"({"kind": "conv2d", "filters": )" + std::to_string(filters) +
               R"(, "kernel": 3, "padding": 1, "bias": false}, {"kind": "batchnorm2d"})";
    }
    std::string keeping(std::int64_t filters) { return normalised(filters) + ", " + activation(); }

    /// What lanes do as one layer, with windows that leave a row or column over, or do not.
    std::string halved()
    {
        m_shape[0] = between(1, 9);
        for (std::size_t axis = 1; axis <= 2; ++axis)
            m_shape[axis] /= 2;
        return normalised(m_shape[0]) + (chance(3) ? "" : R"(, {"kind": "relu"})") +
               R"(, {"kind": "maxpool2d", "kernel": 2})";
    }

    /// The same after a convolution of any size.
    std::string pooledConvolution()
    {
        std::string layers = convolution() + (chance(3) ? "" : R"(, {"kind": "relu"})");
        if (std::min(m_shape[1], m_shape[2]) < 2)
            return layers;
        for (std::size_t axis = 1; axis <= 2; ++axis)
            m_shape[axis] /= 2;
        return layers + R"(, {"kind": "maxpool2d", "kernel": 2})";
    }

    std::string block()
    {
        switch (between(0, 6)) {
        case 6:
            return pooledConvolution();
        case 5:
            if (std::min(m_shape[1], m_shape[2]) >= 2)
                return halved();
            [[fallthrough]];
        case 0:
            return R"({"kind": "residual", "body": {"kind": "sequential", "layers": [)" +
                   keeping(m_shape[0]) + "]}}, " + activation();
        case 1: {
            const std::int64_t first = between(1, 4);
            const std::int64_t second = between(1, 4);
            m_shape[0] = first + second;
            return R"({"kind": "concat", "branches": [{"kind": "sequential", "layers": [)" + keeping(first) +
                   R"(]}, {"kind": "sequential", "layers": [)" + keeping(second) + "]}]}";
        }
        case 2: {
            const std::int64_t more = m_shape[0] + between(0, 3);
            const std::int64_t stride = between(1, 2);
            for (std::size_t axis = 1; axis <= 2; ++axis)
                m_shape[axis] = (m_shape[axis] + stride - 1) / stride;
            m_shape[0] = more;
            const std::string size = std::to_string(stride);
            return R"({"kind": "residual", "body": {"kind": "sequential", "layers": [{"kind": "conv2d", "filters": )" +
                   std::to_string(more) + R"(, "kernel": 3, "padding": 1, "stride": )" + size +
                   R"(}, {"kind": "batchnorm2d"}]}, "shortcut": {"kind": "subsample", "channels": )" +
                   std::to_string(more) + R"(, "stride": )" + size + "}}, " + activation();
        }
        default: {
            std::string layers = convolution();
            if (chance(2))
                layers += R"(, {"kind": "batchnorm2d"})";
            layers += ", " + activation();
            if (chance(2))
                layers += ", " + pool();
            if (chance(3))
                layers += R"(, {"kind": "dropout", "p": 0.3})";
            return layers;
        }
        }
    }

    Random m_random;
    Shape m_shape;
};

} // namespace

LoweredModel randomTree(std::uint64_t seed)
{
    return TreeWriter(seed).write();
}

} // namespace torchdesk::test
