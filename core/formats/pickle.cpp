// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/pickle.h"

#include "core/base/text.h"
#include "core/formats/pickleopcodes.h"

#include <algorithm>
#include <array>
#include <bit>
#include <map>

namespace torchdesk {

namespace {

/// The names that may be called. Nothing is: the reader makes what they would return.
constexpr std::array<std::string_view, 2> tensorMakers = {
    "torch._utils _rebuild_tensor_v2",
    "torch._utils _rebuild_tensor", // before PyTorch 0.4
};
constexpr std::string_view parameterMaker = "torch._utils _rebuild_parameter";
constexpr std::string_view dictMaker = "collections OrderedDict";

constexpr int deepest = 100;
constexpr std::size_t mostTensorDimensions = 64; // of LibTorch

/// Thrown inside this file only; readPickle catches it.
struct BrokenPickle
{
    std::string what;
    std::string nextStep = "Get the file again";
};

/// A model, an optimizer or the like was saved as a Python object: reading it would mean to run its code.
BrokenPickle wholeObject(const std::string& name)
{
    return {"it holds a whole Python object ('" + shortened(name, 80) + "'), not only tensors",
            "Load it in Python and save the tensors alone: torch.save(model.state_dict(), 'weights.pth')"};
}

template <class T>
const T& pickled(const PickleValue& value, const char* wanted)
{
    if (const T* found = std::get_if<T>(&value.value))
        return *found;
    throw BrokenPickle{std::string("wanted ") + wanted};
}

Shape pickledSizes(const PickleValue& value)
{
    Shape shape;
    for (const PickleValue& item : pickled<PickleTuple>(value, "a tuple of sizes").items())
        shape.push_back(pickled<std::int64_t>(item, "a whole number"));
    if (shape.size() > mostTensorDimensions)
        throw BrokenPickle{"a tensor has too many dimensions"};
    return shape;
}

/// How deep \p value is nested; what is held by another container changes no more.
int completed(const PickleValue& value)
{
    const auto complete = [](const auto& held) {
        held->complete = true;
        return held->depth;
    };
    if (const auto* tuple = std::get_if<PickleTuple>(&value.value))
        return complete(tuple->held);
    if (const auto* dict = std::get_if<PickleDict>(&value.value))
        return complete(dict->held);
    return 0;
}

template <class Items>
void nest(PickleContents<Items>& into, const PickleValue& value)
{
    into.depth = std::max(into.depth, completed(value) + 1);
    if (into.complete)
        throw BrokenPickle{"a container changes after it was used"};
    if (into.depth > deepest)
        throw BrokenPickle{"it is nested too deeply"};
}

class PickleReader
{
public:
    explicit PickleReader(std::span<const std::byte> bytes) : m_bytes(bytes) {}

    PickleValue read()
    {
        for (;;) {
            const unsigned char op = byte();
            if (op == EndOfPickle)
                return pop();
            if (!readNumber(op) && !readText(op) && !readContainer(op) && !readFilling(op) && !readMemo(op) &&
                !readCall(op))
                throw BrokenPickle{"opcode " + std::to_string(op) + " does not belong into a state dict"};
        }
    }

    std::size_t used() const { return m_at; }

private:
    unsigned char byte()
    {
        if (m_at >= m_bytes.size())
            throw BrokenPickle{"it ends too early"};
        return static_cast<unsigned char>(m_bytes[m_at++]);
    }

    std::uint64_t little(int bytes)
    {
        std::uint64_t value = 0;
        for (int i = 0; i < bytes; ++i)
            value |= static_cast<std::uint64_t>(byte()) << (8 * i);
        return value;
    }

    std::string text(std::uint64_t length)
    {
        if (length > m_bytes.size() - m_at)
            throw BrokenPickle{"a text is longer than the file"};
        std::string result(reinterpret_cast<const char*>(m_bytes.data()) + m_at, length);
        m_at += length;
        return result;
    }

    std::string line()
    {
        std::string result;
        for (unsigned char c = byte(); c != '\n'; c = byte())
            result += static_cast<char>(c);
        return result;
    }

    void push(PickleValue value) { m_stack.push_back(std::move(value)); }

    PickleValue pop()
    {
        if (m_stack.empty())
            throw BrokenPickle{"its stack is empty"};
        PickleValue value = std::move(m_stack.back());
        m_stack.pop_back();
        return value;
    }

