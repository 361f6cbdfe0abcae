// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/softmax.h"
#include "tests/support/testsupport.h"

#include <cmath>
#include <limits>

using namespace torchdesk;

class TestSoftmax : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sumsToOneAndKeepsRatios();
    void survivesLargeAndNotFiniteLogits();
};

void TestSoftmax::sumsToOneAndKeepsRatios()
{
    const std::vector<float> logits{0.0f, std::log(2.0f), std::log(5.0f)};
    const auto shares = softmax(logits);
    QVERIFY(std::abs(shares[0] - 1.0f / 8) < 1e-6f);
    QVERIFY(std::abs(shares[1] - 2.0f / 8) < 1e-6f);
    QVERIFY(std::abs(shares[2] - 5.0f / 8) < 1e-6f);
}

void TestSoftmax::survivesLargeAndNotFiniteLogits()
{
    QCOMPARE(softmax(std::vector<float>{1000.0f, -1000.0f}), (std::vector<float>{1.0f, 0.0f}));
    QCOMPARE(softmax(std::vector<float>{std::numeric_limits<float>::quiet_NaN(), 1.0f}),
             (std::vector<float>{0.0f, 0.0f}));
    QVERIFY(softmax({}).empty());
}

QTEST_APPLESS_MAIN(TestSoftmax)
#include "tst_softmax.moc"
