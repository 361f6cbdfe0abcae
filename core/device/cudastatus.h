// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

namespace torchdesk {

/// Why no NVIDIA card is used.
enum class CudaProblem
{
    None,
    NoCard, ///< no driver, or a driver without a card
    DriverTooOld,
    CardUnsupported, ///< found by the engine: only LibTorch knows for which generations it was compiled
    LibrariesMissing,
};

/// The neutral sentence with the way out, as the window shows it. \p driver is the version found
/// ("550.54.14"), used for DriverTooOld. "" for None.
std::string cudaSentence(CudaProblem problem, const std::string& driver = {});

/// What was found out about CUDA before the engine was opened.
struct CudaStatus
{
    bool driverPresent = false;
    std::string driverVersion;    ///< "580.65.06"; "" where unknown
    bool librariesLoaded = false; ///< LibTorch's part for CUDA is in the process
    CudaProblem problem = CudaProblem::NoCard;
    std::string sentence; ///< cudaSentence(problem), "" where CUDA may be used
    std::string details;  ///< for the log: what the dynamic loader said

    bool operator==(const CudaStatus&) const = default;
};

/// The oldest driver that CUDA 13 works with.
constexpr int oldestDriver = 580;

/// Looks for the driver (libcuda.so.1; TORCHDESK_LIBCUDA names another file) and loads libtorch_cuda.so of
/// this LibTorch where it will work. Must come before the first CUDA query of the process, since LibTorch
/// keeps its answer. Without a driver nothing is loaded. 0.1 to 0.4 s with one. Keeps the result for
/// cudaStatus().
CudaStatus openCuda(const std::filesystem::path& libtorch);
/// What openCuda() found; NoCard before it was called. Any thread.
CudaStatus cudaStatus();

} // namespace torchdesk
