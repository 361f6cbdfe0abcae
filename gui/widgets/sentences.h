// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <optional>

namespace torchdesk {

/// What a message begins with, up to its first colon or full stop and without that, where all of it is longer
/// than \p most characters: "MNIST was not found". The place in a file that it may begin with
/// ("alexnet.json: body.layers[2]: ") is left out. nullopt: the message is short, or has no such part within
/// that length, and stands whole.
std::optional<QString> openingOf(const QString& message, int most);

} // namespace torchdesk
