// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/plaintable.h"

#include <QHeaderView>
#include <QTableView>

namespace torchdesk {

namespace {

constexpr int plainRowHeight = 27;
constexpr int leastColumn = 60;

} // namespace

void makePlainTable(QTableView* table, int stretched)
{
    table->setProperty("kind", "plain");
    table->setShowGrid(false);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setTabKeyNavigation(false);
    table->setWordWrap(false);
    table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(plainRowHeight);
    QHeaderView* header = table->horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsClickable(false);
    header->setMinimumSectionSize(leastColumn);
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(stretched, QHeaderView::Stretch);
}

void makeSortable(QTableView* table)
{
    table->horizontalHeader()->setSectionsClickable(true);
    table->setSortingEnabled(true);
    table->sortByColumn(-1, Qt::AscendingOrder);
}

} // namespace torchdesk
