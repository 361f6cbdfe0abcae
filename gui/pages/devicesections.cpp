// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/devicesections.h"

#include "gui/app/theme.h"
#include "gui/pages/devicetext.h"
#include "gui/widgets/figures.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/meterrow.h"
#include "gui/widgets/sparkline.h"

#include <QHBoxLayout>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <QVBoxLayout>

namespace torchdesk {

namespace {

constexpr int factHeight = 20;

QVBoxLayout* column(QWidget* widget, int spacing)
{
    auto* layout = new QVBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(spacing);
    return layout;
}

ElidedLabel* elided(QWidget* parent, TextRole role, Tone tone)
{
    auto* label = new ElidedLabel(parent);
    label->setFont(fontFor(role));
    setTone(label, tone);
    return label;
}

std::optional<double> ofTemperature(std::optional<double> celsius)
{
    return devicetext::quotient(celsius, 100.0); // a bar needs an end; cards slow down between 80 and 95 °C
}

} // namespace

FactRows::FactRows(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void FactRows::setRows(std::vector<Row> rows)
{
    if (rows == m_rows)
        return;
    const bool taller = rows.size() != m_rows.size();
    m_rows = std::move(rows);
    QStringList words;
    for (const Row& row : m_rows)
        words << tr("%1: %2").arg(row.name, row.value);
    setAccessibleName(words.join(tr("; ")));
    if (taller)
        updateGeometry();
    update();
}

QSize FactRows::sizeHint() const
{
    return {180, factHeight * int(m_rows.size())};
}

void FactRows::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    double y = 0;
    for (const Row& row : m_rows) {
        QFont font = fontFor(TextRole::Label);
        font.setBold(row.strong);
        painter.setFont(font);
        const QRectF line(0, y, width(), factHeight);
        const double value = std::min(figuresWidth(font, row.value), width() * 0.65);
        painter.setPen(theme().text);
        drawFigures(painter, line, Qt::AlignRight | Qt::AlignVCenter,
                    painter.fontMetrics().elidedText(row.value, Qt::ElideRight, int(value) + 1));
        painter.setPen(row.strong ? theme().text : theme().muted);
        painter.drawText(
            line, Qt::AlignLeft | Qt::AlignVCenter,
            painter.fontMetrics().elidedText(row.name, Qt::ElideMiddle, int(width() - value - space::small)));
        y += factHeight;
    }
}

bool FactRows::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto index = std::size_t(std::max(0, help->pos().y() / factHeight));
    if (index < m_rows.size())
        QToolTip::showText(help->globalPos(), tr("%1: %2").arg(m_rows[index].name, m_rows[index].value),
                           this);
    return true;
}

HistoryPlot::HistoryPlot(const QString& caption, QWidget* parent) : QWidget(parent)
{
    auto* layout = column(this, space::tiny);
    m_plot = new Sparkline(60 * 1000 / DeviceSampler::interval, this);
    m_plot->setAccessibleName(caption);
    layout->addWidget(m_plot);
    auto* row = new QHBoxLayout;
    row->addWidget(makeLabel(caption, TextRole::Label, Tone::Muted, this));
    row->addStretch(1);
    m_figure = new FigureLabel(this);
    m_figure->setFont(fontFor(TextRole::Label));
    m_figure->setMuted(true);
    m_figure->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row->addWidget(m_figure);
    layout->addLayout(row);
}

void HistoryPlot::append(std::optional<double> share, const QString& figure)
{
    m_plot->append(share);
    m_figure->setText(figure);
}

void HistoryPlot::clear()
{
    m_plot->clear();
}

