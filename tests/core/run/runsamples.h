// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/events.h"

#include <csignal>
#include <cstring>
#include <sys/resource.h>

/// Snapshots and a disk that is full, for the tests of the run folder.
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

/// For as long as it lives no file of this process grows past \p bytes: a write beyond fails with EFBIG,
/// which is handled like a full disk. Works without privileges, unlike a small file system.
class FullDisk
{
public:
    explicit FullDisk(rlim_t bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit small{bytes, m_before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &small);
    }
    ~FullDisk() { setrlimit(RLIMIT_FSIZE, &m_before); }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

private:
    rlimit m_before{};
};

} // namespace torchdesk::test
