// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/devicepanel.h"

#include "core/device/processorfeatures.h"
#include "gui/app/theme.h"
#include "gui/pages/devicesections.h"
#include "gui/pages/devicetext.h"
#include "gui/widgets/labels.h"

#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

namespace torchdesk {

namespace {

constexpr std::size_t mostProcesses = 8;

/// A process that uses several cards is one row with the sum.
void addProcess(std::vector<GpuProcess>& all, const GpuProcess& process)
{
    const auto same = [&](const GpuProcess& other) { return other.pid == process.pid; };
    const auto found = std::find_if(all.begin(), all.end(), same);
    if (found == all.end())
        all.push_back(process);
    else if (process.memory)
        found->memory = found->memory.value_or(0) + *process.memory;
}

} // namespace

DevicePanel::DevicePanel(DeviceSampler* sampler, QWidget* parent) : QWidget(parent), m_sampler(sampler)
{
    setObjectName(QStringLiteral("devicePanel"));
    setAccessibleName(tr("Devices"));
    setProperty("surface", "panel");
    setAttribute(Qt::WA_StyledBackground);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* inside = new QWidget;
    scroll->setWidget(inside);
    outer->addWidget(scroll);

    m_column = new QVBoxLayout(inside);
    m_column->setContentsMargins(space::large, space::large, space::large, space::large);
    m_column->setSpacing(space::large);
    m_cards = new QVBoxLayout;
    m_cards->setSpacing(space::large);
    m_column->addLayout(m_cards);
    m_processor = new ComputerSection(true);
    m_column->addWidget(m_processor);
    m_processPart = addPart(tr("Processes"), m_processes = new FactRows);
    m_computerPart = addPart({}, m_computer = new ComputerSection(false));
    m_reason = makeLabel({}, TextRole::Label, Tone::Muted);
    m_reason->setWordWrap(true);
    m_reason->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_reasonPart = addPart(tr("Graphics card"), m_reason);
    m_runPart = addPart(tr("This run"), m_run = new FactRows);
    m_environmentPart = addPart(tr("Environment"), m_environment = new FactRows);
    m_column->addStretch(1);
    m_runPart->hide();
    arrange({});
    setDevice(m_device);
    showEnvironment();
    connect(m_sampler.data(), &DeviceSampler::sampled, this, &DevicePanel::setFigures);
}

DevicePanel::~DevicePanel()
{
    if (m_sampler)
        m_sampler->setWanted(this, false);
}

QWidget* DevicePanel::addPart(const QString& title, QWidget* content)
{
    auto* part = new QWidget;
    auto* layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::small);
    layout->addWidget(new Separator(part));
    layout->addSpacing(space::tiny);
    if (!title.isEmpty())
        layout->addWidget(makeLabel(title, TextRole::Strong, Tone::Text, part));
    layout->addWidget(content);
    m_column->addWidget(part);
    return part;
}

void DevicePanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    // What is older than the moment it became visible again would stand at wrong times.
    m_processor->clearHistory();
    for (GpuSection* section : m_gpus)
        section->clearHistory();
    m_sampler->setWanted(this, true);
}

void DevicePanel::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    if (m_sampler)
        m_sampler->setWanted(this, false);
}

void DevicePanel::setEngine(const EngineInfo& info, const std::vector<DeviceInfo>& devices)
{
    m_info = info;
    m_devices = devices;
    showReason();
    showEnvironment();
}

void DevicePanel::setEngineProblem(const QString& word)
{
    m_engineProblem = word;
    showEnvironment();
}

void DevicePanel::setDevice(const QString& device)
{
    m_device = device;
    m_processor->setDetail(device.startsWith(QLatin1String("cuda")) ? QString()
                                                                    : tr("training on the processor"));
}

QString DevicePanel::nameOf(const GpuSample& gpu) const
{
    for (const DeviceInfo& device : m_devices)
        if (!device.pciBus.empty() && device.pciBus == gpu.pciBus)
            return QString::fromStdString(device.id);
    return {};
}

QString DevicePanel::detailOf(const GpuSample& gpu, bool whole) const
{
    QStringList parts;
    if (const QString name = nameOf(gpu); !name.isEmpty())
        parts << name;
    if (!m_figures.driver.empty())
        parts
            << tr("driver %1").arg(QString::fromStdString(m_figures.driver).section(QLatin1Char('.'), 0, 1));
    if (whole && !m_figures.cuda.empty())
        parts << tr("CUDA %1").arg(QString::fromStdString(m_figures.cuda));
    return parts.join(QStringLiteral(" · "));
}

