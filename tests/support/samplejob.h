// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/trainingjob.h"

namespace torchdesk::test {

/// LeNet on a few made-up pictures: \p steps batches of 4 an epoch, 4 for validation, 4 for the test. Made in
/// microseconds; for the fake engine, which looks at no pixel.
TrainingJob sampleJob(std::int64_t epochs = 2, std::int64_t steps = 10);

} // namespace torchdesk::test
