// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace torchdesk::test {

/// Writes a small data set in MNIST's form (four plain IDX files of drawn digits) into \p folder, for tests
/// that train for real but briefly. A plan takes it as data = folder + "/".
void writeTinyDigits(const std::filesystem::path& folder, int trainCount = 300, int testCount = 50);

} // namespace torchdesk::test
