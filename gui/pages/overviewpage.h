// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/augmentpreview.h"
#include "gui/bridge/bridge.h"
#include "gui/widgets/picturegrid.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace torchdesk {

class Card;
class FolderCard;
class LayerTableView;

/// What the form chose, before anything is trained: labelled pictures of the data, at the network's size and
/// varied as training will vary them, what was found in a folder of pictures, and the layers of the model.
/// Pictures of a folder are shown as soon as it has been looked through, and follow the fields of the form at
/// once.
class OverviewPage final : public QWidget
{
    Q_OBJECT

public:
    explicit OverviewPage(Bridge& bridge, QWidget* parent = nullptr);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void build();
    QWidget* buildVariedRow();
    void buildModelCard();
    void fitPictures();
    void showData(const DataSet& data);
    void showFolder(const std::shared_ptr<const FolderFacts>& folder);
    /// Asks for the pictures as the network will see them, where they differ from the set's own and something
    /// changed.
    void refreshVaried();
    PreviewRequest wantedPreview() const;
    void showVaried(const Preview& preview);
    void drawAgain();
    void showVerdict(const Verdict& verdict);
    void showModel(const LoweredModel& model, int frozenNodes = 0);

    Bridge& m_bridge;

    std::vector<GridPicture> m_originals;
    PreviewRequest m_wanted;       ///< what was asked for last; without samples: nothing
    Preprocessing m_preprocessing; ///< of the data shown, as far as it is known
    std::uint64_t m_epoch = 1;     ///< whose pictures are shown

    std::shared_ptr<const FolderFacts> m_folder; ///< whose pictures are shown; nullptr: those of a set

    Card* m_dataCard = nullptr;
    PictureGrid* m_pictures = nullptr;
    QWidget* m_variedRow = nullptr; ///< says that pictures are varied, and draws again
    QLabel* m_varied = nullptr;
    QPushButton* m_again = nullptr;
    QLabel* m_noData = nullptr; ///< in their place: why there are none
    QLabel* m_noModel = nullptr;
    FolderCard* m_folderCard = nullptr;
    Card* m_modelCard = nullptr;
    LayerTableView* m_layers = nullptr;
    AugmentPreview m_preview; // last: it answers to the above
};

} // namespace torchdesk
