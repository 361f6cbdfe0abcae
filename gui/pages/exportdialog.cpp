// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/exportdialog.h"

#include "core/base/text.h"
#include "gui/app/runtext.h"
#include "gui/app/theme.h"
#include "gui/bridge/bridge.h"
#include "gui/widgets/copying.h"
#include "gui/widgets/filedialog.h"
#include "gui/widgets/labels.h"

#include <QApplication>
#include <QComboBox>
#include <QDesktopServices>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QFontDatabase>
#include <QFormLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScreen>
#include <QUrl>
#include <QVBoxLayout>

namespace torchdesk {

namespace {

QString verification(const ExportReport& report)
{
    const QString difference = report.largestDifference == 0
                                   ? ExportDialog::tr("no output differs")
                                   : ExportDialog::tr("the largest difference of an output is %1")
                                         .arg(QString::fromStdString(toText(report.largestDifference)));
    return ExportDialog::tr(
               "Written and verified: %1, %2. The file was read back from disk into a fresh network: all %3 "
               "tensors (%4 numbers) are bit-equal, and over %5 samples %6. The network is in %7 beside it.")
        .arg(QString::fromStdString(shown(report.file)), QString::fromStdString(byteSize(report.bytes)),
             QString::fromStdString(grouped(report.tensors)),
             QString::fromStdString(grouped(report.parameters)),
             QString::fromStdString(grouped(report.samples)), difference,
             QString::fromStdString(shown(report.modelFile.filename())));
}

} // namespace

ExportDialog::ExportDialog(Bridge& bridge, std::filesystem::path run, QWidget* parent)
    : QDialog(parent), m_engine(bridge.engine()), m_run(std::move(run))
{
    setWindowTitle(tr("Export weights"));
    setObjectName("exportDialog");
    build();
    suggestFile();
    setBusy(false);
    if (!m_engine)
        m_result->setText(bridge.engineProblem().isEmpty()
                              ? tr("The engine is being loaded; try again in a moment.")
                              : bridge.engineProblem());
}

ExportDialog::~ExportDialog() = default;

void ExportDialog::build()
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 20, 20, space::large);
    layout->setSpacing(space::medium);
    buildForm(*layout);
    buildResult(*layout);
    buildButtons(*layout);
    connect(m_format, &QComboBox::currentIndexChanged, this, &ExportDialog::suggestFile);
    connect(m_export, &QPushButton::clicked, this, &ExportDialog::start);
    connect(m_close, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_copy, &QPushButton::clicked, this, &ExportDialog::copyScript);
    connect(m_folder, &QPushButton::clicked, this,
            [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(m_written)); });
}

void ExportDialog::buildForm(QVBoxLayout& layout)
{
    m_format = new QComboBox(this);
    m_format->setObjectName("exportFormat");
    m_format->addItem(tr("PyTorch state dict (.pt)"), static_cast<int>(ExportFormat::PyTorch));
    m_format->addItem(tr("safetensors"), static_cast<int>(ExportFormat::Safetensors));
    m_weights = new QComboBox(this);
    m_weights->setObjectName("exportWeights");
    m_weights->addItem(tr("of the best epoch"), static_cast<int>(Weights::Best));
    m_weights->addItem(tr("of the last epoch"), static_cast<int>(Weights::Last));
    m_file = new QLineEdit(this);
    m_file->setObjectName("exportFile");
    m_file->setMinimumWidth(380);
    auto* choose = new QPushButton(tr("&Choose…"), this);
    choose->setAutoDefault(false);
    connect(choose, &QPushButton::clicked, this, &ExportDialog::browse);
    auto* fileRow = new QHBoxLayout;
    fileRow->setSpacing(space::small);
    fileRow->addWidget(m_file, 1);
    fileRow->addWidget(choose);

    auto* form = new QFormLayout;
    form->setLabelAlignment(Qt::AlignLeft);
    form->setHorizontalSpacing(space::large);
    form->setVerticalSpacing(space::medium);
    form->addRow(tr("Run"), makeLabel(storedRunName(m_run), TextRole::Strong, Tone::Text, this));
    form->addRow(tr("&Format"), m_format);
    form->addRow(tr("&Weights"), m_weights);
    auto* fileLabel = new QLabel(tr("F&ile"), this);
    fileLabel->setBuddy(m_file);
    form->addRow(fileLabel, fileRow);
    layout.addLayout(form);
}

