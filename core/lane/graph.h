// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/lane/kernels.h"
#include "core/model/model.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace torchdesk::lane {

/// A parameter of the model and what an optimizer keeps of it; borrowed memory, row-major.
struct ModelParameter
{
    float* value = nullptr;
    std::int64_t count = 0;
    bool trained = false;
    double weightDecay = 0;
    float* moment = nullptr;
    float* secondMoment = nullptr;
};

/// Memory of a program: zeroed pieces, each aligned to a vector, out of blocks that the system may keep in
/// large pages: with small ones, a step would wait for the tables of pages.
class Arena final : public Memory
{
public:
    float* take(std::int64_t floats) override;

private:
    struct Free
    {
        void operator()(std::byte* block) const;
    };
    void addBlock(std::size_t bytes);

    std::vector<std::unique_ptr<std::byte, Free>> m_blocks;
    std::byte* m_next = nullptr; ///< of the last block
    std::size_t m_left = 0;
};

struct GraphSettings
{
    std::int64_t batch = 0; ///< samples of the largest batch
    int threads = 1;
    bool trains = true; ///< false: no gradients are kept
};

/// Why lanes cannot compute a model, as the end of a sentence; "" where they can.
std::string whyNot(const LoweredModel& model, const GraphSettings& settings, int lanes);

/// The layers of a model with their places in memory.
class Graph
{
public:
    /// The model must be one that whyNot() has nothing to say of. \p parameters: of all nodes in their order.
    /// May throw std::bad_alloc.
    Graph(const LoweredModel& model, const Kernels& kernels, const std::vector<ModelParameter>& parameters,
          const GraphSettings& settings);

    const std::vector<std::unique_ptr<Layer>>& layers() const { return m_layers; }
    const Map& logits() const { return m_values.back(); }
    const Map& logitsGradient() const { return m_gradients.back(); }
    /// Floats of all gradients; each trained parameter has its part from its offset on.
    std::int64_t gradientFloats() const { return m_gradientFloats; }
    float* gradients(int thread) const { return m_threadGradients[static_cast<std::size_t>(thread)]; }
    const std::vector<std::int64_t>& offsets() const { return m_offsets; }

private:
    void placeValues(const LoweredModel& model, const GraphSettings& settings);
    void makeLayers(const LoweredModel& model, const std::vector<ModelParameter>& parameters,
                    const GraphSettings& settings);
    /// A relu that works in place and that only a maxpool2d reads: the pool does its work.
    bool isLeftToPool(const LoweredModel& model, std::size_t index) const;
    LayerPlan planOf(const LoweredModel& model, std::size_t index, std::vector<bool>& written) const;

    const Kernels& m_kernels;
    std::int64_t m_groups = 0;
    Arena m_memory;
    std::vector<Map> m_values; ///< of each node
    std::vector<Map> m_gradients;
    std::vector<int> m_readers;          ///< of each node
    std::vector<bool> m_learns;          ///< does the node, or anything before it, have trained parameters?
    std::vector<std::int64_t> m_offsets; ///< of each parameter; -1: not trained
    std::int64_t m_gradientFloats = 0;
    std::vector<float*> m_threadGradients;
    std::vector<std::unique_ptr<Layer>> m_layers;
};

} // namespace torchdesk::lane
