// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/paths.h"
#include "core/base/threading.h"
#include "gui/window.h"

#include <cstdio>
#include <dlfcn.h>

// Qt brings the OpenMP runtime of LibTorch along, and that reads its settings when it is loaded: so the
// window, and Qt with it, is opened after they are made. Linked in, the program would have to load itself
// twice.
int main(int argc, char** argv)
{
    torchdesk::prepareThreading(argv);
    const auto file = torchdesk::libraryFolder() / "torchdesk_window.so";
    void* module = dlopen(file.c_str(), RTLD_LAZY);
    void* run = module ? dlsym(module, "torchdeskRunWindow") : nullptr;
    if (!run) {
        std::fprintf(stderr, "TorchDesk's window cannot be opened: %s. Run installer/run again.\n",
                     dlerror());
        return 1;
    }
    return reinterpret_cast<decltype(&torchdeskRunWindow)>(run)(&argc, argv);
}
