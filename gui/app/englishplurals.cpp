// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/englishplurals.h"

namespace torchdesk {

QString EnglishPlurals::translate(const char*, const char* sourceText, const char*, int n) const
{
    const QLatin1String ending("(s)");
    QString text = QString::fromUtf8(sourceText);
    if (n < 0 || !text.contains(ending))
        return {};
    return text.replace(ending, n == 1 ? QLatin1String("") : QLatin1String("s"));
}

} // namespace torchdesk
