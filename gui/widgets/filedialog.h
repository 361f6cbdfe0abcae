// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFileDialog>

namespace torchdesk {

/// What is chosen; each kind begins where the last of it was chosen, also after the program was closed.
enum class FileKind
{
    TensorBoardFolder,
    DataFolder,
    Plan,
    Model,
    Picture,
    PictureFolder,
    Weights,
    Table,
    SvgDiagram,
    PngDiagram
};

/// A dialog for one file or folder that there is already. It deletes itself; connect fileSelected and open()
/// it.
QFileDialog* fileDialog(QWidget* parent, FileKind kind, const QString& title);
/// The same for a file to be written, which asks before it replaces one. \p suggestion is a name, or a path;
/// one without an ending gets that of its kind.
QFileDialog* saveDialog(QWidget* parent, FileKind kind, const QString& title, const QString& suggestion);

} // namespace torchdesk
