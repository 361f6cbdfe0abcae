// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>
#include <vector>

namespace torchdesk {

/// One row a class: its name, a bar, the probability in percent. The likeliest is bold. More classes than
/// rows: the likeliest ones, in falling order.
class ProbabilityBars final : public QWidget
{
    Q_OBJECT

public:
    explicit ProbabilityBars(QWidget* parent = nullptr);
    void setClasses(const QStringList& names);
    /// One for each class, 0 … 1; empty takes the bars away and leaves the names.
    void setProbabilities(std::vector<float> probabilities);
    void setMaximumRows(int rows);
    /// The likeliest class, −1 without probabilities.
    int best() const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {180, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<int> shownClasses() const;
    void describe();

    QStringList m_names;
    std::vector<float> m_probabilities;
    int m_maximumRows = 10;
};

} // namespace torchdesk
