// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/filedialog.h"

#include <QFileInfo>
#include <QSettings>

namespace torchdesk {

namespace {

struct KindText
{
    const char* key;
    QString filter;          ///< empty: folders
    const char* suffix = ""; ///< of a file to be written
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
    case FileKind::Weights:
        return {"weights", QFileDialog::tr("Weights (*.safetensors *.pt *.pth)")};
    case FileKind::Picture:
        return {"picture", QFileDialog::tr("Pictures (*.png *.jpg *.jpeg *.tif *.tiff)")};
    case FileKind::PictureFolder:
        return {"pictures", {}};
    case FileKind::Table:
        return {"table", QFileDialog::tr("Comma-separated values (*.csv)"), "csv"};
    case FileKind::SvgDiagram:
        return {"diagram", QFileDialog::tr("SVG pictures (*.svg)"), "svg"};
    case FileKind::PngDiagram:
        return {"diagram", QFileDialog::tr("PNG pictures (*.png)"), "png"};
    }
    return {"other", {}};
}

QFileDialog* makeDialog(QWidget* parent, const KindText& text, const QString& title)
{
    const QString setting = QStringLiteral("folders/") + QLatin1String(text.key);
    auto* dialog = new QFileDialog(parent, title, QSettings().value(setting).toString(), text.filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QLatin1String(text.key) + QStringLiteral("Dialog"));
    QObject::connect(dialog, &QFileDialog::fileSelected, dialog, [setting](const QString& chosen) {
        QSettings().setValue(setting, QFileInfo(chosen).absolutePath());
    });
    return dialog;
}

} // namespace

QFileDialog* fileDialog(QWidget* parent, FileKind kind, const QString& title)
{
    const KindText text = textOf(kind);
    QFileDialog* dialog = makeDialog(parent, text, title);
    dialog->setFileMode(text.filter.isEmpty() ? QFileDialog::Directory : QFileDialog::ExistingFile);
    dialog->setOption(QFileDialog::ShowDirsOnly, text.filter.isEmpty());
    return dialog;
}

QFileDialog* saveDialog(QWidget* parent, FileKind kind, const QString& title, const QString& suggestion)
{
    const KindText text = textOf(kind);
    QFileDialog* dialog = makeDialog(parent, text, title);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QLatin1String(text.suffix));
    dialog->selectFile(suggestion);
    return dialog;
}

} // namespace torchdesk
