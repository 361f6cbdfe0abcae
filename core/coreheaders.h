// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Precompiled for core and the command line: what most files include, and what takes the compiler longest. No
// file relies on it: tests/headers compiles each header alone, without it.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <filesystem>
#include <fmt/format.h>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <tl/expected.hpp>
#include <variant>
#include <vector>
