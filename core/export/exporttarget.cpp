// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/exporttarget.h"

#include <algorithm>
#include <fmt/format.h>
#include <unistd.h>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

/// A name beside \p file that only this process uses.
fs::path partOf(const fs::path& file)
{
    return file.parent_path() / fmt::format(".{}.{}.part", file.filename().string(), getpid());
}

bool isInside(const fs::path& file, const fs::path& folder)
{
    std::error_code ignored;
    const fs::path inner = fs::weakly_canonical(file, ignored);
    const fs::path outer = fs::weakly_canonical(folder, ignored);
    return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

Expected<void> checkPlace(const fs::path& file, const fs::path& run)
{
    std::error_code ignored;
    if (file.filename().empty() || fs::is_directory(file, ignored))
        return failure(ErrorKind::InvalidInput, fmt::format("{} is a folder: name a file in it, such as {}.",
                                                            shown(file), shown(file / "weights.pt")));
    if (!fs::is_directory(file.parent_path(), ignored))
        return failure(ErrorKind::NotFound,
                       fmt::format("There is no folder {}: make it first, or choose another.",
                                   shown(file.parent_path())));
    if (file.filename() == "model.py")
        return failure(ErrorKind::InvalidInput,
                       "model.py is written beside the weights: give the weights another name.");
    if (isInside(file, run) && !isInside(file, run / "exports"))
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{} is inside the run's own folder: export to {} or to a folder of yours.",
                                   shown(file), shown(run / "exports" / file.filename())));
    return {};
}

/// A model.py of somebody else's is theirs.
Expected<void> checkModelFile(const fs::path& file)
{
    std::error_code ignored;
    if (!fs::exists(fs::symlink_status(file, ignored)))
        return {};
    const auto text = readText(file);
    const std::string firstLine = text ? text->substr(0, text->find('\n')) : "";
    if (firstLine.starts_with("# ") && firstLine.ends_with(ExportTarget::ourMark))
        return {};
    return failure(
        ErrorKind::InvalidInput,
        fmt::format("{} is there already and was not written by TorchDesk: move it away, or export to "
                    "another folder.",
                    shown(file)));
}

Expected<void> renameFile(const fs::path& from, const fs::path& to)
{
    std::error_code problem;
    fs::rename(from, to, problem);
    if (problem)
        return tl::unexpected(systemError(problem.value(), "Cannot write", to));
    return {};
}

} // namespace

ExportTarget::ExportTarget(fs::path file)
    : m_file(std::move(file)), m_modelFile(m_file.parent_path() / "model.py"), m_weights(partOf(m_file)),
      m_model(partOf(m_modelFile))
{}

ExportTarget::ExportTarget(ExportTarget&& other) noexcept
    : m_file(other.m_file), m_modelFile(other.m_modelFile), m_weights(other.m_weights),
      m_model(other.m_model), m_pending(std::exchange(other.m_pending, false))
{}

ExportTarget::~ExportTarget()
{
    std::error_code ignored;
    if (!m_pending)
        return;
    fs::remove(m_weights, ignored);
    fs::remove(m_model, ignored);
}

Expected<ExportTarget> ExportTarget::prepare(const fs::path& file, const fs::path& run)
{
    std::error_code ignored;
    const fs::path absolute = fs::absolute(file, ignored);
    if (isInside(absolute, run / "exports")) {
        if (const auto made = makeFolder(absolute.parent_path()); !made)
            return failure(made);
    }
    if (const auto checked = checkPlace(absolute, run); !checked)
        return failure(checked);
    if (const auto checked = checkModelFile(absolute.parent_path() / "model.py"); !checked)
        return failure(checked);
    return ExportTarget(absolute);
}

Expected<void> ExportTarget::writeWeights(std::span<const std::byte> bytes)
{
    return writeAtomically(m_weights, bytes);
}

Expected<void> ExportTarget::writeModel(std::string_view text)
{
    return writeAtomically(m_model, text);
}

Expected<void> ExportTarget::commit()
{
    if (const auto renamed = renameFile(m_model, m_modelFile); !renamed)
        return renamed;
    if (const auto renamed = renameFile(m_weights, m_file); !renamed)
        return renamed;
    m_pending = false;
    return syncFolder(m_file.parent_path());
}

} // namespace torchdesk
