// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/classbalance.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace torchdesk {

/// What stands under the data of the form where their classes are uneven: the two classes with their counts,
/// and a button that balances them; where the plan does that, how, and the button takes it back. It stays in
/// its place, so that neither the fields below nor the focus move. Hidden otherwise.
class BalanceRow final : public QWidget
{
    Q_OBJECT

public:
    explicit BalanceRow(QWidget* parent = nullptr);
    /// \p classes: the names of the data's classes; \p how: the plan's class_balance.
    void showImbalance(const std::optional<ClassImbalance>& imbalance,
                       const std::vector<std::string>& classes, const std::string& how);

Q_SIGNALS:
    void chosen(const std::string& how); ///< what class_balance is to become: "weights" or "none"

private:
    QLabel* m_text = nullptr;
    QPushButton* m_button = nullptr;
    bool m_balanced = false;
};

/// "Uneven classes: 'benign' has 5,000 training samples, 'rare' 120", and how they are balanced.
QString balanceText(const ClassImbalance& imbalance, const std::vector<std::string>& classes,
                    const std::string& how);

} // namespace torchdesk
