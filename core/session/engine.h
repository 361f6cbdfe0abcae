// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/commands.h"
#include "core/session/events.h"
#include "core/session/trainingjob.h"

#include <memory>
#include <span>
#include <stop_token>

/// What computes. Implemented by the LibTorch module (core/engine), and by a scripted fake for tests
/// (core/session/fakeengine.h). Nothing throws across; errors are values.
namespace torchdesk {

/// Takes a trainer's events. put() may block while the consumer is behind; called from the trainer's thread
/// only.
class EventSink
{
public:
    virtual ~EventSink() = default;
    virtual void put(Event event) noexcept = 0;
};

/// One training. Commands may be posted from any thread at any time and never block; those that make no sense
/// in the present state (Resume while running) are passed over. The destructor stops now, joins and may block
/// for one step.
class Trainer
{
public:
    virtual ~Trainer() = default;
    virtual void post(const Command& command) noexcept = 0;
};

struct Evaluation
{
    double loss = 0; ///< mean over samples
    double accuracy = 0;
    std::int64_t samples = 0;
    std::optional<double> top5 = std::nullopt; ///< as EpochDone::validationTop5
    /// nullopt where it was not asked for, or there are too many classes for one
    /// (ConfusionMatrix::mostClasses).
    std::optional<ConfusionMatrix> confusion = std::nullopt;

    bool operator==(const Evaluation&) const = default;
};

/// A network with weights, for prediction. One thread at a time; calls block for as long as they compute.
class Predictor
{
public:
    virtual ~Predictor() = default;
    /// \p samples: count × channels × height × width bytes, as a SampleStore holds them. Returns count ×
    /// classes logits.
    virtual Expected<std::vector<float>> logits(std::span<const std::uint8_t> samples,
                                                std::int64_t count) = 0;
    virtual Expected<Evaluation> evaluate(const SampleStore& store, std::span<const std::int64_t> indices,
                                          std::stop_token stop) = 0;
};

struct DeviceInfo
{
    std::string id;                ///< "cpu", "cuda:0"
    std::string label;             ///< "AMD EPYC, 2 cores", "NVIDIA RTX 4090"
    std::uint64_t totalMemory = 0; ///< bytes
    std::uint64_t freeMemory = 0;
    std::string pciBus; ///< "0000:01:00.0", to match NVML's devices; "" for cpu

    bool operator==(const DeviceInfo&) const = default;
};

struct EngineInfo
{
    std::string name;        ///< "LibTorch"
    std::string version;     ///< "2.11.0+cu130"
    std::string vectorUnits; ///< "AVX-512"
    std::string cudaVersion; ///< "13.0"; "" where CUDA is not in use
    std::string whyNoCuda;   ///< a sentence with the way out where no GPU is usable, else ""

    bool operator==(const EngineInfo&) const = default;
};

/// Some real steps: what the verdict line says.
struct Measurement
{
    double secondsPerEpoch = 0; ///< training and validation
    double secondsInAll = 0;    ///< with the test at the end
    /// Of the device's memory, 0 where unknown. On the processor: what the process took more than before the
    /// measurement, at its most (core/device/memorygrowth.h).
    std::uint64_t peakBytes = 0;
    std::string device;
};

/// Any thread, unless said otherwise.
class Engine
{
public:
    virtual ~Engine() = default;

    virtual EngineInfo info() const = 0;
    /// The devices that can train, "cpu" first. May ask the driver: milliseconds.
    virtual std::vector<DeviceInfo> devices() const = 0;
    /// Is the device there, do model, data and optimizer fit? Builds the module; no step is done.
    virtual Expected<void> check(const TrainingJob& job) = 0;
    /// Does a few real steps on a copy. Blocks for some twenty steps at most; a stop ends it after the one
    /// going on.
    virtual Expected<Measurement> measure(const TrainingJob& job, std::stop_token stop) = 0;
    /// A trainer that waits for Start. Events go to \p sink from the trainer's own thread.
    virtual Expected<std::unique_ptr<Trainer>> createTrainer(TrainingJob job,
                                                             std::shared_ptr<EventSink> sink) = 0;
    /// Builds the network and copies the tensors in: every name, shape and type is compared, none may be
    /// missing or over.
    virtual Expected<std::unique_ptr<Predictor>> open(const LoweredModel& model,
                                                      const Preprocessing& preprocessing,
                                                      const std::vector<NamedTensor>& tensors,
                                                      const std::string& device) = 0;
    /// A PyTorch state dict as the bytes of a .pt file that torch.load(weights_only=True) takes.
    virtual Expected<Bytes> toStateDict(const std::vector<NamedTensor>& tensors) = 0;
    /// Reads what toStateDict wrote, in its order (core/formats/statedict.h).
    virtual Expected<std::vector<NamedTensor>> fromStateDict(std::span<const std::byte> bytes,
                                                             const std::string& source) = 0;
};

} // namespace torchdesk
