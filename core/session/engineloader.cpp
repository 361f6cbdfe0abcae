// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/engineloader.h"

#include "core/base/files.h"
#include "core/base/log.h"
#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/device/cudastatus.h"
#include "core/session/elffile.h"
#include "core/session/engineentry.h"
#include "core/session/engineopening.h"

#include <cstdlib>
#include <dlfcn.h>
#include <fmt/format.h>
#include <mutex>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

std::string environment(const char* name)
{
    const char* value = std::getenv(name);
    return value ? value : "";
}

bool holdsLibTorch(const fs::path& folder)
{
    std::error_code ignored;
    return fs::exists(folder / "lib/libtorch_cpu.so", ignored);
}

/// `__version__ = '2.11.0+cu130'` in the wheel's version.py.
std::string versionInPython(const std::string& text)
{
    for (const std::string& line : splitText(text, '\n')) {
        const std::size_t first = line.find_first_of("'\"");
        const std::size_t last = line.find_last_of("'\"");
        if (line.starts_with("__version__") && first != std::string::npos && last > first)
            return shortened(std::string_view(line).substr(first + 1, last - first - 1), 60);
    }
    return {};
}

Expected<void> checkVersion(const fs::path& libtorch, const std::string& wanted)
{
    const auto found = libtorchVersion(libtorch);
    if (!found)
        return failure(found);
    if (splitText(*found, '+').front() == wanted)
        return {};
    return failure(
        ErrorKind::Unsupported,
        fmt::format(
            "LibTorch in {} has version {}, wanted {}: run installer/setup, or set TORCHDESK_LIBTORCH "
            "to a folder with that version.",
            shown(libtorch), *found, wanted));
}

Expected<void*> open(const fs::path& file, int flags)
{
    const bool whole = isWholeLibrary(file);
    if (void* library = whole ? dlopen(file.c_str(), RTLD_NOW | flags) : nullptr)
        return library;
    const char* reason = whole ? dlerror() : "the file is shorter than its header says";
    return failure(
        ErrorKind::Unsupported,
        fmt::format("{} could not be opened: it is damaged or does not fit this build of TorchDesk. Run "
                    "installer/setup and build again; the log tells what the system said.",
                    shown(file)),
        reason ? reason : "");
}

/// LibTorch's symbols must be global before the module is opened, and CUDA's part must come first of all.
Expected<void> openLibTorch(const EngineSearch& search)
{
    const auto folder = findLibTorch(search);
    if (!folder)
        return failure(folder);
    if (const auto checked = checkVersion(*folder, search.libtorchVersion); !checked)
        return checked;
    const CudaStatus cuda = openCuda(*folder);
    if (!cuda.details.empty())
        logInfo(cuda.details);
    for (const char* name : {"lib/libc10.so", "lib/libtorch_cpu.so"}) {
        if (const auto library = open(*folder / name, RTLD_GLOBAL); !library)
            return failure(library);
    }
    return {};
}

/// The names of the libraries that a module needs stand in it as text.
bool needsLibTorch(const fs::path& module)
{
    const auto bytes = readBytes(module, std::uint64_t{1} << 30);
    if (!bytes)
        return true;
    return std::string_view(reinterpret_cast<const char*>(bytes->data()), bytes->size())
               .find("libtorch_cpu.so") != std::string_view::npos;
}

Expected<void> checkModule(const EngineSearch& search)
{
    std::error_code ignored;
    if (fs::is_regular_file(search.module, ignored))
        return {};
    if (search.moduleIsNamed)
        return failure(
            ErrorKind::NotFound,
            fmt::format("The engine {} that TORCHDESK_ENGINE names was not found: correct the path, or unset "
                        "TORCHDESK_ENGINE.",
                        shown(search.module)));
    return failure(ErrorKind::NotFound,
                   fmt::format("The engine {} was not found: this TorchDesk was built without LibTorch. Run "
                               "installer/setup and build again.",
                               shown(search.module)));
}

