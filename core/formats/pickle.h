// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/model/tensor.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// A reader for the small part of Python's pickle format (protocol 2) of which a state dict of tensors
/// consists. It makes values of its own and calls nothing, so a file can do no harm: a list of allowed names
/// stands in pickle.cpp, and anything else is an error.
namespace torchdesk {

struct PickleValue;
using PickleList = std::vector<PickleValue>;
using PicklePairs = std::vector<std::pair<PickleValue, PickleValue>>;

/// A class or function that the file names: "torch._utils _rebuild_tensor_v2".
struct PickleGlobal
{
    std::string name; ///< "module name"
};
/// What a container holds. Once it is inside another one it is complete: nothing can hold itself.
template <class Items>
struct PickleContents
{
    Items items;
    int depth = 1; ///< of the nesting
    bool complete = false;
};
/// A tuple or a list.
struct PickleTuple
{
    std::shared_ptr<PickleContents<PickleList>> held;
    const PickleList& items() const { return held->items; }
};
/// A dict; also what is made by calling collections.OrderedDict.
struct PickleDict
{
    std::shared_ptr<PickleContents<PicklePairs>> held;
    const PicklePairs& items() const { return held->items; }
};
/// A storage: a record of the archive.
struct PickleStorage
{
    std::string type; ///< "torch FloatStorage"
    std::string key;  ///< "0" is the record "data/0"
    std::int64_t elements = 0;
};
/// A tensor as it is rebuilt from a storage, of which it may be a part.
struct PickleTensor
{
    PickleStorage storage;
    std::int64_t offset = 0; ///< in elements
    Shape shape;
    Shape strides; ///< in elements
};
struct PickleMark
{};

struct PickleValue
{
    std::variant<std::monostate, bool, std::int64_t, double, std::string, PickleGlobal, PickleTuple,
                 PickleDict, PickleStorage, PickleTensor, PickleMark>
        value;
};

/// Reads one value; \p used gets the bytes that it took. At most \p bytes.size() values are made, nested at
/// most 100 deep, so a damaged file costs no more memory than a multiple of its size. \p source begins every
/// message.
Expected<PickleValue> readPickle(std::span<const std::byte> bytes, const std::string& source,
                                 std::size_t* used = nullptr);

} // namespace torchdesk
