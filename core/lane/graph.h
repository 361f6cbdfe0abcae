// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/lane/kernels.h"
#include "core/lane/units.h"

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
    bool trains = true;  ///< false: no gradients are kept
    int frozenNodes = 0; ///< the first so many learn nothing: batchnorm2d there has its running figures
};

/// Why lanes cannot compute a model, as the end of a sentence; "" where they can.
std::string whyNot(const LoweredModel& model, const GraphSettings& settings, int lanes);

/// What of its output a layer's backward pass looks at.
enum class Looks
{
    AtNothing,
    AtSigns,
    AtValues,
};

/// The layers of a model with their places in memory.
class Graph
{
public:
    /// The model must be one that whyNot() has nothing to say of. \p parameters: of all nodes in their order.
    /// May throw std::bad_alloc.
    Graph(const LoweredModel& model, const Kernels& kernels, const std::vector<ModelParameter>& parameters,
          const GraphSettings& settings);

    const std::vector<std::unique_ptr<Layer>>& layers() const { return m_layers; }
    /// Has the layer at that place a gradient, of its own or to hand on?
    bool learns(std::size_t layer) const { return m_learns[m_units[layer].output]; }
    /// Tells which thread works on a group from now on.
    void assign(const Slice& slice);
    const Map& logits() const { return m_values.back(); }
    const Map& logitsGradient() const { return m_gradients.back(); }
    /// Floats of all gradients; each trained parameter has its part from its offset on.
    std::int64_t gradientFloats() const { return m_gradientFloats; }
    float* gradients(int thread) const { return m_threadGradients[static_cast<std::size_t>(thread)]; }
    const std::vector<std::int64_t>& offsets() const { return m_offsets; }

private:
    /// Nodes where the values and the gradients by them of a node lie.
    struct Place
    {
        std::size_t value = 0;
        std::size_t gradient = 0;
        Looks looks = Looks::AtNothing; ///< of all that wrote here so far
        std::int64_t halo = 0;          ///< of the values
        bool together = false;          ///< gradients are written over values
        bool byThread = false;          ///< gradients: a place for each thread is enough
    };

    std::vector<Place> placesOf(const LoweredModel& model) const;
    void findShared(const LoweredModel& model, std::vector<Place>& places) const;
    void placeValues(const LoweredModel& model, const GraphSettings& settings);
    void makeLayers(const LoweredModel& model, const std::vector<ModelParameter>& parameters,
                    const GraphSettings& settings);
    LayerPlan planOf(const LoweredModel& model, const Unit& unit, std::vector<bool>& written) const;
    void placeUnpooled(const LoweredModel& model, const Unit& unit, LayerPlan& plan);
    void placeMoments(const LoweredModel& model, const Unit& unit, LayerPlan& plan,
                      std::vector<float*>& moments);

    const Kernels& m_kernels;
    std::int64_t m_groups = 0;
    std::vector<Unit> m_units;
    std::vector<int> m_readers;           ///< of each node
    std::vector<std::int32_t> m_threadOf; ///< of each group
    Arena m_memory;
    std::vector<Map> m_values; ///< of each node that a unit ends with
    std::vector<Map> m_gradients;
    std::vector<bool> m_learns;          ///< does the node, or anything before it, have trained parameters?
    std::vector<std::int64_t> m_offsets; ///< of each parameter; -1: not trained
    std::int64_t m_gradientFloats = 0;
    std::vector<float*> m_threadGradients;
    std::vector<std::unique_ptr<Layer>> m_layers;
};

} // namespace torchdesk::lane