Expected<std::shared_ptr<Engine>> createEngine(void* library, const EngineSearch& search)
{
    const auto function = reinterpret_cast<TorchDeskEngineFunction*>(dlsym(library, "torchdeskEngine"));
    const TorchDeskEngineEntry* entry = function ? function() : nullptr;
    if (!entry)
        return failure(
            ErrorKind::Unsupported,
            fmt::format("{} is no engine of TorchDesk: it has no entry \"torchdeskEngine\". Build again, or "
                        "unset TORCHDESK_ENGINE.",
                        shown(search.module)));
    if (entry->size != sizeof(TorchDeskEngineEntry) || search.buildId != entry->buildId)
        return failure(
            ErrorKind::Unsupported,
            fmt::format("The engine {} comes from another build of TorchDesk: build program and engine "
                        "together again.",
                        shown(search.module)),
            entry->size == sizeof(TorchDeskEngineEntry)
                ? fmt::format("build id: found {}, wanted {}", entry->buildId, search.buildId)
                : fmt::format("entry size: found {}", entry->size));
    std::shared_ptr<Engine> engine(entry->create());
    if (!engine)
        return failure(ErrorKind::OutOfMemory,
                       "There was not enough memory to start the engine: close other programs.");
    return engine;
}

} // namespace

EngineSearch usualSearch()
{
    EngineSearch search;
    const std::string named = environment("TORCHDESK_ENGINE");
    search.moduleIsNamed = !named.empty();
    search.module = search.moduleIsNamed ? userPath(named) : libraryFolder() / "torchdesk_engine.so";
    if (const std::string folder = environment("TORCHDESK_LIBTORCH"); !folder.empty())
        search.namedLibTorch = userPath(folder);
    search.libtorchFolders = {TORCHDESK_LIBTORCH_FOLDER, libraryFolder() / "torch"};
    search.libtorchVersion = TORCHDESK_LIBTORCH_VERSION;
    search.buildId = TORCHDESK_BUILD_ID;
    return search;
}

Expected<fs::path> findLibTorch(const EngineSearch& search)
{
    const auto folders =
        search.namedLibTorch.empty() ? search.libtorchFolders : std::vector{search.namedLibTorch};
    std::vector<std::string> searched;
    for (const fs::path& folder : folders) {
        if (holdsLibTorch(folder))
            return folder;
        searched.push_back(shown(folder));
    }
    return failure(
        ErrorKind::NotFound,
        fmt::format(
            "LibTorch was not found in {}: run installer/setup, or set TORCHDESK_LIBTORCH to a folder "
            "that holds lib/libtorch_cpu.so.",
            joined(searched, ", ")));
}

Expected<std::string> libtorchVersion(const fs::path& folder)
{
    if (const auto python = readText(folder / "version.py", 1u << 20)) {
        if (std::string version = versionInPython(*python); !version.empty())
            return version;
    }
    if (const auto plain = readText(folder / "build-version", 4096)) {
        if (std::string version = shortened(trimmed(*plain), 60); !version.empty())
            return version;
    }
    return failure(
        ErrorKind::InvalidInput,
        fmt::format(
            "LibTorch in {} does not tell its version: found neither a version.py nor a build-version "
            "that names one. Run installer/setup, or set TORCHDESK_LIBTORCH to another folder.",
            shown(folder)));
}

Expected<std::shared_ptr<Engine>> openEngine(const EngineSearch& search)
{
    if (const auto there = checkModule(search); !there)
        return failure(there);
    if (!search.moduleIsNamed || needsLibTorch(search.module)) {
        if (const auto opened = openLibTorch(search); !opened)
            return failure(opened);
    }
    const auto library = open(search.module, RTLD_LOCAL);
    if (!library)
        return failure(library);
    return createEngine(*library, search);
}

Expected<std::shared_ptr<Engine>> loadEngine()
{
    static std::mutex mutex;
    // Never destroyed: what CUDA holds must not be freed after main.
    static auto* const kept = new std::shared_ptr<Engine>();
    const std::lock_guard lock(mutex);
    if (*kept)
        return *kept;
    auto engine = openEngine(usualSearch());
    if (engine)
        *kept = *engine;
    else if (!engine.error().details.empty())
        logError(engine.error().details);
    return engine;
}

} // namespace torchdesk
