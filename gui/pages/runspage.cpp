// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/runspage.h"

#include "core/base/files.h"
#include "gui/app/runtext.h"
#include "gui/app/theme.h"
#include "gui/bridge/bridge.h"
#include "gui/itemmodels/runlistmodel.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/rundelegate.h"

#include <QDesktopServices>
#include <QInputDialog>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QShortcut>
#include <QSortFilterProxyModel>
#include <QUrl>
#include <QVBoxLayout>
#include <algorithm>

namespace torchdesk {

RunsPage::RunsPage(Bridge& bridge, QWidget* parent)
    : QWidget(parent), m_watcher(bridge.runs()), m_model(new RunListModel(this)),
      m_filtered(new QSortFilterProxyModel(this)), m_filter(new QLineEdit(this)), m_list(new QListView(this)),
      m_hint(makeLabel({}, TextRole::Body, Tone::Muted, this))
{
    m_filtered->setSourceModel(m_model);
    m_filtered->setFilterRole(RunListModel::SearchRole);
    m_filtered->setFilterCaseSensitivity(Qt::CaseInsensitive);

    m_filter->setObjectName("runFilter");
    m_filter->setPlaceholderText(tr("Filter runs"));
    m_filter->setAccessibleName(tr("Filter runs"));
    m_filter->setClearButtonEnabled(true);

    m_list->setObjectName("runList");
    m_list->setAccessibleName(tr("Runs"));
    m_list->setModel(m_filtered);
    m_list->setItemDelegate(new RunDelegate(m_list));
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);

    auto* top = new QVBoxLayout;
    top->setContentsMargins(space::large, space::large, space::large, space::small);
    top->addWidget(m_filter);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(top);
    layout->addWidget(m_list, 1);
    layout->addWidget(makeBottom());

    connect(&m_watcher, &RunWatcher::changed, this, &RunsPage::updateList);
    connect(m_filter, &QLineEdit::textChanged, m_filtered, &QSortFilterProxyModel::setFilterFixedString);
    connect(m_filter, &QLineEdit::textChanged, this, &RunsPage::updateList);
    connect(m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this, &RunsPage::choose);
    connect(m_list, &QWidget::customContextMenuRequested, this, &RunsPage::showMenu);
    connect(&bridge, &Bridge::runStarted, &m_watcher, &RunWatcher::refresh);
    connect(&bridge, &Bridge::runFinished, &m_watcher, &RunWatcher::refresh);
    addKeys();
    m_watcher.refresh();
    updateList();
}

/// What the context menu's key does, for keyboards without it.
void RunsPage::addKeys()
{
    const auto add = [this](const QKeySequence& keys, std::function<void()> action) {
        auto* shortcut = new QShortcut(keys, m_list);
        shortcut->setContext(Qt::WidgetShortcut);
        connect(shortcut, &QShortcut::activated, this, std::move(action));
    };
    add(QKeySequence(Qt::SHIFT | Qt::Key_F10),
        [this] { showMenu(m_list->visualRect(m_list->currentIndex()).center()); });
    add(QKeySequence(Qt::Key_F2), [this] {
        if (const QModelIndex index = m_list->currentIndex(); index.isValid())
            rename(m_model->run(m_filtered->mapToSource(index).row()));
    });
}

QWidget* RunsPage::makeBottom()
{
    auto* bottom = new QWidget(this);
    m_hint->setObjectName("runsHint");
    m_hint->setWordWrap(true);
    m_folder = new QPushButton(tr("Open &TensorBoard folder…"), bottom);
    m_folder->setObjectName("openFolder");
    m_folder->setToolTip(tr("Shows the scalars of any program's event files"));
    connect(m_folder, &QPushButton::clicked, this, &RunsPage::folderWanted);
    auto* layout = new QVBoxLayout(bottom);
    layout->setContentsMargins(space::large, space::small, space::large, space::large);
    layout->setSpacing(space::medium);
    layout->addWidget(m_hint);
    layout->addWidget(m_folder);
    return bottom;
}

std::vector<RunSummary> RunsPage::chosen() const
{
    QModelIndexList rows = m_list->selectionModel()->selectedIndexes();
    std::sort(rows.begin(), rows.end(),
              [](const QModelIndex& a, const QModelIndex& b) { return a.row() < b.row(); });
    std::vector<RunSummary> runs;
    for (const QModelIndex& row : rows) {
        if (runs.size() < static_cast<std::size_t>(mostRuns))
            runs.push_back(m_model->run(m_filtered->mapToSource(row).row()));
    }
    return runs;
}

