// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lane/layer.h"

namespace torchdesk::lane {

Layer::~Layer() = default;

int Layer::forwardPhases() const
{
    return 1;
}

int Layer::backwardPhases() const
{
    return 1;
}

bool Layer::forwardTogether() const
{
    return false;
}

bool Layer::backwardTogether() const
{
    return false;
}

void Layer::beginForward(const Pass&, const Slice&, int) {}

void Layer::beginBackward(const Pass&, const Slice&, int) {}

void Layer::endBackward(const Pass&, const Slice&, int) {}

void Layer::commit() {}

} // namespace torchdesk::lane
