// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/sentences.h"

namespace torchdesk {

namespace {

/// "alexnet.json: body.layers[2]: a window …" without its places.
QString withoutPlaces(QString message)
{
    const QString file = QStringLiteral(".json: ");
    const auto end = message.indexOf(file);
    if (end < 0)
        return message;
    message.remove(0, end + file.size());
    for (auto blank = message.indexOf(QLatin1Char(' '));
         blank > 0 && message.at(blank - 1) == QLatin1Char(':'); blank = message.indexOf(QLatin1Char(' ')))
        message.remove(0, blank + 1);
    return message;
}

/// Where the first part ends; -1 where there is only one.
qsizetype firstEnd(const QString& said)
{
    const auto colon = said.indexOf(QLatin1String(": "));
    const auto stop = said.indexOf(QLatin1String(". "));
    if (colon < 0 && stop < 0)
        return said.endsWith(QLatin1Char('.')) ? said.size() - 1 : -1;
    return colon < 0 || (stop >= 0 && stop < colon) ? stop : colon;
}

} // namespace

std::optional<QString> openingOf(const QString& message, int most)
{
    if (message.size() <= most)
        return std::nullopt;
    QString said = withoutPlaces(message);
    const auto end = firstEnd(said);
    if (end < 1 || end > most)
        return std::nullopt;
    if (said.size() < message.size())
        said[0] = said.at(0).toUpper();
    return said.left(end);
}

} // namespace torchdesk
