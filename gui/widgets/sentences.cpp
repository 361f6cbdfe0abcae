// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/sentences.h"

namespace torchdesk {

namespace {

/// "alexnet.json: body.layers[2]: a window …" without its places.
QString withoutPlaces(QString message)
{
    for (;;) {
        const auto blank = message.indexOf(QLatin1Char(' '));
        if (blank < 1 || message.at(blank - 1) != QLatin1Char(':'))
            return message;
        message.remove(0, blank + 1);
    }
}

} // namespace

std::optional<QString> openingOf(const QString& message, int most)
{
    if (message.size() <= most)
        return std::nullopt;
    QString said = withoutPlaces(message);
    const auto colon = said.indexOf(QLatin1String(": "));
    const auto stop = said.indexOf(QLatin1String(". "));
    const auto end = colon < 0 || (stop >= 0 && stop < colon) ? stop : colon;
    if (end < 1 || end > most)
        return std::nullopt;
    if (said.size() < message.size())
        said[0] = said.at(0).toUpper();
    return said.left(end);
}

} // namespace torchdesk
