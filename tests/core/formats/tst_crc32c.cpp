// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/base/philox.h"
#include "core/formats/crc32c.h"
#include "tests/support/testsupport.h"

using namespace torchdesk;

namespace {

std::span<const std::byte> bytesOf(std::string_view text)
{
    return std::as_bytes(std::span(text));
}

} // namespace

class TestCrc32c : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesTheKnownSums();
    void masksAsTensorFlowDoes();
    void tablesAndInstructionAgree();
};

// The vectors of RFC 3720, B.4.
void TestCrc32c::givesTheKnownSums()
{
    QCOMPARE(crc32c(bytesOf("123456789")), 0xE3069283u);
    QCOMPARE(crc32cByTables(bytesOf("123456789")), 0xE3069283u);
    QCOMPARE(crc32c(bytesOf("")), 0u);
    QCOMPARE(crc32c(Bytes(32, std::byte{0})), 0x8A9136AAu);
    QCOMPARE(crc32cByTables(Bytes(32, std::byte{0})), 0x8A9136AAu);
    QCOMPARE(crc32c(Bytes(32, std::byte{0xFF})), 0x62A8AB43u);
}

// 0xE3069283 turned right by 15 is 0x2507C60D; plus 0xA282EAD8.
void TestCrc32c::masksAsTensorFlowDoes()
{
    QCOMPARE(maskedCrc32c(bytesOf("123456789")), 0x2507C60Du + 0xA282EAD8u);
}

void TestCrc32c::tablesAndInstructionAgree()
{
    Random random(7, Purpose::Order);
    Bytes bytes;
    for (int size = 0; size < 300; ++size) {
        QCOMPARE(crc32c(bytes), crc32cByTables(bytes));
        if (size > 3)
            QCOMPARE(crc32c(std::span(bytes).subspan(3)), crc32cByTables(std::span(bytes).subspan(3)));
        bytes.push_back(static_cast<std::byte>(random.next()));
    }
}

QTEST_APPLESS_MAIN(TestCrc32c)
#include "tst_crc32c.moc"
