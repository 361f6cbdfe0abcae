// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/layers/layer.h"

namespace torchdesk {

namespace {

using Pair = std::vector<std::int64_t>;

class WindowPool final : public Layer
{
public:
    WindowPool(const LoweredNode& node, bool largest)
        : m_kernel(node.attribute<Pair>("kernel")), m_stride(node.attribute<Pair>("stride")),
          m_padding(node.attribute<Pair>("padding")), m_largest(largest)
    {}

    at::Tensor forward(at::TensorList inputs, const Pass&) const override
    {
        return m_largest ? at::max_pool2d(inputs[0], m_kernel, m_stride, m_padding)
                         : at::avg_pool2d(inputs[0], m_kernel, m_stride, m_padding);
    }

private:
    Pair m_kernel;
    Pair m_stride;
    Pair m_padding;
    bool m_largest;
};

class AdaptivePool final : public Layer
{
public:
    explicit AdaptivePool(const LoweredNode& node) : m_size(node.attribute<Pair>("size")) {}

    at::Tensor forward(at::TensorList inputs, const Pass&) const override
    {
        return at::adaptive_avg_pool2d(inputs[0], m_size);
    }

private:
    Pair m_size;
};

class Subsample final : public Layer
{
public:
    explicit Subsample(const LoweredNode& node)
        : m_stride(node.attribute<Pair>("stride")), m_channels(node.attribute<std::int64_t>("channels"))
    {}

    at::Tensor forward(at::TensorList inputs, const Pass&) const override
    {
        const at::Tensor kept = inputs[0]
                                    .slice(2, std::nullopt, std::nullopt, m_stride[0])
                                    .slice(3, std::nullopt, std::nullopt, m_stride[1]);
        const std::int64_t more = m_channels - kept.size(1);
        return at::constant_pad_nd(kept, {0, 0, 0, 0, more / 2, more - more / 2});
    }

private:
    Pair m_stride;
    std::int64_t m_channels;
};

} // namespace

std::span<const LayerMaker> poolingMakers()
{
    using Parameters = std::vector<at::Tensor>;
    static constexpr LayerMaker makers[] = {
        {"maxpool2d",
         [](const LoweredNode& node, int, const Parameters&) -> std::unique_ptr<Layer> {
             return std::make_unique<WindowPool>(node, true);
         }},
        {"avgpool2d",
         [](const LoweredNode& node, int, const Parameters&) -> std::unique_ptr<Layer> {
             return std::make_unique<WindowPool>(node, false);
         }},
        {"adaptiveavgpool2d",
         [](const LoweredNode& node, int, const Parameters&) -> std::unique_ptr<Layer> {
             return std::make_unique<AdaptivePool>(node);
         }},
        {"subsample",
         [](const LoweredNode& node, int, const Parameters&) -> std::unique_ptr<Layer> {
             return std::make_unique<Subsample>(node);
         }},
    };
    return makers;
}

} // namespace torchdesk