void RunsPage::focusList()
{
    m_list->setFocus(Qt::ShortcutFocusReason);
}

void RunsPage::clearChoice()
{
    const QSignalBlocker quiet(m_list->selectionModel());
    m_list->clearSelection();
    updateHint();
    m_list->viewport()->update();
}

void RunsPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_watcher.setActive(true);
}

void RunsPage::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_watcher.setActive(false);
}

void RunsPage::updateList()
{
    m_model->setRuns(m_watcher.runs());
    const int all = m_model->rowCount();
    Q_EMIT countChanged(all);
    updateHint();
    m_list->setVisible(m_filtered->rowCount() > 0);
    m_filter->setEnabled(all > 0);
    tellRenamed();
}

/// Once the list shows the new name, whoever looks at the run is told.
void RunsPage::tellRenamed()
{
    const auto& runs = m_watcher.runs();
    const bool shown = std::any_of(runs.begin(), runs.end(), [this](const RunSummary& run) {
        return run.folder == m_renamed && runName(run) == m_newName;
    });
    if (!shown)
        return;
    const auto folders = chosenFolders();
    const bool looked = std::find(folders.begin(), folders.end(), m_renamed) != folders.end();
    m_renamed.clear();
    if (looked)
        Q_EMIT runsRenamed(folders);
}

void RunsPage::updateHint()
{
    const auto selected = m_list->selectionModel()->selectedIndexes().size();
    if (m_model->rowCount() == 0)
        m_hint->setText(
            tr("No runs yet. Press Train under New run: every run is kept in %1 and appears here, also "
               "those that a terminal starts.")
                .arg(QString::fromStdString(torchdesk::shown(m_watcher.folder()))));
    else if (m_filtered->rowCount() == 0)
        m_hint->setText(tr("No run matches the filter."));
    else if (selected > mostRuns)
        m_hint->setText(tr("%1 of the %2 chosen runs are shown.").arg(mostRuns).arg(selected));
    else
        m_hint->setText(tr("Ctrl-click lays up to %n runs over each other.", nullptr, mostRuns));
}

void RunsPage::choose()
{
    updateHint();
    if (const auto folders = chosenFolders(); !folders.empty())
        Q_EMIT runsChosen(folders);
}

std::vector<std::filesystem::path> RunsPage::chosenFolders() const
{
    std::vector<std::filesystem::path> folders;
    for (const RunSummary& run : chosen()) {
        if (run.state != RunState::Unreadable)
            folders.push_back(run.folder);
    }
    return folders;
}

void RunsPage::showMenu(const QPoint& at)
{
    const QModelIndex index = m_list->indexAt(at);
    if (!index.isValid())
        return;
    const RunSummary run = m_model->run(m_filtered->mapToSource(index).row());
    const bool readable = run.state != RunState::Unreadable;
    QMenu menu(this);
    QAction* used = menu.addAction(tr("Try it"));
    QAction* exported = menu.addAction(tr("Export weights…"));
    QAction* again = menu.addAction(tr("Use these settings"));
    QAction* renamed = menu.addAction(tr("Rename…"));
    QAction* opened = menu.addAction(tr("Open folder"));
    for (QAction* action : {used, exported, again, renamed})
        action->setEnabled(readable);
    const QAction* wanted = menu.exec(m_list->viewport()->mapToGlobal(at));
    if (wanted == used)
        Q_EMIT useWanted(run.folder);
    else if (wanted == exported)
        Q_EMIT exportWanted(run.folder);
    else if (wanted == again)
        Q_EMIT planWanted(run.record.plan);
    else if (wanted == renamed)
        rename(run);
    else if (wanted == opened)
        QDesktopServices::openUrl(QUrl::fromLocalFile(QString::fromStdString(run.folder.string())));
}

void RunsPage::rename(const RunSummary& run)
{
    bool accepted = false;
    const QString name =
        QInputDialog::getText(this, tr("Rename run"), tr("Name"), QLineEdit::Normal, runName(run), &accepted);
    const QString wanted = name.trimmed();
    if (!accepted || wanted.isEmpty() || wanted == runName(run))
        return;
    if (const auto done = renameRun(run.folder, wanted.toStdString()); !done) {
        QMessageBox::warning(this, tr("Rename run"), QString::fromStdString(done.error().message));
        return;
    }
    m_renamed = run.folder;
    m_newName = wanted;
    m_watcher.refresh();
}

} // namespace torchdesk
