// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/lane/map.h"

/// What the layers of a lane program are made of. These files are compiled once for each kind of processor,
/// so they hold neither containers nor templates of the standard library: the linker would keep one copy of
/// those, of whichever processor.
namespace torchdesk::lane {

/// The samples of one step. Pointers are borrowed for the step.
struct Batch
{
    std::int64_t count = 0;
    const float* values = nullptr;         ///< count × features; or, where it is null:
    const std::uint8_t* samples = nullptr; ///< bytes of all samples of the data set
    const std::int64_t* indices = nullptr; ///< count, into samples
    const float* factor = nullptr;         ///< a channel: value = byte × factor + offset
    const float* offset = nullptr;
    const std::int64_t* labels = nullptr;
    const std::int64_t* otherLabels = nullptr; ///< of a mixed batch, else null
    double share = 1;                          ///< of labels, where there are others
};

/// One walk through the network.
struct Pass
{
    Batch batch;
    bool training = false;
    std::uint64_t seed = 0; ///< with step and node, the key of dropout masks
    std::uint64_t step = 0; ///< global, from 1
};

/// Groups of samples, and the thread that works on them. A group has as many samples as a vector has lanes.
struct Slice
{
    int thread = 0;
    std::int64_t first = 0;
    std::int64_t last = 0; ///< past the end
};

struct Parameter
{
    float* value = nullptr; ///< row-major, as the network keeps it
    std::int64_t count = 0;
    std::int64_t offset = -1; ///< in the gradients of a thread; -1: no gradient
};

/// What a layer reads: the values, and where the gradient of the loss by them goes.
struct Port
{
    Map value;
    Map gradient;
    bool wanted = false; ///< does anything before it learn?
    bool adds = false;   ///< another reader has written the gradient already
};

/// Memory for layers, zeroed and aligned to vectors; lives as long as the program. Throws std::bad_alloc.
class Memory
{
public:
    virtual float* take(std::int64_t floats) = 0;

protected:
    ~Memory() = default;
};

constexpr int mostInputs = 16;
constexpr int mostParameters = 4;
constexpr int momentVectors = 3;

/// Everything that a layer is made from.
struct LayerPlan
{
    Port inputs[mostInputs];
    int inputCount = 0;
    Map output;
    Map outputGradient;
    Parameter parameters[mostParameters]; ///< in the order of the model; value null where there is none
    std::int64_t kernel[2] = {1, 1};      ///< rows, columns
    std::int64_t stride[2] = {1, 1};
    std::int64_t padding[2] = {0, 0};
    double number = 0;   ///< dropout: p; leakyrelu: slope; batchnorm2d: epsilon
    double momentum = 0; ///< batchnorm2d
    bool relu = false;   ///< maxpool2d: takes over the relu before it; the others: the one after them
    bool pool = false;   ///< conv2d, batchnorm2d: a maxpool2d of 2×2 after that too, of whole windows only
    /// conv2d with a pool: the gradient by what it makes for the pool, which nobody else sees.
    Map unpooled;
    int dropout = -1;        ///< linear with a relu: node of the dropout after it, that it takes over too
    double dropoutShare = 0; ///< its p
    /// batchnorm2d, and conv2d before one: Σ of the map between the two, momentVectors a group and channel
    /// (see layers/moments.h), which the convolution gathers where there is one.
    float* moments = nullptr;
    bool gathered = false; ///< batchnorm2d: they have been
    bool frozen = false;   ///< neither it nor anything before it learns
    int node = 0;          ///< place in the model
    int threads = 1;
    std::int64_t groups = 0;           ///< of the largest batch
    float* const* gradients = nullptr; ///< a thread: all parameters' gradients
    Memory* memory = nullptr;

    float* gradient(const Slice& slice, int parameter) const
    {
        return gradients[slice.thread] + parameters[parameter].offset;
    }
};

/// One node of the model. forward() and backward() are called for one group at a time, or for all groups of a
/// thread at once where together() says so; different threads work on different groups at the same time. A
/// layer of several phases is called for all groups in the one before any is called in the next. A gradient
/// of a parameter is assigned once by each thread in each step.
class Layer
{
public:
    Layer() = default;
    virtual ~Layer();
    Layer(const Layer&) = delete;
    Layer& operator=(const Layer&) = delete;

    virtual int forwardPhases() const;
    virtual int backwardPhases() const;
    virtual bool forwardTogether() const;
    virtual bool backwardTogether() const;
    /// Once a thread, before its first group of the phase.
    virtual void beginForward(const Pass& pass, const Slice& slice, int phase);
    virtual void forward(const Pass& pass, const Slice& slice, int phase) = 0;
    virtual void beginBackward(const Pass& pass, const Slice& slice, int phase);
    virtual void backward(const Pass& pass, const Slice& slice, int phase) = 0;
    /// Once a thread, after its last group of the phase.
    virtual void endBackward(const Pass& pass, const Slice& slice, int phase);
    /// What a step moves beside the parameters (running means), where its loss was finite. By one thread.
    virtual void commit();
};

} // namespace torchdesk::lane