    PickleList popToMark()
    {
        std::size_t at = m_stack.size();
        while (at > 0 && !std::holds_alternative<PickleMark>(m_stack[at - 1].value))
            --at;
        if (at == 0)
            throw BrokenPickle{"a mark is missing"};
        const auto from = m_stack.begin() + static_cast<std::ptrdiff_t>(at);
        PickleList items(std::make_move_iterator(from), std::make_move_iterator(m_stack.end()));
        m_stack.resize(at - 1);
        return items;
    }

    bool readNumber(unsigned char op)
    {
        switch (op) {
        case Proto:
            byte();
            return true;
        case None:
            push({});
            return true;
        case NewTrue:
        case NewFalse:
            push({op == NewTrue});
            return true;
        case BinInt:
            push({static_cast<std::int64_t>(static_cast<std::int32_t>(little(4)))});
            return true;
        case BinInt1:
            push({static_cast<std::int64_t>(little(1))});
            return true;
        case BinInt2:
            push({static_cast<std::int64_t>(little(2))});
            return true;
        case Long1:
            push({longInteger(byte())});
            return true;
        case BinFloat: // big-endian
            push({std::bit_cast<double>(__builtin_bswap64(little(8)))});
            return true;
        default:
            return false;
        }
    }

    std::int64_t longInteger(int bytes)
    {
        if (bytes > 8)
            throw BrokenPickle{"a number is too large"};
        const std::uint64_t value = little(bytes);
        const bool negative = bytes > 0 && bytes < 8 && (value >> (8 * bytes - 1)) != 0;
        return static_cast<std::int64_t>(negative ? value | (~std::uint64_t{0} << (8 * bytes)) : value);
    }

    bool readText(unsigned char op)
    {
        if (op == BinUnicode || op == BinString || op == ShortBinString) {
            push({text(little(op == ShortBinString ? 1 : 4))});
            return true;
        }
        if (op != Global)
            return false;
        std::string module = line();
        push({PickleGlobal{std::move(module) + " " + line()}});
        return true;
    }

    static PickleValue tuple(PickleList items)
    {
        auto held = std::make_shared<PickleContents<PickleList>>();
        for (const PickleValue& item : items)
            nest(*held, item);
        held->items = std::move(items);
        return {PickleTuple{std::move(held)}};
    }

    void popTuple(std::size_t count)
    {
        if (m_stack.size() < count)
            throw BrokenPickle{"its stack is too short for a tuple"};
        const auto from = m_stack.end() - static_cast<std::ptrdiff_t>(count);
        PickleList items(std::make_move_iterator(from), std::make_move_iterator(m_stack.end()));
        m_stack.resize(m_stack.size() - count);
        push(tuple(std::move(items)));
    }

    bool readContainer(unsigned char op)
    {
        switch (op) {
        case Mark:
            push({PickleMark{}});
            return true;
        case EmptyTuple:
        case EmptyList:
            push(tuple({}));
            return true;
        case Tuple1:
        case Tuple2:
        case Tuple3:
            popTuple(static_cast<std::size_t>(op - Tuple1) + 1);
            return true;
        case Tuple:
            push(tuple(popToMark()));
            return true;
        default:
            return false;
        }
    }

    bool readFilling(unsigned char op)
    {
        switch (op) {
        case EmptyDict:
            push(emptyDict());
            return true;
        case SetItem:
            setItems(popPair());
            return true;
        case SetItems:
            setItems(popToMark());
            return true;
        case Append:
            append({pop()});
            return true;
        case Appends:
            append(popToMark());
            return true;
        default:
            return false;
        }
    }

    static PickleValue emptyDict() { return {PickleDict{std::make_shared<PickleContents<PicklePairs>>()}}; }

    PickleList popPair()
    {
        PickleValue value = pop();
        PickleValue key = pop();
        return {std::move(key), std::move(value)};
    }

    void setItems(PickleList items)
    {
        if (m_stack.empty() || items.size() % 2 != 0)
            throw BrokenPickle{"a dict has a key without a value"};
        const auto& dict = pickled<PickleDict>(m_stack.back(), "a dict");
        for (std::size_t i = 0; i < items.size(); i += 2) {
            nest(*dict.held, items[i]);
            nest(*dict.held, items[i + 1]);
            dict.held->items.emplace_back(std::move(items[i]), std::move(items[i + 1]));
        }
    }

