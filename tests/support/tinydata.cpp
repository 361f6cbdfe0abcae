// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/tinydata.h"

#include "core/data/syntheticdigits.h"
#include "tests/support/testsupport.h"

namespace torchdesk::test {

namespace {

void appendBig(std::string& out, std::uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        out += static_cast<char>(value >> shift & 0xFF);
}

void writePart(const std::filesystem::path& folder, const std::string& name, bool test, int count)
{
    std::string images;
    std::string labels;
    appendBig(images, 0x00000803);
    appendBig(labels, 0x00000801);
    appendBig(images, static_cast<std::uint32_t>(count));
    appendBig(labels, static_cast<std::uint32_t>(count));
    appendBig(images, 28);
    appendBig(images, 28);
    std::vector<std::uint8_t> picture(28 * 28);
    for (int i = 0; i < count; ++i) {
        drawDigit(test, static_cast<std::uint32_t>(i), picture);
        images.append(picture.begin(), picture.end());
        labels += static_cast<char>(drawnLabel(test, static_cast<std::uint32_t>(i)));
    }
    writeFile(folder / (name + "-images-idx3-ubyte"), images);
    writeFile(folder / (name + "-labels-idx1-ubyte"), labels);
}

} // namespace

void writeTinyDigits(const std::filesystem::path& folder, int trainCount, int testCount)
{
    writePart(folder, "train", false, trainCount);
    writePart(folder, "t10k", true, testCount);
}

} // namespace torchdesk::test
