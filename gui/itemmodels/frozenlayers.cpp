// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/itemmodels/frozenlayers.h"

#include "core/model/layertree.h"

#include <QCoreApplication>
#include <algorithm>

namespace torchdesk {

namespace {

/// The context of this file's strings, for translators.
struct FrozenText
{
    Q_DECLARE_TR_FUNCTIONS(Layers)
};

} // namespace

std::int64_t frozenParameters(const LoweredModel& model, int frozenNodes)
{
    const auto count = std::min(static_cast<std::size_t>(std::max(0, frozenNodes)), model.nodes.size());
    std::int64_t frozen = 0;
    for (std::size_t i = 0; i < count; ++i)
        frozen += trainedParameters(model.nodes[i]);
    return frozen;
}

QString weightsText(std::int64_t frozen, std::int64_t parameters)
{
    if (parameters == 0)
        return {};
    if (frozen == 0)
        return FrozenText::tr("trained");
    return frozen == parameters ? FrozenText::tr("frozen") : FrozenText::tr("partly");
}

} // namespace torchdesk
