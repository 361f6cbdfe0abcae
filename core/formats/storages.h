// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/pickle.h"

#include <functional>
#include <map>
#include <optional>

namespace torchdesk {

/// "torch FloatStorage" and the like; nullopt for one that files of ours cannot hold.
std::optional<DType> storageType(const std::string& name);

/// Makes tensors of what a state dict names: parts of storages, by offset and strides. One that is the whole
/// of its storage shares its bytes with others that are.
class Storages
{
public:
    /// The bytes of a storage by its key.
    using Find = std::function<Expected<std::span<const std::byte>>(const std::string& key)>;

    /// The tensors together may be eight times as large as the file (at least 64 MiB): views may repeat their
    /// storage, but a damaged file must not take all memory.
    Storages(std::string source, std::size_t fileSize, Find find);

    Expected<NamedTensor> tensor(const std::string& name, const PickleTensor& wanted);
    const std::string& source() const { return m_source; }

private:
    struct Storage
    {
        std::span<const std::byte> bytes;
        std::shared_ptr<const Bytes> whole; ///< once a tensor is all of it
    };

    Expected<Storage*> storage(const PickleStorage& wanted, DType type);

    std::string m_source;
    std::size_t m_left; ///< bytes
    Find m_find;
    std::map<std::string, Storage> m_storages;
};

} // namespace torchdesk
