// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/scalarsview.h"

#include "core/base/files.h"
#include "gui/app/theme.h"
#include "gui/charts/curvechart.h"
#include "gui/charts/smoothingslider.h"
#include "gui/widgets/labels.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QScrollArea>
#include <QToolButton>
#include <algorithm>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

constexpr int chartHeight = 260;

} // namespace

ScalarsView::ScalarsView(QWidget* parent)
    : QWidget(parent), m_range(new XRange(this)), m_title(new ElidedLabel(this, Qt::ElideMiddle)),
      m_problem(makeLabel({}, TextRole::Body, Tone::Muted, this)), m_smoothing(new SmoothingSlider(this)),
      m_choice(new QToolButton(this)), m_scroll(new QScrollArea(this))
{
    m_title->setObjectName("scalarsTitle");
    m_title->setFont(fontFor(TextRole::Strong));
    m_problem->setObjectName("scalarsProblem");
    m_problem->setWordWrap(true);
    m_choice->setObjectName("folderChoice");
    m_choice->setPopupMode(QToolButton::InstantPopup);
    m_choice->setMenu(new QMenu(m_choice));

    auto* content = new QWidget(m_scroll);
    content->setProperty("surface", "window");
    m_list = new QVBoxLayout(content);
    m_list->setContentsMargins(0, 0, space::small, 0);
    m_list->setSpacing(space::medium);
    m_list->addStretch();
    m_scroll->setWidget(content);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);

    auto* header = new QHBoxLayout;
    header->addWidget(m_title, 1);
    header->addWidget(m_smoothing);
    header->addWidget(m_choice);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::large, space::medium, space::small, space::large);
    layout->setSpacing(space::medium);
    layout->addLayout(header);
    layout->addWidget(m_problem);
    layout->addWidget(m_scroll, 1);

    connect(m_smoothing, &SmoothingSlider::changed, this, [this](double weight) {
        for (auto& [tag, chart] : m_charts)
            chart.widget->setSmoothing(weight);
    });
    connect(&m_reader, &ScalarReader::arrived, this, &ScalarsView::take);
    connect(&m_reader, &ScalarReader::problem, this, [this](const QString& text) {
        m_problem->setText(text);
        m_problem->show();
    });
}

CurveChart* ScalarsView::chart(const std::string& tag) const
{
    const auto found = m_charts.find(tag);
    return found == m_charts.end() ? nullptr : found->second.widget;
}

void ScalarsView::setFolder(const fs::path& root)
{
    m_root = root;
    m_title->setText(QString::fromStdString(torchdesk::shown(root)));
    m_problem->setText(tr("Searching for event files…"));
    m_problem->show();
    m_choice->hide();
    showFolders({});
    m_search.run(
        "search", [root](std::stop_token) { return eventFolders(root); },
        [this](std::vector<fs::path> folders) { found(std::move(folders)); });
}

void ScalarsView::found(std::vector<fs::path> folders)
{
    m_all = std::move(folders);
    m_problem->setVisible(m_all.empty());
    if (m_all.empty())
        m_problem->setText(tr(
            "No event files were found in this folder. TensorBoard's files have 'tfevents' in their names; "
            "choose the folder that a program wrote its logs to."));
    fillMenu();
    std::vector<fs::path> first = m_all;
    first.resize(std::min<std::size_t>(first.size(), maximumRuns));
    showFolders(std::move(first));
}

void ScalarsView::fillMenu()
{
    QMenu* menu = m_choice->menu();
    menu->clear();
    for (std::size_t i = 0; i < m_all.size(); ++i) {
        QAction* action = menu->addAction(nameOf(m_all[i]));
        action->setCheckable(true);
        action->setChecked(i < static_cast<std::size_t>(maximumRuns));
        connect(action, &QAction::toggled, this, [this, menu] {
            std::vector<fs::path> chosen;
            const auto actions = menu->actions();
            for (int k = 0; k < actions.size(); ++k) {
                if (actions[k]->isChecked() && chosen.size() < static_cast<std::size_t>(maximumRuns))
                    chosen.push_back(m_all[static_cast<std::size_t>(k)]);
            }
            showFolders(std::move(chosen));
        });
    }
    m_choice->setVisible(m_all.size() > 1);
}

void ScalarsView::showFolders(std::vector<fs::path> folders)
{
    for (auto& [tag, chart] : m_charts)
        delete chart.widget;
    m_charts.clear();
    m_start = 0;
    m_range->fit();
    m_choice->setText(tr("%1 of %n folder(s)", nullptr, static_cast<int>(m_all.size())).arg(folders.size()));
    m_reader.setFolders(std::move(folders));
}

QString ScalarsView::nameOf(const fs::path& folder) const
{
    const fs::path relative = folder.lexically_relative(m_root);
    return QString::fromStdString(torchdesk::shown(relative == "." ? folder.filename() : relative));
}

ScalarsView::Chart& ScalarsView::chartOf(const std::string& tag)
{
    Chart& chart = m_charts[tag];
    if (!chart.widget) {
        chart.widget = new CurveChart(QString::fromStdString(tag), m_range, m_scroll->widget());
        chart.widget->setFixedHeight(chartHeight);
        chart.widget->setSmoothing(m_smoothing->weight());
        const auto place = std::distance(m_charts.begin(), m_charts.find(tag));
        m_list->insertWidget(static_cast<int>(place), chart.widget);
    }
    return chart;
}

int ScalarsView::seriesOf(Chart& chart, std::size_t folder)
{
    const auto known = chart.series.find(folder);
    if (known != chart.series.end())
        return known->second;
    SeriesStyle style;
    style.name = nameOf(m_reader.folders()[folder]);
    style.role = SeriesStyle::Role::Run;
    style.run = static_cast<int>(folder);
    return chart.series[folder] = chart.widget->addSeries(style);
}

void ScalarsView::take(const std::vector<ScalarBatch>& batches)
{
    for (const ScalarBatch& batch : batches) {
        if (m_start == 0)
            m_start = batch.times.front();
        std::vector<double> seconds(batch.times.size());
        std::transform(batch.times.begin(), batch.times.end(), seconds.begin(),
                       [this](double time) { return time - m_start; });
        Chart& chart = chartOf(batch.tag);
        chart.widget->append(seriesOf(chart, batch.folder), batch.steps, batch.values, seconds);
    }
    for (auto& [tag, chart] : m_charts)
        chart.widget->flush();
}

void ScalarsView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_reader.setActive(true);
}

void ScalarsView::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_reader.setActive(false);
}

} // namespace torchdesk
