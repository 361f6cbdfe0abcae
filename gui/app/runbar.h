// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/runfolder.h"
#include "gui/bridge/bridge.h"

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace torchdesk {

class ElidedLabel;
class FigureLabel;
class ProgressLine;

/// The bar of the active run: how far it is, and when it has ended, its result. Figures move twice a second.
class RunBar final : public QWidget
{
    Q_OBJECT

public:
    explicit RunBar(Bridge& bridge, QWidget* parent = nullptr);

    /// Another run is being looked at: offers the way back to the one that goes on.
    /// \p run: the one that is looked at, where it is a single one. While no run is going on the bar shows
    /// it; where it is the bar's own, as it is called now.
    void setLookingElsewhere(bool elsewhere, const RunSummary* run = nullptr);

Q_SIGNALS:
    void useWanted(const std::filesystem::path& run);
    void exportWanted(const std::filesystem::path& run);
    void backWanted();
    void learningRateWanted();
    void trainWanted(double factor); ///< once more, with the learning rate times this

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void build();
    void buildFigures(QHBoxLayout* row);
    void buildRunButtons(QHBoxLayout* row);
    void buildResultButtons(QHBoxLayout* row);
    QPushButton* addButton(QHBoxLayout* row, const QString& text, const char* name);
    void refresh();
    void fitResult();
    void fitRunning();
    int roomForResult() const;
    void refreshFigures();
    void showReady();
    void showRunning();
    void showResult();
    void showOther(const RunSummary& run);
    std::filesystem::path shownFolder() const;
    void showWords(const QString& name, const QString& words, const QString& more = {});
    void showMessage(const QString& sentence, const QString& name);
    QString ownName() const;
    QString timeLeftText() const;

    Bridge& m_bridge;
    QTimer m_timer;
    bool m_elsewhere = false;
    std::optional<RunSummary> m_shown; ///< an earlier run that is looked at
    QString m_renamed;                 ///< the own run's name, where it was changed
    QString m_refused;                 ///< why the last Train did not begin
    TrainingPlan m_refusedPlan;        ///< the plan that was refused

    ElidedLabel* m_name = nullptr;
    QLabel* m_detail = nullptr;
    QLabel* m_message = nullptr;
    QWidget* m_figures = nullptr;
    QLabel* m_epoch = nullptr;
    FigureLabel* m_speed = nullptr;
    FigureLabel* m_timeLeft = nullptr;
    QPushButton* m_back = nullptr;
    QPushButton* m_pause = nullptr;
    QPushButton* m_stop = nullptr;
    QPushButton* m_use = nullptr;
    QPushButton* m_export = nullptr;
    QPushButton* m_again = nullptr;
    QPushButton* m_gentler = nullptr;
    ProgressLine* m_progress = nullptr;
};

} // namespace torchdesk
