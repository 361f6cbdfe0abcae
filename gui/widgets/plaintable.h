// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QTableView;

namespace torchdesk {

/// The look and the keys that all tables of the window share: rows of one height without a grid, one row
/// selected at a time, nothing edited, Tab leads on. The columns are as wide as what they hold, but for
/// \p stretched, which takes the rest.
void makePlainTable(QTableView* table, int stretched);
/// Rows in the model's order until a heading is clicked. The model must be one that sorts.
void makeSortable(QTableView* table);

} // namespace torchdesk
