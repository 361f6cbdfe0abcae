// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/statedict.h"

#include "core/base/text.h"
#include "core/formats/pickle.h"
#include "core/formats/storages.h"
#include "core/formats/storedzip.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <set>

namespace torchdesk {

namespace {

constexpr std::string_view zipBegin("PK\3\4", 4);
/// The first pickle of the older form: the number 0x1950a86a20f9469cfc6c (PyTorch's serialization.py).
constexpr std::string_view olderBegin("\x80\x02\x8a\x0al\xfc\x9c\x46\xf9\x20j\xa8\x50\x19.", 15);

constexpr std::array<std::string_view, 7> usualKeys = {"state_dict", "model_state_dict", "model", "net",
                                                       "weights",    "params",           "module"};

tl::unexpected<Error> badDict(const std::string& source, const std::string& what,
                              const std::string& next = "Get the file again")
{
    return failure(ErrorKind::InvalidInput, source + ": " + what + ". " + next);
}

const std::string saveDict =
    "In Python save the tensors alone: torch.save(model.state_dict(), 'weights.pth')";

bool beginsWith(std::span<const std::byte> bytes, std::string_view begin)
{
    return bytes.size() >= begin.size() &&
           std::equal(begin.begin(), begin.end(), bytes.begin(),
                      [](char c, std::byte b) { return static_cast<std::byte>(c) == b; });
}

/// All values are tensors; empty dicts do not count.
bool isTensorDict(const PickleDict& dict)
{
    return !dict.items().empty() && std::ranges::all_of(dict.items(), [](const auto& item) {
        return std::holds_alternative<std::string>(item.first.value) &&
               std::holds_alternative<PickleTensor>(item.second.value);
    });
}

struct FoundDict
{
    PickleDict dict;
    std::string key;
};

Expected<FoundDict> findTensors(const PickleValue& value, const std::string& source)
{
    const auto* outer = std::get_if<PickleDict>(&value.value);
    if (!outer)
        return badDict(source, "it holds no dict of tensors", saveDict);
    if (outer->items().empty() || isTensorDict(*outer))
        return FoundDict{*outer, {}};
    for (const std::string_view key : usualKeys)
        for (const auto& [name, inner] : outer->items()) {
            const auto* text = std::get_if<std::string>(&name.value);
            const auto* dict = std::get_if<PickleDict>(&inner.value);
            if (text && *text == key && dict && isTensorDict(*dict))
                return FoundDict{*dict, std::string(key)};
        }
    return badDict(source, "it holds something else than named tensors", saveDict);
}

Expected<StateDict> tensorsOf(const FoundDict& found, Storages& storages)
{
    StateDict result;
    result.key = found.key;
    std::set<std::string> names;
    for (const auto& [name, value] : found.dict.items()) {
        const auto& text = std::get<std::string>(name.value);
        auto tensor = storages.tensor(text, std::get<PickleTensor>(value.value));
        if (!tensor)
            return failure(tensor);
        if (!names.insert(text).second)
            return badDict(storages.source(), "it holds the tensor '" + shortened(text, 60) + "' twice");
        result.tensors.push_back(std::move(*tensor));
    }
    return result;
}

Expected<StateDict> readArchive(std::span<const std::byte> bytes, const std::string& source)
{
    const auto zip = StoredZip::open(bytes, source);
    if (!zip)
        return failure(zip);
    constexpr std::string_view pickleName = "data.pkl";
    const std::string name = zip->nameEnding("/data.pkl");
    if (name.empty())
        return badDict(source, "it is a zip archive, but not one of PyTorch's: data.pkl is missing",
                       saveDict);
    const std::string folder = name.substr(0, name.size() - pickleName.size());
    if (zip->has(folder + "constants.pkl"))
        return badDict(source, "it is a TorchScript archive, which holds a program", saveDict);
    if (zip->has(folder + "byteorder")) {
        const auto order = zip->record(folder + "byteorder");
        if (!order)
            return failure(order);
        if (!beginsWith(*order, "little"))
            return badDict(source, "it was written on a big-endian machine",
                           "Load it in Python on this machine and save it again");
    }
    const auto pickle = zip->record(name);
    if (!pickle)
        return failure(pickle);
    const auto value = readPickle(*pickle, source);
    if (!value)
        return failure(value);
    const auto found = findTensors(*value, source);
    if (!found)
        return failure(found);
    Storages storages(source, bytes.size(),
                      [&](const std::string& key) { return zip->record(folder + "data/" + key); });
    return tensorsOf(*found, storages);
}

/// The older form: pickles one after the other (magic number, version, what the machine is like, the value,
/// the storages' keys), then for each key the number of its elements and these.
class OlderReader
{
public:
    OlderReader(std::span<const std::byte> bytes, const std::string& source)
        : m_rest(bytes.subspan(olderBegin.size())), m_size(bytes.size()), m_source(source)
    {}

