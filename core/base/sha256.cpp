// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/sha256.h"

#include "core/base/files.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <unistd.h>

namespace torchdesk {

struct Sha256::Context
{
    EVP_MD_CTX* handle = EVP_MD_CTX_new();
    ~Context() { EVP_MD_CTX_free(handle); }
};

Sha256::Sha256() : m_context(std::make_unique<Context>())
{
    EVP_DigestInit_ex(m_context->handle, EVP_sha256(), nullptr);
}

Sha256::~Sha256() = default;

void Sha256::add(std::span<const std::byte> bytes)
{
    EVP_DigestUpdate(m_context->handle, bytes.data(), bytes.size());
}

std::string Sha256::finish()
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_DigestFinal_ex(m_context->handle, digest.data(), &size);
    std::string text;
    for (unsigned int i = 0; i < size; ++i)
        text += fmt::format("{:02x}", digest[i]);
    return text;
}

std::string sha256(std::span<const std::byte> bytes)
{
    Sha256 hash;
    hash.add(bytes);
    return hash.finish();
}

Expected<std::string> sha256OfFile(const std::filesystem::path& file, std::stop_token stop)
{
    const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return tl::unexpected(systemError(errno, "Cannot open", file));
    Sha256 hash;
    std::vector<std::byte> buffer(1 << 20);
    ssize_t got = 0;
    while (!stop.stop_requested() && (got = read(descriptor, buffer.data(), buffer.size())) > 0)
        hash.add({buffer.data(), static_cast<std::size_t>(got)});
    const int problem = errno;
    close(descriptor);
    if (stop.stop_requested())
        return failure(ErrorKind::Cancelled, "Comparing the file was stopped.");
    if (got < 0)
        return tl::unexpected(systemError(problem, "Cannot read", file));
    return hash.finish();
}

} // namespace torchdesk
