// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/processclock.h"

#include "core/base/text.h"

#include <QFile>
#include <ctime>
#include <unistd.h>

namespace torchdesk {

// The 22nd field of /proc/self/stat is the start in clock ticks since the machine started (proc(5)). The
// second field may hold blanks, so fields are counted from its closing bracket.
double secondsSinceStart()
{
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    QFile file(QStringLiteral("/proc/self/stat"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const std::string stat = file.readAll().toStdString();
    const auto fields = splitText(std::string_view(stat).substr(stat.rfind(')') + 2), ' ');
    const auto ticks = fields.size() > 19 ? toInteger(fields[19]) : std::nullopt;
    const double seconds = static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
    return ticks ? seconds - static_cast<double>(*ticks) / static_cast<double>(sysconf(_SC_CLK_TCK)) : 0;
}

} // namespace torchdesk
