// SPDX-License-Identifier: GPL-3.0-or-later
// What is dropped on the window: a folder or an archive becomes the data of the form, a plan fills it.
#include "core/data/folder/filekinds.h"
#include "gui/app/mainwindow.h"
#include "gui/pages/newrunpage.h"

#include <QDragEnterEvent>
#include <QFileInfo>
#include <QMimeData>
#include <QTabBar>

namespace torchdesk {

namespace {

/// The one file or folder that is dragged; empty where there are none, or many.
QString draggedFile(const QMimeData& dragged)
{
    const QList<QUrl> urls = dragged.urls();
    return urls.size() == 1 && urls.front().isLocalFile() ? urls.front().toLocalFile() : QString();
}

bool holdsData(const QString& path)
{
    return QFileInfo(path).isDir() || isArchiveName(path.toStdString());
}

bool namesPlan(const QString& path)
{
    return path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive);
}

} // namespace

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    const QString path = draggedFile(*event->mimeData());
    if (!path.isEmpty() && (holdsData(path) || namesPlan(path)))
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    const QString path = draggedFile(*event->mimeData());
    m_leftTabs->setCurrentIndex(0);
    if (namesPlan(path))
        usePlanFile(path);
    else
        m_newRun->useData(path);
    event->acceptProposedAction();
}

} // namespace torchdesk
