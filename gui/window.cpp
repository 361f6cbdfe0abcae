// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window.h"

#include "gui/app/application.h"

int torchdeskRunWindow(int* argc, char** argv)
{
    return torchdesk::runApplication(*argc, argv);
}
