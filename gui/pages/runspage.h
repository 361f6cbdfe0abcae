// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/runfolder.h"
#include "gui/bridge/runwatcher.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QListView;
class QPushButton;
class QSortFilterProxyModel;

namespace torchdesk {

class Bridge;
class RunListModel;

/// The list of runs: filter box, two lines a run, one chosen run or an overlay of up to eight (Ctrl-click,
/// Shift-click). Follows the folder while it is seen.
class RunsPage final : public QWidget
{
    Q_OBJECT

public:
    static constexpr int mostRuns = 8;

    explicit RunsPage(Bridge& bridge, QWidget* parent = nullptr);
    /// The runs that are chosen, in the order of the list; at most mostRuns.
    std::vector<RunSummary> chosen() const;
    /// Takes the choice back without a signal: the window shows the running one again.
    void clearChoice();
    void focusList();

Q_SIGNALS:
    void runsChosen(
        const std::vector<std::filesystem::path>& runs); ///< one or up to eight to look at, by the user
    void
    runsRenamed(const std::vector<std::filesystem::path>& runs); ///< of those that are looked at: as chosen
    void useWanted(const std::filesystem::path& run);
    void exportWanted(const std::filesystem::path& run);
    void planWanted(const torchdesk::TrainingPlan& plan); ///< into the form
    void folderWanted();                                  ///< a TensorBoard folder is to be chosen
    void countChanged(int count);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void addKeys();
    void updateList();
    void updateHint();
    void tellRenamed();
    std::vector<std::filesystem::path> chosenFolders() const;
    QWidget* makeBottom();
    void choose();
    void showMenu(const QPoint& at);
    void rename(const RunSummary& run);

    RunWatcher m_watcher;
    std::filesystem::path m_renamed; ///< a run whose new name the list does not show yet
    QString m_newName;
    RunListModel* m_model = nullptr;
    QSortFilterProxyModel* m_filtered = nullptr;
    QLineEdit* m_filter = nullptr;
    QListView* m_list = nullptr;
    QLabel* m_hint = nullptr;
    QPushButton* m_folder = nullptr;
};

} // namespace torchdesk
