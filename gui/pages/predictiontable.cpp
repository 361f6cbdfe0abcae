// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/predictiontable.h"

#include "gui/widgets/card.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/plaintable.h"
#include "gui/widgets/progressline.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>

namespace torchdesk {

namespace {

constexpr int roomForSecond = 460;

} // namespace

PredictionTable::PredictionTable(QWidget* parent)
    : QWidget(parent), m_card(new Card({}, this)), m_model(new PredictionModel(this)),
      m_sorted(new QSortFilterProxyModel(this))
{
    setObjectName(QStringLiteral("predictionTable"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_card);
    buildHeader();
    buildTable();
}

void PredictionTable::buildHeader()
{
    m_stop = new QPushButton(tr("S&top"));
    m_stop->setObjectName(QStringLiteral("stopPredicting"));
    m_save = new QPushButton(tr("Save as CS&V…"));
    m_save->setObjectName(QStringLiteral("savePredictions"));
    m_close = new QPushButton(tr("Bac&k"));
    m_close->setObjectName(QStringLiteral("closePredictions"));
    for (QPushButton* button : {m_stop, m_save, m_close})
        m_card->header()->addWidget(button);
    m_progress = new ProgressLine;
    m_progress->setAccessibleName(tr("How many pictures have been looked at"));
    m_state = makeLabel({}, TextRole::Label, Tone::Muted);
    m_state->setObjectName(QStringLiteral("predictionState"));
    m_state->setWordWrap(true);
    m_card->body()->addWidget(m_progress);
    m_card->body()->addWidget(m_state);
    connect(m_stop, &QPushButton::clicked, this, [this] {
        m_stopped = true;
        Q_EMIT stopPressed();
    });
    connect(m_save, &QPushButton::clicked, this, &PredictionTable::savePressed);
    connect(m_close, &QPushButton::clicked, this, &PredictionTable::closePressed);
}

void PredictionTable::buildTable()
{
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(PredictionModel::SortRole);
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("predictions"));
    m_table->setAccessibleName(tr("Pictures and what the network says of them"));
    m_table->setModel(m_sorted);
    makePlainTable(m_table, PredictionModel::File);
    makeSortable(m_table);
    m_table->setTextElideMode(Qt::ElideMiddle);
    m_card->body()->addWidget(m_table, 1);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& current) {
                if (current.isValid())
                    Q_EMIT chosen(m_model->row(m_sorted->mapToSource(current).row()));
            });
}

void PredictionTable::begin(const QString& title, const std::filesystem::path& folder,
                            const std::vector<std::string>& classes)
{
    m_card->setTitle(title);
    m_model->begin(folder, classes);
    m_count = 0;
    m_running = true;
    m_stopped = false;
    m_state->setText(tr("Looking for pictures…"));
    refresh();
}

void PredictionTable::setCount(int pictures)
{
    m_count = pictures;
}

void PredictionTable::add(const std::vector<PicturePrediction>& some)
{
    const int rows = m_model->rowCount() + static_cast<int>(some.size());
    m_state->setText(tr("%1 of %2 pictures").arg(rows).arg(m_count));
    m_progress->setShare(m_count > 0 ? static_cast<double>(rows) / m_count : 0);
    m_model->add(some); // last: whoever sees the rows may stop it
}

void PredictionTable::end(const QString& problem)
{
    m_running = false;
    QString text = tr("%n picture(s)", nullptr, m_model->rowCount());
    if (m_stopped && m_model->rowCount() == 0)
        text = tr("Stopped before any picture was looked at");
    else if (m_model->rowCount() < m_count)
        text = tr("Stopped: %1 of %2 pictures").arg(m_model->rowCount()).arg(m_count);
    if (m_model->problems() > 0)
        text += tr(" · %n could not be read (the reason is the tooltip of its row)", nullptr,
                   m_model->problems());
    m_state->setText(problem.isEmpty() ? text : problem);
    refresh();
}

void PredictionTable::say(const QString& text)
{
    m_state->setText(text);
}

void PredictionTable::refresh()
{
    const int rows = m_model->rowCount();
    m_progress->setVisible(m_running);
    m_progress->setShare(0);
    m_stop->setVisible(m_running);
    m_save->setEnabled(!m_running && rows > 0);
}

// Where it is narrow the second class gives way to the names of the files.
void PredictionTable::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_table->setColumnHidden(PredictionModel::Second, width() < roomForSecond);
}

std::vector<PicturePrediction> PredictionTable::predictions() const
{
    std::vector<PicturePrediction> rows;
    for (int row = 0; row < m_sorted->rowCount(); ++row)
        rows.push_back(m_model->row(m_sorted->mapToSource(m_sorted->index(row, 0)).row()));
    return rows;
}

} // namespace torchdesk
