// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/datadownload.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace torchdesk {

class ProgressLine;

/// What stands above Train while data is being downloaded: how far it is, and Stop. Hidden otherwise.
class DownloadRow final : public QWidget
{
    Q_OBJECT

public:
    explicit DownloadRow(DataDownload& download, QWidget* parent = nullptr);
    void focusStop();

Q_SIGNALS:
    void stopPressed(); ///< the download has been stopped, and this is hidden again

private:
    void refresh();

    DataDownload& m_download;
    QLabel* m_figures = nullptr;
    ProgressLine* m_line = nullptr;
    QPushButton* m_stop = nullptr;
};

/// "45 MB of 170 MB, 12 MB/s, 10 s left".
QString downloadFigures(const DownloadProgress& progress);

} // namespace torchdesk
