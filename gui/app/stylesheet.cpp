// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/stylesheet.h"

#include "gui/app/theme.h"

#include <QFile>
#include <algorithm>
#include <utility>
#include <vector>

namespace torchdesk {

QString styleSheetOf(const Theme& t)
{
    QFile file(QStringLiteral(":/torchdesk/themes/torchdesk.qss"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QString sheet = QString::fromUtf8(file.readAll());
    std::vector<std::pair<QString, QString>> names = {
        {"@window", t.window.name()},
        {"@panel", t.panel.name()},
        {"@chip", t.chip.name()},
        {"@line", t.line.name()},
        {"@grid", t.grid.name()},
        {"@track", t.track.name()},
        {"@text", t.text.name()},
        {"@muted", t.muted.name()},
        {"@faint", t.faint.name()},
        {"@accentHover", t.accentHover.name()},
        {"@accent", t.accent.name()},
        {"@onAccent", t.onAccent.name()},
        {"@fieldBorder", t.fieldBorder.name()},
        {"@field", t.field.name()},
        {"@selection", t.selection.name()},
        {"@good", t.good.name()},
        {"@warning", t.warning.name()},
        {"@bad", t.bad.name()},
        {"@icons",
         t.dark ? QStringLiteral(":/torchdesk/themes/dark") : QStringLiteral(":/torchdesk/themes/light")},
    };
    // The longest first: @accentHover before @accent.
    std::sort(names.begin(), names.end(), [](auto& a, auto& b) { return a.first.size() > b.first.size(); });
    for (const auto& [name, value] : names)
        sheet.replace(name, value);
    return sheet;
}

} // namespace torchdesk
