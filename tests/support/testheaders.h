// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Precompiled for the tests. No file relies on it.
#include "core/session/engine.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <map>
