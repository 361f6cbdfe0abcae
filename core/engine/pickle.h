// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/model/tensor.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// A reader for the small part of Python's pickle format (protocol 2) of which a state dict of tensors
/// consists. It makes values of its own and calls nothing, so a file can do no harm; anything else is an
/// error.
namespace torchdesk {

struct PickleValue;
using PickleList = std::vector<PickleValue>;

/// A class or function that the file names: "torch._utils _rebuild_tensor_v2".
struct PickleGlobal
{
    std::string name; ///< "module name"
};
struct PickleTuple
{
    std::shared_ptr<PickleList> items;
};
/// A dict; also what is made by calling collections.OrderedDict.
struct PickleDict
{
    std::shared_ptr<std::vector<std::pair<PickleValue, PickleValue>>> items;
};
/// A storage: a record of the archive.
struct PickleStorage
{
    std::string type; ///< "torch FloatStorage"
    std::string key;  ///< "0" is the record "data/0"
    std::int64_t elements = 0;
};
/// A tensor as it is rebuilt from a storage.
struct PickleTensor
{
    PickleStorage storage;
    std::int64_t offset = 0; ///< in elements
    Shape shape;
    Shape strides;
};
struct PickleMark
{};

struct PickleValue
{
    std::variant<std::monostate, bool, std::int64_t, double, std::string, PickleGlobal, PickleTuple,
                 PickleDict, PickleStorage, PickleTensor, PickleMark>
        value;
};

/// Reads one value. At most \p bytes.size() values are made, so a damaged file costs no more memory than a
/// multiple of its size. \p source begins every message.
Expected<PickleValue> readPickle(std::span<const std::byte> bytes, const std::string& source);

} // namespace torchdesk
