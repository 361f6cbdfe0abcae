// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cli/output.h"

#include <vector>

namespace torchdesk::cli {

/// Rows under aligned columns. On a terminal, text columns that would not fit are cut, the widest first.
class Table
{
public:
    struct Column
    {
        std::string title;
        bool number = false; ///< aligned at the right, never cut
    };

    explicit Table(std::vector<Column> columns) : m_columns(std::move(columns)) {}
    /// As many cells as there are columns.
    void add(std::vector<std::string> cells) { m_rows.push_back(std::move(cells)); }
    bool empty() const { return m_rows.empty(); }
    void print(Output& out) const;

private:
    std::vector<int> widths(const Output& out) const;
    std::string row(const std::vector<std::string>& cells, const std::vector<int>& widths) const;

    std::vector<Column> m_columns;
    std::vector<std::vector<std::string>> m_rows;
};

} // namespace torchdesk::cli