void DevicePanel::arrange(const std::vector<GpuSample>& gpus)
{
    if (gpus.size() != m_gpus.size()) {
        for (GpuSection* section : m_gpus)
            delete section;
        m_gpus.clear();
        // With several cards each gets its two main meters, so that all fit.
        for (std::size_t i = 0; i < gpus.size(); ++i) {
            m_gpus.push_back(new GpuSection(gpus.size() > 2 || (gpus.size() == 2 && i > 0)));
            m_cards->addWidget(m_gpus.back());
        }
    }
    const bool cards = !gpus.empty();
    m_processor->setHidden(cards);
    m_computerPart->setVisible(cards);
    showReason();
}

void DevicePanel::setFigures(const DeviceFigures& figures)
{
    m_figures = figures;
    arrange(figures.gpus);
    for (std::size_t i = 0; i < m_gpus.size(); ++i)
        m_gpus[i]->show(figures.gpus[i], detailOf(figures.gpus[i], true), detailOf(figures.gpus[i], false));
    if (m_gpus.empty())
        m_processor->show(figures);
    else
        m_computer->show(figures);
    showProcesses(figures.gpus);
}

void DevicePanel::showProcesses(const std::vector<GpuSample>& gpus)
{
    std::vector<GpuProcess> all;
    for (const GpuSample& gpu : gpus)
        for (const GpuProcess& process : gpu.processes)
            addProcess(all, process);
    std::stable_sort(all.begin(), all.end(), [](const GpuProcess& a, const GpuProcess& b) {
        if (devicetext::isOwn(a) != devicetext::isOwn(b))
            return devicetext::isOwn(a);
        return a.memory.value_or(0) > b.memory.value_or(0);
    });
    std::vector<FactRows::Row> rows;
    for (const GpuProcess& process : all) {
        if (rows.size() == mostProcesses)
            break;
        const QString memory = process.memory ? devicetext::bytes(*process.memory) : QString();
        rows.push_back({devicetext::process(process), memory, devicetext::isOwn(process)});
    }
    if (all.size() > rows.size())
        rows.push_back({tr("and %n more", nullptr, int(all.size() - rows.size())), {}, false});
    m_processPart->setVisible(!rows.empty());
    m_processes->setRows(std::move(rows));
}

void DevicePanel::showReason()
{
    // The engine knows more than the driver's library: it has tried.
    QString reason = QString::fromStdString(m_info.whyNoCuda);
    if (reason.isEmpty() && m_figures.gpus.empty())
        reason = QString::fromStdString(m_figures.whyNoGpu);
    setParagraph(m_reason, reason);
    m_reasonPart->setVisible(!reason.isEmpty());
}

void DevicePanel::showEnvironment()
{
    const QString version = QString::fromStdString(m_info.version).section(QLatin1Char('+'), 0, 0);
    const std::string units = m_info.vectorUnits.empty() ? vectorUnits() : m_info.vectorUnits;
    const QString cuda = QString::fromStdString(m_info.cudaVersion);
    const QString none = m_engineProblem.isEmpty() ? tr("being loaded…") : m_engineProblem;
    m_environment->setRows({
        {QStringLiteral("LibTorch"), version.isEmpty() ? none : version, false},
        {tr("Vector units"), QString::fromStdString(units), false},
        {QStringLiteral("CUDA"), cuda.isEmpty() ? tr("not in use") : cuda, false},
    });
}

void DevicePanel::setRunFacts(const std::vector<std::pair<QString, QString>>& facts)
{
    std::vector<FactRows::Row> rows;
    for (const auto& [name, value] : facts)
        rows.push_back({name, value, false});
    m_runPart->setVisible(!rows.empty());
    m_run->setRows(std::move(rows));
}

DeviceStatusLine::DeviceStatusLine(DeviceSampler* sampler, QWidget* parent)
    : QWidget(parent), m_sampler(sampler)
{
    setObjectName(QStringLiteral("deviceStatusLine"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::large, 0, space::large, 0);
    m_text = new ElidedLabel(this);
    m_text->setFont(fontFor(TextRole::Label));
    setTone(m_text, Tone::Muted);
    layout->addWidget(m_text);
    connect(m_sampler.data(), &DeviceSampler::sampled, this, &DeviceStatusLine::setFigures);
}

DeviceStatusLine::~DeviceStatusLine()
{
    if (m_sampler)
        m_sampler->setWanted(this, false);
}

void DeviceStatusLine::setEngine(const EngineInfo& info)
{
    setToolTip(asToolTip(QString::fromStdString(info.whyNoCuda)));
}

void DeviceStatusLine::setFigures(const DeviceFigures& figures)
{
    m_text->setText(devicetext::line(figures));
    setAccessibleName(m_text->fullText());
}

QString DeviceStatusLine::text() const
{
    return m_text->fullText();
}

void DeviceStatusLine::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_sampler->setWanted(this, true);
}

void DeviceStatusLine::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    if (m_sampler)
        m_sampler->setWanted(this, false);
}

} // namespace torchdesk