    void append(PickleList items)
    {
        if (m_stack.empty())
            throw BrokenPickle{"its stack is empty"};
        const auto& list = pickled<PickleTuple>(m_stack.back(), "a list");
        for (PickleValue& item : items) {
            nest(*list.held, item);
            list.held->items.push_back(std::move(item));
        }
    }

    bool readMemo(unsigned char op)
    {
        if (op == BinPut || op == LongBinPut) {
            if (m_stack.empty())
                throw BrokenPickle{"its stack is empty"};
            m_memo[little(op == BinPut ? 1 : 4)] = m_stack.back();
            return true;
        }
        if (op != BinGet && op != LongBinGet)
            return false;
        const auto found = m_memo.find(little(op == BinGet ? 1 : 4));
        if (found == m_memo.end())
            throw BrokenPickle{"it refers to what is not there"};
        // A text that is taken again and again must not cost more than a multiple of the file.
        if (const auto* text = std::get_if<std::string>(&found->second.value))
            if (m_copied += text->size(); m_copied > 16 * m_bytes.size())
                throw BrokenPickle{"it repeats a text too often"};
        push(found->second);
        return true;
    }

    bool readCall(unsigned char op)
    {
        if (op == BinPersistentId) {
            push({storage(pop())});
            return true;
        }
        if (op == Build) { // the attributes of the dict below: the versions of its modules
            pop();
            if (m_stack.empty())
                throw BrokenPickle{"its stack is empty"};
            pickled<PickleDict>(m_stack.back(), "a dict");
            return true;
        }
        if (op != Reduce && op != NewObject)
            return false;
        const PickleValue arguments = pop();
        const PickleValue callee = pop();
        const std::string& name = pickled<PickleGlobal>(callee, "a name to call").name;
        if (op == NewObject)
            throw wholeObject(name);
        push(called(name, pickled<PickleTuple>(arguments, "arguments").items()));
        return true;
    }

    static PickleValue called(const std::string& name, const PickleList& arguments)
    {
        if (name == dictMaker && arguments.empty())
            return emptyDict();
        if (name == parameterMaker && !arguments.empty())
            return {pickled<PickleTensor>(arguments[0], "a tensor")};
        if (std::ranges::find(tensorMakers, name) != tensorMakers.end())
            return {tensor(arguments)};
        throw BrokenPickle{"'" + shortened(name, 60) + "' does not belong into a state dict",
                           "Load it in Python and save the tensors alone: torch.save(model.state_dict(), "
                           "'weights.pth')"};
    }

    /// Five values, in the older form six: the last tells of which storage it is a part, and is None.
    static PickleStorage storage(const PickleValue& id)
    {
        const PickleList& items = pickled<PickleTuple>(id, "a storage").items();
        const auto* kind = items.empty() ? nullptr : std::get_if<std::string>(&items[0].value);
        if (kind && *kind == "module" && items.size() > 1)
            throw wholeObject(pickled<PickleGlobal>(items[1], "a class").name);
        const bool older = items.size() == 6 && std::holds_alternative<std::monostate>(items[5].value);
        if (items.size() != 5 && !older)
            throw BrokenPickle{"a storage is not named by five values"};
        return {pickled<PickleGlobal>(items[1], "a storage type").name,
                pickled<std::string>(items[2], "a storage's key"),
                pickled<std::int64_t>(items[4], "a storage's size")};
    }

    static PickleTensor tensor(const PickleList& items)
    {
        if (items.size() < 4)
            throw BrokenPickle{"a tensor has too few values"};
        return {pickled<PickleStorage>(items[0], "a storage"), pickled<std::int64_t>(items[1], "an offset"),
                pickledSizes(items[2]), pickledSizes(items[3])};
    }

    std::span<const std::byte> m_bytes;
    std::size_t m_at = 0;
    std::size_t m_copied = 0; ///< bytes
    PickleList m_stack;
    std::map<std::uint64_t, PickleValue> m_memo;
};

} // namespace

Expected<PickleValue> readPickle(std::span<const std::byte> bytes, const std::string& source,
                                 std::size_t* used)
{
    try {
        PickleReader reader(bytes);
        PickleValue value = reader.read();
        if (used)
            *used = reader.used();
        return value;
    } catch (const BrokenPickle& broken) {
        return failure(ErrorKind::InvalidInput,
                       source + ": the list of tensors is damaged or of another kind: " + broken.what + ". " +
                           broken.nextStep);
    }
}

} // namespace torchdesk
