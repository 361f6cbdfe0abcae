// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/filedialog.h"

#include <QFileInfo>
#include <QSettings>

namespace torchdesk {

namespace {

struct KindText
{
    const char* key;
    QString filter; ///< empty: folders
};

KindText textOf(FileKind kind)
{
    switch (kind) {
    case FileKind::TensorBoardFolder:
        return {"tensorboard", {}};
    case FileKind::DataFolder:
        return {"data", {}};
    case FileKind::Plan:
        return {"plan", QFileDialog::tr("Plans (*.json)")};
    case FileKind::Model:
        return {"model", QFileDialog::tr("Models (*.json)")};
    case FileKind::Picture:
        return {"picture", QFileDialog::tr("Pictures (*.png *.jpg *.jpeg)")};
    }
    return {"other", {}};
}

} // namespace

QFileDialog* fileDialog(QWidget* parent, FileKind kind, const QString& title)
{
    const KindText text = textOf(kind);
    const QString setting = QStringLiteral("folders/") + QLatin1String(text.key);
    auto* dialog = new QFileDialog(parent, title, QSettings().value(setting).toString(), text.filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QLatin1String(text.key) + QStringLiteral("Dialog"));
    dialog->setFileMode(text.filter.isEmpty() ? QFileDialog::Directory : QFileDialog::ExistingFile);
    dialog->setOption(QFileDialog::ShowDirsOnly, text.filter.isEmpty());
    QObject::connect(dialog, &QFileDialog::fileSelected, dialog, [setting](const QString& chosen) {
        QSettings().setValue(setting, QFileInfo(chosen).absolutePath());
    });
    return dialog;
}

} // namespace torchdesk
