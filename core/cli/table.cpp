// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cli/table.h"

#include <algorithm>
#include <numeric>

namespace torchdesk::cli {

namespace {

constexpr int gap = 2;
constexpr int leastWidth = 10; ///< a text column is not cut below this

} // namespace

std::vector<int> Table::widths(const Output& out) const
{
    std::vector<int> widths;
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        int width = displayWidth(m_columns[i].title);
        for (const auto& cells : m_rows)
            width = std::max(width, displayWidth(cells[i]));
        widths.push_back(width);
    }
    if (!out.terminal())
        return widths;
    const int room = out.width() - gap * (static_cast<int>(widths.size()) - 1);
    for (int over = std::accumulate(widths.begin(), widths.end(), 0) - room; over > 0; --over) {
        int* widest = nullptr;
        // The first column is what one types again, so it stays whole.
        for (std::size_t i = 1; i < widths.size(); ++i) {
            if (!m_columns[i].number && widths[i] > leastWidth && (!widest || widths[i] > *widest))
                widest = &widths[i];
        }
        if (!widest)
            break;
        --*widest;
    }
    return widths;
}

std::string Table::row(const std::vector<std::string>& cells, const std::vector<int>& widths) const
{
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string cell = m_columns[i].number ? cells[i] : fitted(cells[i], widths[i]);
        line += m_columns[i].number ? padLeft(cell, widths[i]) : padRight(cell, widths[i]);
        line += std::string(gap, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

void Table::print(Output& out) const
{
    const std::vector<int> columns = widths(out);
    std::vector<std::string> titles;
    for (const Column& column : m_columns)
        titles.push_back(column.title);
    out.line(out.strong(row(titles, columns)));
    for (const auto& cells : m_rows)
        out.line(row(cells, columns));
}

} // namespace torchdesk::cli