    Expected<StateDict> read()
    {
        const auto version = next();
        if (!version)
            return failure(version);
        const auto machine = next();
        if (!machine)
            return failure(machine);
        if (!isLittle(*machine))
            return badDict(m_source, "it was written on a big-endian machine",
                           "Load it in Python on this machine and save it again");
        const auto value = next();
        if (!value)
            return failure(value);
        const auto found = findTensors(*value, m_source);
        if (!found)
            return failure(found);
        collectTypes(*value, 0);
        const auto keys = next();
        if (!keys)
            return failure(keys);
        if (auto ok = readStorages(*keys); !ok)
            return failure(ok);
        Storages storages(
            m_source, m_size, [&](const std::string& key) -> Expected<std::span<const std::byte>> {
                const auto at = m_storages.find(key);
                if (at == m_storages.end())
                    return badDict(m_source, "the storage '" + shortened(key, 40) + "' is missing");
                return at->second;
            });
        return tensorsOf(*found, storages);
    }

private:
    Expected<PickleValue> next()
    {
        std::size_t used = 0;
        auto value = readPickle(m_rest, m_source, &used);
        m_rest = m_rest.subspan(used);
        return value;
    }

    static bool isLittle(const PickleValue& machine)
    {
        const auto* dict = std::get_if<PickleDict>(&machine.value);
        if (!dict)
            return true; // said nowhere
        return std::ranges::none_of(dict->items(), [](const auto& item) {
            const auto* key = std::get_if<std::string>(&item.first.value);
            const auto* little = std::get_if<bool>(&item.second.value);
            return key && *key == "little_endian" && little && !*little;
        });
    }

    /// How large the elements of each storage are, also of those that belong to no tensor that is taken.
    void collectTypes(const PickleValue& value, int depth)
    {
        if (const auto* tensor = std::get_if<PickleTensor>(&value.value))
            m_types.emplace(tensor->storage.key, tensor->storage.type);
        if (++depth > 4 || ++m_seen > m_size) // what is shared may be met again and again
            return;
        if (const auto* dict = std::get_if<PickleDict>(&value.value))
            for (const auto& item : dict->items())
                collectTypes(item.second, depth);
        if (const auto* list = std::get_if<PickleTuple>(&value.value))
            for (const PickleValue& item : list->items())
                collectTypes(item, depth);
    }

    Expected<void> readStorages(const PickleValue& keys)
    {
        const auto* list = std::get_if<PickleTuple>(&keys.value);
        if (!list)
            return badDict(m_source, "the list of its storages is damaged");
        for (const PickleValue& item : list->items()) {
            const auto* key = std::get_if<std::string>(&item.value);
            const auto type = key ? m_types.find(*key) : m_types.end();
            const auto known = type == m_types.end() ? std::nullopt : storageType(type->second);
            if (!known)
                return badDict(m_source, "the list of its storages is damaged or of an unknown type");
            std::uint64_t elements = 0;
            if (m_rest.size() < sizeof elements)
                return badDict(m_source, "it is cut short");
            std::memcpy(&elements, m_rest.data(), sizeof elements);
            m_rest = m_rest.subspan(sizeof elements);
            if (elements > m_rest.size() / elementSize(*known))
                return badDict(m_source, "it is cut short");
            const std::size_t size = elements * elementSize(*known);
            m_storages.emplace(*key, m_rest.first(size));
            m_rest = m_rest.subspan(size);
        }
        return {};
    }

    std::span<const std::byte> m_rest;
    std::size_t m_size;
    std::string m_source;
    std::size_t m_seen = 0;
    std::map<std::string, std::string> m_types;
    std::map<std::string, std::span<const std::byte>> m_storages;
};

} // namespace

bool looksLikeStateDict(std::span<const std::byte> bytes)
{
    return beginsWith(bytes, zipBegin) || beginsWith(bytes, "\x80\x02");
}

Expected<StateDict> readStateDict(std::span<const std::byte> bytes, const std::string& source)
{
    if (beginsWith(bytes, zipBegin))
        return readArchive(bytes, source);
    if (beginsWith(bytes, olderBegin))
        return OlderReader(bytes, source).read();
    return badDict(source, "it is not a PyTorch state dict, or it is damaged", saveDict);
}

} // namespace torchdesk
