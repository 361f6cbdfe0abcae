// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/scalarreader.h"

#include <QWidget>
#include <map>

class QLabel;
class QScrollArea;
class QToolButton;
class QVBoxLayout;

namespace torchdesk {

class CurveChart;
class ElidedLabel;
class SmoothingSlider;
class XRange;

/// Every scalar of a TensorBoard folder, whichever program wrote it: a chart a tag, a curve a sub-folder with
/// event files. Up to eight folders are shown at once; which ones can be chosen. What is added to the files
/// appears while it is seen.
class ScalarsView final : public QWidget
{
    Q_OBJECT

public:
    explicit ScalarsView(QWidget* parent = nullptr);
    /// Searches the folder on a thread, then reads.
    void setFolder(const std::filesystem::path& root);
    int chartCount() const { return static_cast<int>(m_charts.size()); }
    CurveChart* chart(const std::string& tag) const;

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    struct Chart
    {
        CurveChart* widget = nullptr;
        std::map<std::size_t, int> series; ///< of the folder with this index
    };
    void found(std::vector<std::filesystem::path> folders);
    void fillMenu();
    void showFolders(std::vector<std::filesystem::path> folders);
    void take(const std::vector<ScalarBatch>& batches);
    Chart& chartOf(const std::string& tag);
    int seriesOf(Chart& chart, std::size_t folder);
    QString nameOf(const std::filesystem::path& folder) const;

    std::filesystem::path m_root;
    std::vector<std::filesystem::path> m_all; ///< every folder with event files
    std::map<std::string, Chart> m_charts;
    double m_start = 0; ///< wall time of the first point: relative time counts from it
    XRange* m_range = nullptr;
    ElidedLabel* m_title = nullptr;
    QLabel* m_problem = nullptr;
    SmoothingSlider* m_smoothing = nullptr;
    QToolButton* m_choice = nullptr;
    QScrollArea* m_scroll = nullptr;
    QVBoxLayout* m_list = nullptr;
    ScalarReader m_reader;
    Worker m_search;
};

} // namespace torchdesk
