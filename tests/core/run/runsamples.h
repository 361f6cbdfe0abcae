// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/runrecord.h"
#include "tests/support/fulldisk.h"

#include <cstring>

/// Snapshots and records, for the tests of the run folder.
namespace torchdesk::test {

inline NamedTensor floats(const std::string& name, const std::vector<float>& values)
{
    Bytes bytes(values.size() * sizeof(float));
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return {name,
            DType::F32,
            {static_cast<std::int64_t>(values.size())},
            std::make_shared<const Bytes>(std::move(bytes))};
}

/// A snapshot whose weights tell its step; 16 kB, more than FullDisk lets through.
inline std::shared_ptr<const Snapshot> snapshotOf(std::int64_t epoch, std::int64_t step, bool best)
{
    Snapshot snapshot;
    snapshot.epoch = epoch;
    snapshot.step = step;
    snapshot.best = best;
    snapshot.weights = {floats("fc.weight", std::vector<float>(4096, static_cast<float>(step))),
                        floats("fc.bias", {1, 2})};
    snapshot.optimizer = {floats("fc.bias.exp_avg", {0.5F, 0.25F})};
    snapshot.state = Json{{"step", step}};
    return std::make_shared<const Snapshot>(std::move(snapshot));
}

inline EpochDone epochOf(std::int64_t epoch, double validationAccuracy, bool best)
{
    return {epoch, epoch * 10, 0.5 / static_cast<double>(epoch), 0.625, 0.25, validationAccuracy, 1.5,
            0.001, best};
}

/// Two epochs, the first one better.
inline RunRecord finishedRecord()
{
    RunRecord record;
    record.name = "lenet-digits";
    record.plan.epochs = 2;
    record.plan.seed = UINT64_MAX;
    record.modelLabel = "LeNet (Keras form)";
    record.dataLabel = "Drawn digits";
    record.dataFingerprint = "abc";
    record.commonestShare = 0.625;
    record.startedAt = 1795444325.5;
    record.endedAt = 1795444400.25;
    record.started = Started{"cpu", "AMD EPYC, 2 threads", "eager", 2, 2, 10, 1280, 128, 100};
    record.epochs = {epochOf(1, 0.875, true), epochOf(2, 0.75, false)};
    record.epochs[1].validationF1 = 0.5;
    record.finished = Finished{Outcome::Completed, "", 20, 1, 0.3, 0.8, 0.4, 0.7};
    record.environment = {{"host", "desk"}, {"libtorch", "2.11.0"}};
    return record;
}

} // namespace torchdesk::test
