// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/itemmodels/predictionmodel.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QSortFilterProxyModel;
class QTableView;

namespace torchdesk {

class Card;
class ProgressLine;

/// Many pictures with what a network says of each, while they are looked at and after; a click on a heading
/// sorts.
class PredictionTable final : public QWidget
{
    Q_OBJECT

public:
    explicit PredictionTable(QWidget* parent = nullptr);

    /// Empties the table; \p title names what is looked at.
    void begin(const QString& title, const std::filesystem::path& folder,
               const std::vector<std::string>& classes);
    void setCount(int pictures);
    void add(const std::vector<PicturePrediction>& some);
    /// \p problem: why not all were looked at; "" where all were.
    void end(const QString& problem);
    /// A word about what was done last, in the line below the title.
    void say(const QString& text);
    /// In the order in which they are shown.
    std::vector<PicturePrediction> predictions() const;
    const std::vector<std::string>& classes() const { return m_model->classes(); }

Q_SIGNALS:
    void chosen(const torchdesk::PicturePrediction& prediction);
    void stopPressed();
    void savePressed();
    void closePressed();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildHeader();
    void buildTable();
    void refresh();

    Card* m_card = nullptr;
    PredictionModel* m_model = nullptr;
    QSortFilterProxyModel* m_sorted = nullptr;
    QTableView* m_table = nullptr;
    ProgressLine* m_progress = nullptr;
    QLabel* m_state = nullptr;
    QPushButton* m_stop = nullptr;
    QPushButton* m_save = nullptr;
    QPushButton* m_close = nullptr;
    int m_count = 0;
    bool m_running = false;
    bool m_stopped = false;
};

} // namespace torchdesk
