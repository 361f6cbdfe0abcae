// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/augmentpreview.h"
#include "gui/bridge/bridge.h"
#include "gui/widgets/picturegrid.h"

#include <QWidget>

class QLabel;

namespace torchdesk {

class Card;
class LayerTableView;

/// What the form chose, before anything is trained: labelled pictures of the data, varied as training will
/// vary them, and the layers of the model.
class OverviewPage final : public QWidget
{
    Q_OBJECT

public:
    explicit OverviewPage(Bridge& bridge, QWidget* parent = nullptr);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    QWidget* buildVariedRow();
    void showData(const DataSet& data);
    /// Asks for the pictures as the network will see them, where the plan varies them and something changed.
    void refreshVaried();
    void showVaried(const std::vector<std::uint8_t>& samples);
    void drawAgain();
    void showVerdict(const Verdict& verdict);
    void showModel(const LoweredModel& model);

    Bridge& m_bridge;

    std::vector<GridPicture> m_originals;
    PreviewRequest m_wanted;       ///< what was asked for last; without samples: nothing
    Preprocessing m_preprocessing; ///< of the data shown, as far as it is known
    std::uint64_t m_epoch = 1;     ///< whose pictures are shown

    Card* m_dataCard = nullptr;
    PictureGrid* m_pictures = nullptr;
    QWidget* m_variedRow = nullptr; ///< says that pictures are varied, and draws again
    QLabel* m_varied = nullptr;
    QLabel* m_noData = nullptr; ///< in their place: why there are none
    QLabel* m_noModel = nullptr;
    Card* m_modelCard = nullptr;
    LayerTableView* m_layers = nullptr;
    AugmentPreview m_preview; // last: it answers to the above
};

} // namespace torchdesk