void ExportDialog::buildResult(QVBoxLayout& layout)
{
    m_progress = new QProgressBar(this);
    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    m_result = makeLabel({}, TextRole::Body, Tone::Text, this);
    m_result->setObjectName("exportResult");
    m_result->setWordWrap(true);
    m_result->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_script = new QPlainTextEdit(this);
    m_script->setObjectName("exportScript");
    m_script->setReadOnly(true);
    m_script->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_script->setAccessibleName(tr("Python script that uses the file"));
    m_script->setProperty("kind", "code");
    m_script->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_script->setMinimumHeight(180);
    m_script->hide();
    layout.addWidget(m_progress);
    layout.addWidget(m_result);
    layout.addWidget(m_script, 1);
}

void ExportDialog::buildButtons(QVBoxLayout& layout)
{
    m_copy = new QPushButton(tr("C&opy script"), this);
    m_copy->setObjectName("copyScript");
    m_copy->hide();
    m_folder = new QPushButton(tr("&Show folder"), this);
    m_folder->setObjectName("showFolder");
    m_folder->hide();
    m_close = new QPushButton(tr("Close"), this);
    m_close->setObjectName("closeExport");
    m_export = new QPushButton(tr("&Export"), this);
    m_export->setObjectName("startExport");
    m_export->setProperty("kind", "accent");
    m_export->setDefault(true);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_copy);
    buttons->addWidget(m_folder);
    buttons->addStretch();
    buttons->addWidget(m_close);
    buttons->addWidget(m_export);
    layout.addLayout(buttons);
}

// A name of the user's own stays when the format changes; ours follows it.
void ExportDialog::suggestFile()
{
    if (m_file->text() != m_suggested)
        return;
    const QString folder = m_suggested.isEmpty() ? QString::fromStdString((m_run / "exports").string())
                                                 : QFileInfo(m_suggested).absolutePath();
    const auto suffix = QString::fromLatin1(exportSuffix(request().format));
    m_suggested = QDir(folder).filePath(QStringLiteral("weights") + suffix);
    m_file->setText(m_suggested);
}

void ExportDialog::browse()
{
    auto* dialog = saveDialog(this, FileKind::Weights, tr("Export weights"), m_file->text());
    connect(dialog, &QFileDialog::fileSelected, m_file, &QLineEdit::setText);
    dialog->open();
}

void ExportDialog::copyScript()
{
    copyText(m_script->toPlainText(), m_copy);
}

ExportRequest ExportDialog::request() const
{
    ExportRequest request;
    request.run = m_run;
    request.format = static_cast<ExportFormat>(m_format->currentData().toInt());
    request.weights = static_cast<Weights>(m_weights->currentData().toInt());
    request.file = std::filesystem::path(QFile::encodeName(m_file->text()).toStdString());
    return request;
}

void ExportDialog::start()
{
    setBusy(true);
    m_result->setText(tr("Writing, reading back and comparing…"));
    setTone(m_result, Tone::Muted);
    m_script->hide();
    m_copy->hide();
    m_folder->hide();
    const auto work = [engine = m_engine,
                       wanted = request()](std::stop_token stop) -> Expected<ExportReport> {
        // The suggested folder lies in the run and is made with its first export; any other must be there.
        if (wanted.file.parent_path() == wanted.run / "exports") {
            if (const auto made = makeFolder(wanted.file.parent_path()); !made)
                return failure(made);
        }
        return exportRun(*engine, wanted, {}, stop);
    };
    m_worker.run("export", work, [this](const Expected<ExportReport>& result) { showResult(result); });
}

void ExportDialog::showResult(const Expected<ExportReport>& result)
{
    setBusy(false);
    setTone(m_result, result ? Tone::Text : Tone::Bad);
    if (!result) {
        m_result->setText(QString::fromStdString(result.error().message));
        return;
    }
    m_result->setText(verification(*result));
    m_script->setPlainText(QString::fromStdString(result->script));
    m_script->show();
    m_copy->show();
    m_folder->show();
    m_written = QString::fromStdString(result->file.parent_path().string());
    m_copy->setFocus();
    resize(size().expandedTo({680, 560}).boundedTo(screen()->availableSize() * 0.9)); // room for the script
    Q_EMIT exported(QString::fromStdString(result->file.string()));
}

void ExportDialog::setBusy(bool busy)
{
    m_progress->setVisible(busy);
    m_export->setEnabled(!busy && m_engine);
    m_close->setText(busy ? tr("Cancel") : tr("Close"));
}

} // namespace torchdesk
