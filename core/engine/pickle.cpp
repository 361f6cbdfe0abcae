// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/pickle.h"

#include "core/base/text.h"

#include <bit>
#include <cstring>
#include <map>
#include <optional>

namespace torchdesk {

namespace {

/// The opcodes that LibTorch's Pickler and torch.save use for a state dict (Python's Lib/pickletools.py names
/// them).
enum Op : unsigned char
{
    Proto = 0x80,
    EndOfPickle = '.',
    Mark = '(',
    None = 'N',
    NewTrue = 0x88,
    NewFalse = 0x89,
    BinInt = 'J',
    BinInt1 = 'K',
    BinInt2 = 'M',
    Long1 = 0x8a,
    BinFloat = 'G',
    BinUnicode = 'X',
    Global = 'c',
    EmptyTuple = ')',
    Tuple1 = 0x85,
    Tuple2 = 0x86,
    Tuple3 = 0x87,
    Tuple = 't',
    EmptyDict = '}',
    SetItem = 's',
    SetItems = 'u',
    BinPut = 'q',
    LongBinPut = 'r',
    BinGet = 'h',
    LongBinGet = 'j',
    Reduce = 'R',
    BinPersistentId = 'Q',
};

/// Thrown inside this file only; readPickle catches it.
struct Broken
{
    std::string what;
};

template <class T>
const T& as(const PickleValue& value, const char* wanted)
{
    if (const T* found = std::get_if<T>(&value.value))
        return *found;
    throw Broken{std::string("wanted ") + wanted};
}

Shape integers(const PickleValue& value)
{
    Shape shape;
    for (const PickleValue& item : *as<PickleTuple>(value, "a tuple of sizes").items)
        shape.push_back(as<std::int64_t>(item, "a whole number"));
    return shape;
}

class Reader
{
public:
    explicit Reader(std::span<const std::byte> bytes) : m_bytes(bytes) {}

    PickleValue read()
    {
        for (;;) {
            const unsigned char op = byte();
            if (op == EndOfPickle)
                return pop();
            if (!readNumber(op) && !readText(op) && !readContainer(op) && !readMemo(op) && !readCall(op))
                throw Broken{"opcode " + std::to_string(op) + " does not belong into a state dict"};
        }
    }

private:
    unsigned char byte()
    {
        if (m_at >= m_bytes.size())
            throw Broken{"it ends too early"};
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
            throw Broken{"a text is longer than the file"};
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
            throw Broken{"its stack is empty"};
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
            throw Broken{"a mark is missing"};
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
            throw Broken{"a number is too large"};
        const std::uint64_t value = little(bytes);
        const bool negative = bytes > 0 && bytes < 8 && (value >> (8 * bytes - 1)) != 0;
        return static_cast<std::int64_t>(negative ? value | (~std::uint64_t{0} << (8 * bytes)) : value);
    }

    bool readText(unsigned char op)
    {
        if (op == BinUnicode) {
            push({text(little(4))});
            return true;
        }
        if (op != Global)
            return false;
        std::string module = line();
        push({PickleGlobal{std::move(module) + " " + line()}});
        return true;
    }

    void pushTuple(PickleList items) { push({PickleTuple{std::make_shared<PickleList>(std::move(items))}}); }

    void popTuple(std::size_t count)
    {
        if (m_stack.size() < count)
            throw Broken{"its stack is too short for a tuple"};
        const auto from = m_stack.end() - static_cast<std::ptrdiff_t>(count);
        PickleList items(std::make_move_iterator(from), std::make_move_iterator(m_stack.end()));
        m_stack.resize(m_stack.size() - count);
        pushTuple(std::move(items));
    }

    bool readContainer(unsigned char op)
    {
        switch (op) {
        case Mark:
            push({PickleMark{}});
            return true;
        case EmptyTuple:
            pushTuple({});
            return true;
        case Tuple1:
        case Tuple2:
        case Tuple3:
            popTuple(static_cast<std::size_t>(op - Tuple1) + 1);
            return true;
        case Tuple:
            pushTuple(popToMark());
            return true;
        case EmptyDict:
            push(emptyDict());
            return true;
        case SetItem:
            setItems(popPair());
            return true;
        case SetItems:
            setItems(popToMark());
            return true;
        default:
            return false;
        }
    }

    static PickleValue emptyDict()
    {
        return {PickleDict{std::make_shared<std::vector<std::pair<PickleValue, PickleValue>>>()}};
    }

    PickleList popPair()
    {
        PickleValue value = pop();
        PickleValue key = pop();
        return {std::move(key), std::move(value)};
    }

    void setItems(PickleList items)
    {
        if (m_stack.empty() || items.size() % 2 != 0)
            throw Broken{"a dict has a key without a value"};
        const auto& dict = as<PickleDict>(m_stack.back(), "a dict");
        for (std::size_t i = 0; i < items.size(); i += 2) {
            // Keys are plain values; a dict that holds itself would never be freed.
            if (std::holds_alternative<PickleDict>(items[i + 1].value) ||
                std::holds_alternative<PickleTuple>(items[i + 1].value))
                throw Broken{"a dict holds something else than tensors"};
            dict.items->emplace_back(std::move(items[i]), std::move(items[i + 1]));
        }
    }

    bool readMemo(unsigned char op)
    {
        if (op == BinPut || op == LongBinPut) {
            if (m_stack.empty())
                throw Broken{"its stack is empty"};
            m_memo[little(op == BinPut ? 1 : 4)] = m_stack.back();
            return true;
        }
        if (op != BinGet && op != LongBinGet)
            return false;
        const auto found = m_memo.find(little(op == BinGet ? 1 : 4));
        if (found == m_memo.end())
            throw Broken{"it refers to what is not there"};
        push(found->second);
        return true;
    }

    bool readCall(unsigned char op)
    {
        if (op == BinPersistentId) {
            push({storage(pop())});
            return true;
        }
        if (op != Reduce)
            return false;
        const PickleValue arguments = pop();
        const PickleValue callee = pop();
        const std::string& name = as<PickleGlobal>(callee, "a name to call").name;
        if (name == "collections OrderedDict")
            push(emptyDict());
        else if (name == "torch._utils _rebuild_tensor_v2")
            push({tensor(*as<PickleTuple>(arguments, "arguments").items)});
        else
            throw Broken{"'" + shortened(name, 60) + "' does not belong into a state dict"};
        return true;
    }

    static PickleStorage storage(const PickleValue& id)
    {
        const PickleList& items = *as<PickleTuple>(id, "a storage").items;
        if (items.size() != 5)
            throw Broken{"a storage is not named by five values"};
        return {as<PickleGlobal>(items[1], "a storage type").name,
                as<std::string>(items[2], "a storage's key"), as<std::int64_t>(items[4], "a storage's size")};
    }

    static PickleTensor tensor(const PickleList& items)
    {
        if (items.size() < 4)
            throw Broken{"a tensor has too few values"};
        return {as<PickleStorage>(items[0], "a storage"), as<std::int64_t>(items[1], "an offset"),
                integers(items[2]), integers(items[3])};
    }

    std::span<const std::byte> m_bytes;
    std::size_t m_at = 0;
    PickleList m_stack;
    std::map<std::uint64_t, PickleValue> m_memo;
};

} // namespace

Expected<PickleValue> readPickle(std::span<const std::byte> bytes, const std::string& source)
{
    try {
        return Reader(bytes).read();
    } catch (const Broken& broken) {
        return failure(ErrorKind::InvalidInput,
                       source + ": the list of tensors is damaged or of another kind: " + broken.what +
                           ". Export the weights again");
    }
}

} // namespace torchdesk
