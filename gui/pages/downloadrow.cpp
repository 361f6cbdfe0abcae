// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/downloadrow.h"

#include "core/base/text.h"
#include "gui/app/icons.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/progressline.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <algorithm>

namespace torchdesk {

QString downloadFigures(const DownloadProgress& progress)
{
    // A figure and its unit stay together where a line breaks.
    const auto bytes = [](std::uint64_t count) {
        return QString::fromStdString(byteSize(count)).replace(QLatin1Char(' '), QChar::Nbsp);
    };
    const QString share = DownloadRow::tr("%1 of %2").arg(bytes(progress.done), bytes(progress.total));
    if (progress.bytesPerSecond < 1)
        return share;
    const double left = static_cast<double>(progress.total - std::min(progress.done, progress.total));
    return DownloadRow::tr("%1, %2/s, %3 left")
        .arg(share, bytes(static_cast<std::uint64_t>(progress.bytesPerSecond)),
             QString::fromStdString(duration(left / progress.bytesPerSecond))
                 .replace(QLatin1Char(' '), QChar::Nbsp));
}

DownloadRow::DownloadRow(DataDownload& download, QWidget* parent) : QWidget(parent), m_download(download)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::small);
    auto* words = new QVBoxLayout;
    words->setSpacing(space::tiny);
    m_figures = makeLabel({}, TextRole::Label, Tone::Text);
    m_figures->setObjectName(QStringLiteral("downloadFigures"));
    m_figures->setWordWrap(true);
    m_line = new ProgressLine;
    m_line->setObjectName(QStringLiteral("downloadLine"));
    m_line->setAccessibleName(tr("Progress of the download"));
    words->addWidget(m_figures);
    words->addWidget(m_line);
    row->addLayout(words, 1);
    m_stop = new QPushButton(themeIcon(IconName::Stop), tr("S&top"));
    m_stop->setObjectName(QStringLiteral("stopDownload"));
    m_stop->setAccessibleName(tr("Stop the download"));
    m_stop->setToolTip(tr("What has come is kept, and the next download goes on from there"));
    row->addWidget(m_stop, 0, Qt::AlignVCenter);
    connect(m_stop, &QPushButton::clicked, this, [this] {
        m_download.stop();
        Q_EMIT stopPressed();
    });
    connect(&m_download, &DataDownload::changed, this, &DownloadRow::refresh);
    refresh();
}

void DownloadRow::focusStop()
{
    m_stop->setFocus(Qt::OtherFocusReason);
}

void DownloadRow::refresh()
{
    setVisible(m_download.running());
    if (!m_download.running())
        return;
    const DownloadProgress& progress = m_download.progress();
    m_figures->setText(downloadFigures(progress));
    m_line->setShare(progress.total > 0 ? double(progress.done) / double(progress.total) : 0);
}

} // namespace torchdesk
