// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/exporttarget.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
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

/// The run in whose folder \p file lies, "" where it lies in none.
fs::path runAbove(const fs::path& file)
{
    std::error_code ignored;
    for (fs::path at = fs::weakly_canonical(file, ignored).parent_path(); at.has_relative_path();
         at = at.parent_path()) {
        if (fs::exists(at / "run.json", ignored) && fs::exists(at / "model.json", ignored))
            return at;
    }
    return {};
}

/// Weights of either format, so that an earlier export may be replaced and nobody's text is.
bool isWeights(const fs::path& file)
{
    std::ifstream in(file, std::ios::binary);
    std::array<char, 256> begin{};
    in.read(begin.data(), begin.size());
    const std::string_view text(begin.data(), static_cast<std::size_t>(in.gcount()));
    std::uint64_t header = 0; // of a safetensors file
    std::memcpy(&header, begin.data(), sizeof header);
    std::error_code ignored;
    const bool safetensors =
        text.size() > 8 && text.substr(8).starts_with("{") && header <= fs::file_size(file, ignored) - 8;
    // The first entry of a state dict is NAME/data.pkl (Python's) or NAME/data/0 (LibTorch's), its name at
    // byte 30.
    return safetensors || (text.starts_with("PK\3\4") && text.substr(0, 80).find("/data") != text.npos);
}

Expected<void> checkPlace(const fs::path& file, const fs::path& run)
{
    std::error_code ignored;
    if (file.filename().empty() || fs::is_directory(file, ignored))
        return failure(ErrorKind::InvalidInput, fmt::format("{} is a folder: name a file in it, such as {}.",
                                                            shown(file), shown(file / "weights.pt")));
    if (fs::exists(file, ignored) && !fs::is_regular_file(file, ignored))
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("{} is no ordinary file and is left as it is: name another.", shown(file)));
    if (!fs::is_directory(file.parent_path(), ignored))
        return failure(ErrorKind::NotFound,
                       fmt::format("There is no folder {}: make it first, or choose another.",
                                   shown(file.parent_path())));
    if (file.filename() == "model.py")
        return failure(ErrorKind::InvalidInput,
                       "model.py is written beside the weights: give the weights another name.");
    if (const fs::path owner = runAbove(file); !owner.empty() && !isInside(file, owner / "exports"))
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{} is inside the run's own folder: export to {} or to a folder of yours.",
                                   shown(file), shown(run / "exports" / file.filename())));
    if (fs::exists(file, ignored) && fs::file_size(file, ignored) > 0 && !isWeights(file))
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("{} is there already and holds no weights, so it is left as it is: name another "
                        "file, or remove it first.",
                        shown(file)));
    return {};
}

bool isOurs(const std::string& text)
{
    const std::string_view firstLine = std::string_view(text).substr(0, text.find('\n'));
    return firstLine.starts_with("# ") && firstLine.ends_with(ExportTarget::ourMark);
}

/// "my-net.pt" names the module "model_my_net_pt", as far as Python's letters tell names apart.
std::string moduleNamed(const std::string& weights)
{
    std::string name = "model_";
    for (const char c : weights)
        name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
    return name;
}

/// model.py where the name is free or holds this very text; beside another network's, or somebody else's, the
/// name of the weights is added. The earlier export's script goes on to work.
Expected<fs::path> placeForModel(const fs::path& weights, std::string_view text)
{
    const fs::path usual = weights.parent_path() / "model.py";
    std::error_code ignored;
    if (!fs::exists(fs::symlink_status(usual, ignored)) || readText(usual).value_or("") == text)
        return usual;
    const fs::path own = weights.parent_path() / (moduleNamed(weights.filename().string()) + ".py");
    if (!fs::exists(fs::symlink_status(own, ignored)) || isOurs(readText(own).value_or("")))
        return own;
    return failure(
        ErrorKind::InvalidInput,
        fmt::format("{} is there already and was not written by TorchDesk: move it away, or export to "
                    "another folder.",
                    shown(own)));
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

ExportTarget::ExportTarget(fs::path file) : m_file(std::move(file)), m_weights(partOf(m_file)) {}

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
    if (!m_model.empty())
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
    // Through a link the file that it names is written; the link stays.
    const fs::path linked = fs::canonical(absolute, ignored);
    return ExportTarget(fs::is_symlink(absolute, ignored) && !linked.empty() ? linked : absolute);
}

Expected<void> ExportTarget::writeWeights(std::span<const std::byte> bytes)
{
    return writeAtomically(m_weights, bytes);
}

Expected<void> ExportTarget::writeModel(std::string_view text)
{
    const auto place = placeForModel(m_file, text);
    if (!place)
        return failure(place);
    m_modelFile = *place;
    m_model = partOf(m_modelFile);
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
