// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"
#include "core/data/preprocessing.h"
#include "core/plan/augmentation.h"
#include "gui/bridge/folderexamples.h"
#include "gui/bridge/worker.h"

#include <QObject>

namespace torchdesk {

/// Which samples of the training part are to be shown as the network sees them, and in which epoch: those at
/// \p indices of a store, or the examples of a folder.
struct PreviewRequest
{
    std::shared_ptr<const SampleStore> samples;
    std::vector<std::int64_t> indices;
    std::optional<FolderExamplesWish> folder; ///< in place of both
    Augmentation augmentation;
    Preprocessing preprocessing;
    std::uint64_t seed = 1;
    std::uint64_t epoch = 1;

    bool operator==(const PreviewRequest&) const = default;
};

struct Preview
{
    std::vector<std::uint8_t> samples;             ///< as bytes, one after the other
    Shape shape;                                   ///< of each
    std::vector<FolderExamples::Example> examples; ///< of a folder: what is shown
};

/// Brings pictures to the network's size and varies them, on a thread of its own. The newest request wins, so
/// that it may be asked with every keystroke. GUI thread only.
class AugmentPreview final : public QObject
{
    Q_OBJECT

public:
    explicit AugmentPreview(QObject* parent = nullptr);
    /// Answers with ready(), or not at all where a folder has no example that can be read. The samples are
    /// taken as one batch, as far as pictures are mixed.
    void request(const PreviewRequest& request);
    /// What was asked before will not be answered.
    void cancel();

Q_SIGNALS:
    void ready(const torchdesk::Preview& preview);

private:
    std::shared_ptr<FolderExampleReader> m_reader; ///< used by the worker's thread alone
    Worker m_worker;
};

} // namespace torchdesk
