// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/classifier.h"

#include <QWidget>

class QLabel;
class QHBoxLayout;
class QPushButton;
class QStackedWidget;

namespace torchdesk {

class Bridge;
class DrawCanvas;
class PredictionTable;
class ProbabilityBars;

/// Draw a digit, or drop a picture, and see what the network of a run makes of it while you draw; of many
/// pictures it makes a table.
class TryItPage final : public QWidget
{
    Q_OBJECT

public:
    explicit TryItPage(Bridge& bridge, QWidget* parent = nullptr);

    /// The run whose best weights are used; they are read when the page is seen. Until one is set it is the
    /// run that the bridge started last.
    void setRun(const std::filesystem::path& run);
    const std::filesystem::path& run() const { return m_run; }
    const Classifier& classifier() const { return m_classifier; }

public Q_SLOTS:
    /// Newer weights may be there: after an epoch, and at the end of a run.
    void reload();
    /// A picture from a file instead of the drawing.
    void openPicture(const QString& file);
    void choosePicture();
    void chooseFolder();
    /// Several pictures, folders, or one of either.
    void openPictures(const QStringList& places);

protected:
    void showEvent(QShowEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void openIfSeen();
    void showOpened();
    void showResult(const Classification& result);
    void showProblem(const QString& text);
    void follow(const std::vector<Event>& events);
    void drawn();
    void showSeen(const QImage& image);
    void showAnswer(const std::vector<std::string>& classes, const RankedClass& best);
    void showInput();
    void showLeft(QWidget* page);
    void showChosen(const PicturePrediction& prediction);
    void saveTable();
    void closeTable();
    const RunModel& model() const { return m_classifier.model(); }

    void build();
    void connectTable();
    QHBoxLayout* makeOpenButtons(QPushButton* first);
    QWidget* makeDraw();
    QWidget* makeDrop();
    QWidget* makeAnswer();

    Bridge& m_bridge;
    std::filesystem::path m_run;
    std::filesystem::path m_tableRun; ///< whose network made the table
    bool m_stale = false;             ///< the weights must be read (again) once the page is seen
    Classifier m_classifier;

    QHBoxLayout* m_row = nullptr;
    QStackedWidget* m_left = nullptr;
    QWidget* m_draw = nullptr;
    QWidget* m_drop = nullptr;
    PredictionTable* m_table = nullptr;
    DrawCanvas* m_canvas = nullptr;
    ProbabilityBars* m_bars = nullptr;
    QLabel* m_answer = nullptr;
    QLabel* m_seen = nullptr; ///< the picture as the network sees it
    QLabel* m_seenWords = nullptr;
    QLabel* m_about = nullptr;
};

} // namespace torchdesk
