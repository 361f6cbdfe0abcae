// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/digitstrokes.h"

#include <array>

namespace torchdesk {

namespace {

constexpr auto B = Knot::Begin;
constexpr auto S = Knot::Smooth;
constexpr auto C = Knot::Corner;

// Changing a number here changes the data set: its SHA-256 stands in the tests.
constexpr Knot zeroRound[] = {{58, 5, B},   {24, 24, S}, {11, 70, S}, {25, 120, S}, {52, 136, S},
                              {80, 116, S}, {90, 66, S}, {76, 20, S}, {50, 5, S}};
constexpr Knot zeroNarrow[] = {{70, 14, B},  {42, 5, S},  {20, 42, S}, {18, 96, S}, {46, 136, S},
                               {76, 104, S}, {82, 48, S}, {66, 12, S}, {46, 8, S}};
constexpr Knot zeroOpen[] = {{40, 10, B}, {16, 60, S}, {24, 118, S}, {56, 135, S},
                             {86, 98, S}, {84, 36, S}, {58, 6, S},   {34, 16, S}};

constexpr Knot oneLine[] = {{52, 4, B}, {50, 136, C}};
constexpr Knot oneFlag[] = {{26, 36, B}, {56, 5, C}, {56, 136, C}};
constexpr Knot oneBase[] = {{30, 32, B}, {54, 5, C}, {54, 135, C}, {26, 136, B}, {82, 136, C}};
constexpr Knot oneCurved[] = {{58, 4, B}, {50, 70, S}, {46, 136, S}};

constexpr Knot twoPlain[] = {{15, 36, B}, {28, 11, S}, {54, 4, S},   {82, 22, S},
                             {78, 56, S}, {48, 96, S}, {12, 134, C}, {90, 134, C}};
constexpr Knot twoLoop[] = {{18, 30, B},  {50, 4, S},   {80, 30, S},  {64, 82, S}, {28, 130, S},
                            {12, 118, S}, {32, 108, S}, {62, 130, S}, {92, 124, S}};
constexpr Knot twoWave[] = {{20, 24, B},  {52, 5, S},   {80, 34, S},  {60, 84, S},
                            {14, 130, C}, {42, 122, S}, {70, 136, S}, {92, 122, S}};

constexpr Knot threeRound[] = {{18, 22, B}, {46, 4, S},   {78, 24, S},  {70, 54, S}, {42, 66, C},
                               {76, 78, S}, {86, 108, S}, {56, 136, S}, {14, 118, S}};
constexpr Knot threeFlat[] = {{16, 7, B},   {82, 7, C},   {44, 58, C}, {78, 74, S},
                              {86, 108, S}, {54, 136, S}, {14, 118, S}};
constexpr Knot threeLoop[] = {{20, 16, B}, {54, 4, S},  {76, 30, S},  {52, 62, S}, {42, 70, S},
                              {60, 68, S}, {86, 98, S}, {58, 136, S}, {12, 122, S}};

constexpr Knot fourOpen[] = {{28, 6, B}, {22, 48, S}, {12, 82, C}, {88, 80, C}, {72, 30, B}, {70, 137, C}};
constexpr Knot fourClosed[] = {{66, 137, B}, {66, 5, C}, {10, 96, C}, {92, 96, C}};
constexpr Knot fourPointed[] = {{60, 5, B}, {12, 92, C}, {90, 90, C}, {66, 52, B}, {62, 137, C}};
constexpr Knot fourRound[] = {{20, 10, B}, {16, 56, S}, {42, 74, S}, {76, 58, S},
                              {80, 6, B},  {76, 70, S}, {70, 137, S}};

constexpr Knot fivePlain[] = {{82, 6, B},  {26, 6, C},   {21, 62, C},  {52, 50, S},
                              {86, 80, S}, {78, 120, S}, {44, 136, S}, {12, 120, S}};
constexpr Knot fiveCapped[] = {{28, 9, B},   {22, 62, C},  {60, 54, S}, {86, 90, S},
                               {62, 131, S}, {14, 126, S}, {28, 8, B},  {86, 5, C}};
constexpr Knot fiveRound[] = {{80, 9, B},  {42, 8, S},   {22, 36, S},  {42, 61, S},
                              {78, 84, S}, {74, 121, S}, {42, 136, S}, {14, 122, S}};

constexpr Knot sixRound[] = {{72, 6, B},   {34, 38, S}, {14, 90, S}, {30, 131, S}, {62, 135, S},
                             {84, 106, S}, {66, 77, S}, {36, 83, S}, {18, 106, S}};
constexpr Knot sixStraight[] = {{58, 4, B},   {28, 66, S}, {18, 108, S}, {44, 136, S},
                                {78, 118, S}, {70, 84, S}, {42, 82, S},  {22, 106, S}};
constexpr Knot sixHooked[] = {{80, 18, B},  {56, 4, S},   {24, 40, S}, {16, 100, S},
                              {48, 136, S}, {82, 108, S}, {60, 74, S}, {22, 92, S}};

constexpr Knot sevenPlain[] = {{12, 8, B}, {86, 8, C}, {42, 136, C}};
constexpr Knot sevenBarred[] = {{14, 9, B}, {86, 8, C}, {40, 136, C}, {30, 72, B}, {78, 69, C}};
constexpr Knot sevenSerif[] = {{14, 30, B}, {16, 9, C}, {86, 9, C}, {58, 62, S}, {46, 136, S}};
constexpr Knot sevenCurved[] = {{10, 22, B}, {40, 9, S}, {84, 10, C}, {56, 66, S}, {52, 136, S}};

constexpr Knot eightCrossed[] = {{76, 22, B}, {48, 4, S},   {22, 28, S},  {46, 62, S},
                                 {78, 94, S}, {68, 130, S}, {38, 136, S}, {18, 110, S},
                                 {42, 74, S}, {72, 42, S},  {76, 18, S}};
constexpr Knot eightRings[] = {{50, 65, B}, {22, 38, S},  {50, 4, S},   {78, 36, S},  {50, 65, S},
                               {48, 65, B}, {14, 102, S}, {50, 136, S}, {86, 102, S}, {52, 65, S}};
constexpr Knot eightSlanted[] = {{62, 58, B}, {36, 44, S},  {38, 12, S},  {70, 10, S}, {66, 46, S},
                                 {26, 92, S}, {32, 134, S}, {68, 126, S}, {70, 86, S}, {46, 58, S}};

constexpr Knot nineStraight[] = {{78, 26, B}, {50, 4, S},  {22, 34, S}, {40, 66, S},
                                 {72, 50, S}, {79, 16, C}, {72, 137, C}};
constexpr Knot nineCurved[] = {{78, 34, B}, {50, 4, S},  {20, 36, S},  {44, 70, S}, {76, 44, S},
                               {80, 22, C}, {78, 92, S}, {52, 136, S}, {22, 124, S}};
constexpr Knot nineOneLine[] = {{74, 60, B}, {40, 68, S}, {22, 34, S}, {50, 5, S},
                                {78, 30, S}, {76, 84, S}, {64, 137, S}};

constexpr StrokeModel zero[] = {zeroRound, zeroNarrow, zeroOpen};
constexpr StrokeModel one[] = {oneLine, oneFlag, oneBase, oneCurved};
constexpr StrokeModel two[] = {twoPlain, twoLoop, twoWave};
constexpr StrokeModel three[] = {threeRound, threeFlat, threeLoop};
constexpr StrokeModel four[] = {fourOpen, fourClosed, fourPointed, fourRound};
constexpr StrokeModel five[] = {fivePlain, fiveCapped, fiveRound};
constexpr StrokeModel six[] = {sixRound, sixStraight, sixHooked};
constexpr StrokeModel seven[] = {sevenPlain, sevenBarred, sevenSerif, sevenCurved};
constexpr StrokeModel eight[] = {eightCrossed, eightRings, eightSlanted};
constexpr StrokeModel nine[] = {nineStraight, nineCurved, nineOneLine};

} // namespace

std::span<const StrokeModel> strokeModels(int digit)
{
    static constexpr std::array<std::span<const StrokeModel>, 10> all = {zero, one, two,   three, four,
                                                                         five, six, seven, eight, nine};
    return all[static_cast<std::size_t>(digit)];
}

} // namespace torchdesk
