// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/export/exporter.h"
#include "gui/bridge/worker.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;
class QVBoxLayout;

namespace torchdesk {

class Bridge;

/// Writes the weights of a run in a format of choice and shows how the file was verified, with the script
/// that uses it. The work is done on a thread; Cancel stops it and nothing half-written stays.
class ExportDialog final : public QDialog
{
    Q_OBJECT

public:
    ExportDialog(Bridge& bridge, std::filesystem::path run, QWidget* parent = nullptr);
    ~ExportDialog() override;

Q_SIGNALS:
    void exported(const QString& file);

private:
    void build();
    void buildForm(QVBoxLayout& layout);
    void buildResult(QVBoxLayout& layout);
    void buildButtons(QVBoxLayout& layout);
    void suggestFile();
    void browse();
    void copyScript();
    void start();
    void showResult(const Expected<ExportReport>& result);
    void setBusy(bool busy);
    ExportRequest request() const;

    std::shared_ptr<Engine> m_engine;
    std::filesystem::path m_run;
    QString m_suggested; ///< the file name that was put in by us
    QString m_written;   ///< the folder of the last export
    QComboBox* m_format = nullptr;
    QComboBox* m_weights = nullptr;
    QLineEdit* m_file = nullptr;
    QProgressBar* m_progress = nullptr;
    QLabel* m_result = nullptr;
    QPlainTextEdit* m_script = nullptr;
    QPushButton* m_export = nullptr;
    QPushButton* m_copy = nullptr;
    QPushButton* m_folder = nullptr;
    QPushButton* m_close = nullptr;
    Worker m_worker;
};

} // namespace torchdesk
