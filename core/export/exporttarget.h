// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/files.h"

namespace torchdesk {

/// Where an export goes: the weights and the file with the network's class beside them. Nothing stands under
/// the final names before commit(); what was not committed is removed, and what was there before is left as
/// it was.
class ExportTarget
{
public:
    /// Refuses what is no ordinary file, a folder that does not exist, and the files of the run itself.
    static Expected<ExportTarget> prepare(const std::filesystem::path& file,
                                          const std::filesystem::path& run);
    ExportTarget(ExportTarget&& other) noexcept;
    ExportTarget& operator=(ExportTarget&&) = delete;
    ~ExportTarget();

    Expected<void> writeWeights(std::span<const std::byte> bytes);
    /// Chooses the name: model.py, or where another one stands there, model_<weights>.py.
    Expected<void> writeModel(std::string_view text);
    /// Where the weights are until they are committed.
    const std::filesystem::path& weightsFile() const { return m_weights; }
    const std::filesystem::path& file() const { return m_file; }
    const std::filesystem::path& modelFile() const { return m_modelFile; } ///< empty before writeModel()
    /// Gives both files their names.
    Expected<void> commit();

    /// How the first line, a comment, of a model.py of ours ends.
    static constexpr std::string_view ourMark = "Written by TorchDesk.";

private:
    explicit ExportTarget(std::filesystem::path file);

    std::filesystem::path m_file;
    std::filesystem::path m_modelFile;
    std::filesystem::path m_weights;
    std::filesystem::path m_model;
    bool m_pending = true;
};

} // namespace torchdesk