GpuSection::GpuSection(bool brief, QWidget* parent) : QWidget(parent)
{
    auto* layout = column(this, 9);
    auto* head = new QVBoxLayout;
    head->setSpacing(1);
    m_name = elided(this, TextRole::Strong, Tone::Text);
    m_detail = elided(this, TextRole::Label, Tone::Muted);
    head->addWidget(m_name);
    head->addWidget(m_detail);
    layout->addLayout(head);
    m_compute = new MeterRow(tr("Compute"), this);
    m_memory = new MeterRow(tr("Memory"), this);
    m_power = new MeterRow(tr("Power"), this);
    m_temperature = new MeterRow(tr("Temperature"), this);
    for (MeterRow* row : {m_compute, m_memory, m_power, m_temperature})
        layout->addWidget(row);
    m_note = makeLabel({}, TextRole::Label, Tone::Warning, this);
    m_note->setWordWrap(true);
    layout->addWidget(m_note);
    if (!brief)
        layout->addWidget(m_history = new HistoryPlot(tr("compute, last 60 s"), this));
    m_power->setHidden(brief);
    m_temperature->setHidden(brief);
}

void GpuSection::show(const GpuSample& sample, const QString& detail, const QString& brief)
{
    m_name->setText(QString::fromStdString(sample.name));
    m_whole = detail;
    m_brief = brief;
    fitDetail();
    m_name->setToolTip(asToolTip(detail));
    m_compute->setValue(devicetext::share(sample.compute), sample.compute);
    m_memory->setValue(devicetext::bytesOf(sample.memoryUsed, sample.memoryTotal),
                       devicetext::quotient(sample.memoryUsed, sample.memoryTotal));
    m_power->setValue(devicetext::watts(sample), devicetext::quotient(sample.watts, sample.wattsLimit));
    m_temperature->setValue(devicetext::celsius(sample.celsius), ofTemperature(sample.celsius));
    const QString note = sample.lost ? tr("The card no longer answers. Restart the computer to get it back.")
                                     : QString::fromStdString(sample.throttling);
    m_note->setText(note);
    m_note->setHidden(note.isEmpty());
    if (m_history)
        m_history->append(sample.compute, devicetext::megahertz(sample.megahertz));
}

void GpuSection::fitDetail()
{
    const bool fits = m_detail->fontMetrics().horizontalAdvance(m_whole) <= width();
    m_detail->setText(fits ? m_whole : m_brief);
}

void GpuSection::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fitDetail();
}

void GpuSection::clearHistory()
{
    if (m_history)
        m_history->clear();
}

ComputerSection::ComputerSection(bool main, QWidget* parent) : QWidget(parent)
{
    auto* layout = column(this, 9);
    auto* head = new QVBoxLayout;
    head->setSpacing(1);
    m_name = elided(this, TextRole::Strong, Tone::Text);
    m_detail = elided(this, TextRole::Label, Tone::Muted);
    head->addWidget(m_name);
    head->addWidget(m_detail);
    layout->addLayout(head);
    m_processor = new MeterRow(tr("Processor"), this);
    m_memory = new MeterRow(tr("Memory"), this);
    layout->addWidget(m_processor);
    layout->addWidget(m_memory);
    if (!main) {
        m_name->setText(tr("This computer"));
        m_detail->hide();
        return;
    }
    m_own = new MeterRow(QStringLiteral("TorchDesk"), this);
    layout->addWidget(m_own);
    layout->addWidget(m_history = new HistoryPlot(tr("processor, last 60 s"), this));
}

void ComputerSection::setDetail(const QString& detail)
{
    m_detail->setText(detail);
}

void ComputerSection::show(const DeviceFigures& figures)
{
    const SystemSample& system = figures.system;
    const auto whole = double(system.memoryTotal);
    m_processor->setValue(devicetext::share(system.processorShare), system.processorShare);
    m_memory->setValue(devicetext::bytesOf(system.memoryUsed, system.memoryTotal),
                       devicetext::quotient(double(system.memoryUsed), whole));
    if (!m_own)
        return;
    m_name->setText(devicetext::processor(figures));
    m_own->setValue(devicetext::bytes(system.ownMemory),
                    devicetext::quotient(double(system.ownMemory), whole));
    m_own->setToolTip(tr("Memory of this program; it takes %1 of the processor")
                          .arg(devicetext::share(system.ownProcessorShare)));
    m_history->append(system.processorShare, devicetext::gigahertz(system.megahertz));
}

void ComputerSection::clearHistory()
{
    if (m_history)
        m_history->clear();
}

} // namespace torchdesk
