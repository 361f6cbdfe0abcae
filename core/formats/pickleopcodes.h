// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace torchdesk {

/// The opcodes that LibTorch's Pickler and torch.save use for a state dict (Python's Lib/pickletools.py names
/// them).
enum PickleOp : unsigned char
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
    BinString = 'T', // as Python 2 wrote it
    ShortBinString = 'U',
    Global = 'c',
    EmptyTuple = ')',
    Tuple1 = 0x85,
    Tuple2 = 0x86,
    Tuple3 = 0x87,
    Tuple = 't',
    EmptyList = ']',
    Append = 'a',
    Appends = 'e',
    EmptyDict = '}',
    SetItem = 's',
    SetItems = 'u',
    BinPut = 'q',
    LongBinPut = 'r',
    BinGet = 'h',
    LongBinGet = 'j',
    Reduce = 'R',
    Build = 'b',
    NewObject = 0x81,
    BinPersistentId = 'Q',
};

} // namespace torchdesk
