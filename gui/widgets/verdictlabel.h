// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;

namespace torchdesk {

/// One or two lines above Train: what was measured, or what is wrong and why. A sign stands beside a warning
/// or an error; the words alone say it too.
class VerdictLabel final : public QWidget
{
    Q_OBJECT

public:
    enum class Kind
    {
        Quiet,
        Good,
        Warning,
        Error
    };

    explicit VerdictLabel(QWidget* parent = nullptr);
    void setVerdict(Kind kind, const QString& text);
    Kind kind() const { return m_kind; }
    QString text() const { return m_plain; }

private:
    void showSign();

    Kind m_kind = Kind::Quiet;
    QString m_plain;
    QLabel* m_sign = nullptr;
    QLabel* m_text = nullptr;
};

} // namespace torchdesk
