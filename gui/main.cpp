// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/threading.h"
#include "gui/app/application.h"

int main(int argc, char** argv)
{
    torchdesk::prepareThreading(argv);
    return torchdesk::runApplication(argc, argv);
}
