// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"
#include "core/data/preprocessing.h"
#include "core/plan/augmentation.h"
#include "gui/bridge/worker.h"

#include <QObject>

namespace torchdesk {

/// Which samples of the training part are to be shown as the network sees them, and in which epoch.
struct PreviewRequest
{
    std::shared_ptr<const SampleStore> samples;
    std::vector<std::int64_t> indices;
    Augmentation augmentation;
    Preprocessing preprocessing;
    std::uint64_t seed = 1;
    std::uint64_t epoch = 1;

    bool operator==(const PreviewRequest&) const = default;
};

/// Varies pictures on a thread of its own. The newest request wins, so that it may be asked with every
/// keystroke. GUI thread only.
class AugmentPreview final : public QObject
{
    Q_OBJECT

public:
    explicit AugmentPreview(QObject* parent = nullptr);
    /// Answers with ready(). The samples are taken as one batch, as far as pictures are mixed.
    void request(const PreviewRequest& request);
    /// What was asked before will not be answered.
    void cancel();

Q_SIGNALS:
    /// The samples as bytes, one after the other.
    void ready(const std::vector<std::uint8_t>& samples);

private:
    Worker m_worker;
};

} // namespace torchdesk
