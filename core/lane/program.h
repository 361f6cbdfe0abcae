// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/lane/graph.h"
#include "core/lane/threads.h"

namespace torchdesk::lane {

/// What a step follows from beside the model.
struct ProgramSettings
{
    GraphSettings graph;
    std::uint64_t seed = 0; ///< of dropout
    double labelSmoothing = 0;
    std::vector<float> classWeights; ///< of the loss; empty: none
    Rule rule = Rule::Sgd;
    double momentum = 0; ///< sgd
    bool nesterov = false;
    double clipNorm = 0; ///< 0: gradients are not clipped
};

struct StepResult
{
    double loss = 0;    ///< the mean over the batch, before the update
    double correct = 0; ///< samples whose largest logit is the label's
    bool held = false;  ///< a loss was not finite, now or before: nothing was moved
};

/// Training steps and forward passes of one model on the processor: one vector lane is one sample, so that
/// every layer is vectorised whatever its sizes, and a step has no overhead but its barriers. Parameters and
/// moments stay where they are, and whoever owns them sees them move. Belongs to one thread; owns others,
/// which it shares a batch with. What it computes depends on the number of threads and lanes in rounding
/// only.
class Program
{
public:
    /// An error says why lanes cannot compute the model. May throw std::bad_alloc.
    static Expected<std::unique_ptr<Program>> make(const LoweredModel& model,
                                                   const std::vector<ModelParameter>& parameters,
                                                   const ProgramSettings& settings,
                                                   const Kernels& kernels = kernelsHere());

    const Kernels& kernels() const { return m_kernels; }
    std::int64_t mostSamples() const { return m_settings.graph.batch; }
    std::int64_t classes() const { return m_graph.logits().features(); }
    /// \p batch: at most as many samples as the settings say, with labels. With \p update false the gradients
    /// are kept, and the next step that has it true moves the parameters along the mean over all samples
    /// since. \p optimizerStep: that of Adam's corrections, from 1.
    StepResult train(const Batch& batch, std::uint64_t step, std::int64_t optimizerStep, double learningRate,
                     bool update);
    /// Writes count × classes logits, computed as when nothing is learned.
    void infer(const Batch& batch, float* logits);

private:
    /// One call of a layer for a group, or for all groups of a thread.
    struct Call
    {
        Layer* layer = nullptr;
        int phase = 0;
    };
    /// Calls that run group by group, so that what one writes the next still finds in the cache; or a single
    /// one for all groups.
    struct Stretch
    {
        bool barrier = false; ///< before it
        bool together = false;
        std::vector<Call> calls;
    };
    struct Partial ///< of a thread, on a line of the cache of its own
    {
        alignas(64) LossSums loss;
        double squares = 0;
    };

    Program(const LoweredModel& model, const std::vector<ModelParameter>& parameters,
            const ProgramSettings& settings, const Kernels& kernels);
    static void append(std::vector<Stretch>& stretches, Layer& layer, int phases, bool together);
    struct Share ///< of the gradients' floats
    {
        std::int64_t first = 0;
        std::int64_t last = 0; ///< past the end
    };
    Slice sliceOf(int thread, std::int64_t samples) const;
    Share shareOf(int thread) const;
    void forward(const Pass& pass, const Slice& slice);
    void backward(const Pass& pass, const Slice& slice);
    void trainOn(int thread);
    void gather(int thread);
    void move(int thread);

    const Kernels& m_kernels;
    ProgramSettings m_settings;
    std::vector<ModelParameter> m_parameters;
    Graph m_graph;
    LossPlan m_loss;
    std::vector<Stretch> m_forward;
    std::vector<Stretch> m_backward;
    std::vector<Partial> m_partials;
    std::vector<float> m_gathered; ///< gradients of a group of batches, times their samples
    Threads m_threads;

    // of the step that is going on
    Pass m_pass;
    LossDivisors m_divisors;
    Update m_update;
    bool m_moves = true;
    std::int64_t m_gatheredSamples = 0; ///< of the batches before
    bool m_held = false;
};

} // namespace torchdesk::lane
