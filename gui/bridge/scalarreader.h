// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/eventfile.h"
#include "gui/bridge/worker.h"

#include <QObject>
#include <QTimer>

namespace torchdesk {

/// New points of one tag of one folder, in the order of the files.
struct ScalarBatch
{
    std::size_t folder = 0; ///< index into the folders that are read
    std::string tag;
    std::vector<double> steps;
    std::vector<double> times; ///< seconds since 1970
    std::vector<double> values;
};

/// Every folder below \p root (itself too) that holds event files, sorted; links are not followed. Blocks.
std::vector<std::filesystem::path> eventFolders(const std::filesystem::path& root);

/// Reads the scalars of TensorBoard folders on a thread of its own, and what is added to them while active.
/// GUI thread only.
class ScalarReader final : public QObject
{
    Q_OBJECT

public:
    explicit ScalarReader(QObject* parent = nullptr);

    /// Begins anew with these folders, each with its event files in the order of their names.
    void setFolders(std::vector<std::filesystem::path> folders);
    const std::vector<std::filesystem::path>& folders() const { return m_folders; }
    /// Polls every second while active; an inactive reader finishes what it is at.
    void setActive(bool active);

Q_SIGNALS:
    void arrived(const std::vector<torchdesk::ScalarBatch>& batches);
    /// A file that cannot be read (further), once each.
    void problem(const QString& text);

private:
    struct Files;
    void poll();

    std::vector<std::filesystem::path> m_folders;
    std::shared_ptr<Files> m_files; ///< used by the worker only, a new one for each setFolders
    QTimer m_timer;
    bool m_polling = false;
    Worker m_worker;
};

} // namespace torchdesk
