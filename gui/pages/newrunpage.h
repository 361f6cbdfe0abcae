// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/bridge.h"
#include "gui/pages/optionfield.h"
#include "gui/widgets/filedialog.h"
#include "gui/widgets/verdictlabel.h"

#include <QWidget>
#include <optional>

class QBoxLayout;
class QPushButton;
class QVBoxLayout;

namespace torchdesk {

class BalanceRow;
class DownloadRow;
class RateCurve;
class ReadingRow;
class StartHint;

/// The form of a new run, built from the option table, with the verdict and Train pinned below.
class NewRunPage final : public QWidget
{
    Q_OBJECT

public:
    explicit NewRunPage(Bridge& bridge, QWidget* parent = nullptr);

    void focusFirst();

public Q_SLOTS:
    void copyCommand();
    /// Shows \p plan in the form and has it checked.
    void showPlan(const torchdesk::TrainingPlan& plan);
    /// The data of the form becomes the folder or archive at \p path.
    void useData(const QString& path);
    /// Asks for a folder with data and searches it first.
    void chooseDataFolder();
    void chooseWeights();

Q_SIGNALS:
    void trainPressed();

private:
    void build();
    QWidget* buildForm();
    void addBasicFields(QVBoxLayout* form);
    void addMoreFields(QVBoxLayout* form);
    QWidget* buildFoot();
    QBoxLayout* beginStart();
    OptionField* addField(const Option& option, QBoxLayout* layout);
    void connectBridge();

    void fillPresets();
    void choosePreset(int index);
    void choosePresetCalled(const std::string& name);
    void showCatalogue();
    void showDevices();
    void edited(OptionField& field);
    void submit();
    void choosePath(FileKind kind, const QString& title, std::string TrainingPlan::*member);
    void setPath(std::string TrainingPlan::*member, const QString& path);
    void setFields(const TrainingPlan& plan);
    void refreshSummary();
    void refreshCurve();
    void refreshVerdict();
    void refreshOffers();
    void refreshNotes();
    void refreshStart();
    void placeStart(bool first);
    struct Said
    {
        VerdictLabel::Kind kind;
        QString text;
    };
    const PublishedSet* missingSet() const;
    std::optional<Said> downloadVerdict() const;
    void refreshDownload();
    void refreshBalance();
    void toggleMore(bool open);
    OptionField* field(std::string_view id) const;

    Bridge& m_bridge;
    TrainingPlan m_plan; ///< of the form, as far as its fields are good
    TrainingPlan m_base; ///< of the preset
    std::vector<OptionField*> m_fields;
    NoteCombo* m_preset = nullptr;
    QPushButton* m_more = nullptr;
    QLabel* m_summary = nullptr;
    QVBoxLayout* m_form = nullptr;
    QWidget* m_moreFields = nullptr;
    QVBoxLayout* m_moreLayout = nullptr;
    QWidget* m_startGroup = nullptr; ///< the fields of the weights to begin with
    StartHint* m_startHint = nullptr;
    std::string m_normalisedFor; ///< the weights for which choosing them set ImageNet's normalisation
    int m_startPlace = 0;        ///< of the group among the further settings
    bool m_startIsFirst = false;
    RateCurve* m_rateCurve = nullptr;
    BalanceRow* m_balance = nullptr;
    /// What the last plan that could be trained says of its classes.
    struct Scanned
    {
        std::string data; ///< as the plan names it
        std::vector<std::string> classes;
        std::optional<ClassImbalance> imbalance;
    };
    Scanned m_scanned;
    VerdictLabel* m_verdict = nullptr;
    QVBoxLayout* m_offers = nullptr; ///< a button for each other plan
    std::vector<PlanOffer> m_offersShown;
    QPushButton* m_chooseFolder = nullptr;
    QPushButton* m_download = nullptr;
    DownloadRow* m_downloading = nullptr;
    ReadingRow* m_reading = nullptr;
    QPushButton* m_tryAgain = nullptr;
    QPushButton* m_train = nullptr;
    QPushButton* m_copy = nullptr;
};

} // namespace torchdesk
