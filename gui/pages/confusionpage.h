// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/confusionreader.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QTableView;

namespace torchdesk {

class Bridge;
class Card;
class ClassScoreModel;
class ConfusionGrid;
class PictureGrid;
class ProgressLine;

/// What a run's best weights made of its test data: which class was taken for which, scores of each class,
/// and the wrong pictures of the chosen cell.
class ConfusionPage final : public QWidget
{
    Q_OBJECT

public:
    explicit ConfusionPage(Bridge& bridge, QWidget* parent = nullptr);

    /// Read when the page is seen. Until one is set it is the run that the bridge started last.
    void setRun(const std::filesystem::path& run);

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void build();
    QWidget* buildScores();
    QWidget* buildPictures();
    void connectReader();
    void reload();
    void readIfSeen();
    void showConfusion(const RunConfusion& confusion);
    void showNothing(const QString& why);
    void choose(int label, int answer);
    void showMistakes();
    void say(const QString& text);

    Bridge& m_bridge;
    ConfusionReader m_reader;
    std::filesystem::path m_run;
    bool m_stale = false;
    QStringList m_names;
    std::optional<RunMistakes> m_mistakes;
    int m_label = -1; ///< the chosen cell
    int m_answer = -1;

    Card* m_matrixCard = nullptr;
    Card* m_picturesCard = nullptr;
    QWidget* m_right = nullptr;
    QLabel* m_why = nullptr; ///< why there is nothing to see
    ConfusionGrid* m_grid = nullptr;
    ClassScoreModel* m_scores = nullptr;
    QTableView* m_table = nullptr;
    PictureGrid* m_pictures = nullptr;
    QLabel* m_state = nullptr;
    ProgressLine* m_progress = nullptr;
};

} // namespace torchdesk
