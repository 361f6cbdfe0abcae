// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <string>

namespace torchdesk {

/// SHA-256 (FIPS 180-4), through OpenSSL. Not for use from two threads at once.
class Sha256
{
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void add(std::span<const std::byte> bytes);
    /// Lower-case hexadecimal, 64 characters. Call once.
    std::string finish();

private:
    struct Context;
    std::unique_ptr<Context> m_context;
};

std::string sha256(std::span<const std::byte> bytes);
/// As Sha256::finish() gives it. Blocks; stop gives ErrorKind::Cancelled.
Expected<std::string> sha256OfFile(const std::filesystem::path& file, std::stop_token stop = {});

} // namespace torchdesk
