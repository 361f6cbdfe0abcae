// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/newrunpage.h"

#include "core/base/text.h"
#include "core/model/weightmatch.h"
#include "core/plan/presets.h"
#include "core/session/startadvice.h"
#include "gui/app/icons.h"
#include "gui/pages/balancerow.h"
#include "gui/pages/downloadrow.h"
#include "gui/pages/formtext.h"
#include "gui/pages/readingrow.h"
#include "gui/pages/starthint.h"
#include "gui/widgets/copying.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/ratecurve.h"
#include "gui/widgets/verdictlabel.h"

#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

namespace torchdesk {

NewRunPage::NewRunPage(Bridge& bridge, QWidget* parent)
    : QWidget(parent), m_bridge(bridge), m_plan(bridge.plan()),
      m_base(presets().empty() ? TrainingPlan{} : presets().front().plan)
{
    setObjectName(QStringLiteral("newRunPage"));
    build();
    fillPresets();
    showDevices();
    setFields(m_plan);
    connectBridge();
    refreshVerdict();
}

void NewRunPage::connectBridge()
{
    connect(m_preset, &QComboBox::currentIndexChanged, this, &NewRunPage::choosePreset);
    connect(m_startHint, &StartHint::presetWanted, this, &NewRunPage::choosePresetCalled);
    connect(m_train, &QPushButton::clicked, this, &NewRunPage::trainPressed);
    connect(m_copy, &QPushButton::clicked, this, &NewRunPage::copyCommand);
    connect(m_chooseFolder, &QPushButton::clicked, this, &NewRunPage::chooseDataFolder);
    connect(m_download, &QPushButton::clicked, this, [this] { m_bridge.download().start(m_plan.data); });
    // The focus stays with what the keys were used for.
    connect(m_downloading, &DownloadRow::stopPressed, m_download, qOverload<>(&QWidget::setFocus));
    connect(&m_bridge.download(), &DataDownload::changed, this, &NewRunPage::refreshVerdict);
    const auto chooses = [this](const char* id, FileKind kind, const QString& title,
                                std::string TrainingPlan::*member) {
        connect(field(id), &OptionField::chooserWanted, this, [=, this] { choosePath(kind, title, member); });
    };
    chooses("model", FileKind::Model, tr("A model file"), &TrainingPlan::model);
    chooses("data", FileKind::DataFolder, tr("The folder with the data"), &TrainingPlan::data);
    chooses("data_folder", FileKind::DataFolder, tr("A folder to search for data"),
            &TrainingPlan::dataFolder);
    connect(m_balance, &BalanceRow::chosen, this, [this](const std::string& how) {
        TrainingPlan plan = m_plan;
        plan.recipe.classBalance = how;
        showPlan(plan);
    });
    connect(field("weights"), &OptionField::chooserWanted, this, &NewRunPage::chooseWeights);
    connect(m_tryAgain, &QPushButton::clicked, this,
            [this] { m_bridge.verdict().stopped ? m_bridge.readAgain() : m_bridge.tryEngineAgain(); });
    connect(m_reading, &ReadingRow::stopPressed, m_tryAgain, qOverload<>(&QWidget::setFocus));
    connect(&m_bridge, &Bridge::catalogueReady, this, &NewRunPage::showCatalogue);
    connect(&m_bridge, &Bridge::engineReady, this, &NewRunPage::showDevices);
    connect(&m_bridge, &Bridge::devicesChanged, this, &NewRunPage::showDevices);
    connect(&m_bridge, &Bridge::stateChanged, this, &NewRunPage::refreshVerdict);
    connect(&m_bridge, &Bridge::planChanged, this, &NewRunPage::setFields);
    connect(&m_bridge, &Bridge::dataProgress, this, [this](double share, const QString& what) {
        if (m_bridge.verdict().state == Verdict::State::Checking && share < 1)
            m_verdict->setVerdict(VerdictLabel::Kind::Quiet, tr("%1, %2 %").arg(what).arg(int(share * 100)));
    });
}

void NewRunPage::focusFirst()
{
    m_preset->setFocus(Qt::ShortcutFocusReason);
}

OptionField* NewRunPage::field(std::string_view id) const
{
    const auto found = std::find_if(m_fields.begin(), m_fields.end(),
                                    [&](const OptionField* each) { return each->option().id == id; });
    return found == m_fields.end() ? nullptr : *found;
}

// ---- what the user enters

void NewRunPage::edited(OptionField& changed)
{
    const auto ok = setOption(m_plan, changed.option().id, changed.value().toStdString());
    changed.setProblem(ok ? QString() : QString::fromStdString(ok.error().message));
    for (OptionField* each : m_fields)
        each->setVisible(each->option().applies(m_plan));
    refreshSummary();
    submit();
}

void NewRunPage::submit()
{
    for (const OptionField* each : m_fields)
        if (!each->problem().isEmpty() && each->option().applies(m_plan)) {
            m_bridge.rejectPlan(QString::fromStdString(each->option().id), each->problem());
            return;
        }
    m_bridge.setPlan(m_plan);
}

void NewRunPage::showPlan(const TrainingPlan& plan)
{
    setFields(plan);
    submit();
}

void NewRunPage::setFields(const TrainingPlan& plan)
{
    m_plan = plan;
    for (OptionField* each : m_fields) {
        each->setProblem({});
        each->setBase(QString::fromStdString(optionText(m_base, each->option())));
        each->setValue(QString::fromStdString(optionText(plan, each->option())));
        each->setVisible(each->option().applies(plan));
    }
    refreshSummary();
}

void NewRunPage::toggleMore(bool open)
{
    m_moreFields->setVisible(open);
    m_more->setIcon(themeIcon(open ? IconName::ChevronDown : IconName::ChevronRight));
}

// A folder for a data set by name is one more to search; else it is the data itself.
void NewRunPage::chooseDataFolder()
{
    const bool named = m_plan.data.find('/') == std::string::npos;
    choosePath(FileKind::DataFolder, tr("The folder with the data"),
               named ? &TrainingPlan::dataFolder : &TrainingPlan::data);
}

void NewRunPage::chooseWeights()
{
    auto* dialog = fileDialog(this, FileKind::Weights, tr("Weights to begin with"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& chosen) {
        TrainingPlan plan = m_plan;
        plan.start.weights = chosen.toStdString();
        if (plan.normalise == "none" && !publishedAs(plan.model).empty() && !areOfRun(plan.start.weights)) {
            plan.normalise = "imagenet";
            m_normalisedFor = plan.start.weights;
        }
        showPlan(plan);
    });
    dialog->open();
}

void NewRunPage::choosePath(FileKind kind, const QString& title, std::string TrainingPlan::*member)
{
    auto* dialog = fileDialog(this, kind, title);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, member](const QString& chosen) { setPath(member, chosen); });
    dialog->open();
}

void NewRunPage::useData(const QString& path)
{
    setPath(&TrainingPlan::data, path);
}

void NewRunPage::setPath(std::string TrainingPlan::*member, const QString& path)
{
    TrainingPlan plan = m_plan;
    plan.*member = path.toStdString();
    showPlan(plan);
}

void NewRunPage::copyCommand()
{
    if (!m_copy->isEnabled()) // the form holds a value that is no plan
        return;
    copyText(QString::fromStdString(asCommand(m_plan)), m_copy);
}

// ---- what is shown

void NewRunPage::refreshSummary()
{
    std::vector<std::string> seen;
    for (const OptionField* each : m_fields)
        if (m_startIsFirst && m_startGroup->isAncestorOf(each))
            seen.push_back(each->option().id);
    m_summary->setText(settingsSummary(m_plan, m_base, seen));
    refreshCurve();
}

// A constant rate needs no picture. How many steps an epoch has is not known before the data is read: the
// curve's shape hardly depends on it.
void NewRunPage::refreshCurve()
{
    constexpr std::int64_t stepsOfAnEpoch = 100;
    constexpr std::size_t points = 200;
    const TrainingPlan constant;
    const bool level =
        m_plan.schedule.kind == constant.schedule.kind && m_plan.schedule.warmUp == constant.schedule.warmUp;
    const auto& job = m_bridge.verdict().job;
    m_rateCurve->setVisible(!level);
    m_rateCurve->setRates(scheduleCurve(m_plan, job ? job->stepsPerEpoch() : stepsOfAnEpoch, points));
}

void NewRunPage::refreshNotes()
{
    const Verdict& verdict = m_bridge.verdict();
    OptionField* set = field("data");
    OptionField* device = field("device");
    if (set && verdict.job && m_bridge.plan().data == m_plan.data)
        set->combo()->setNote(dataCountsText(*verdict.job));
    if (device && verdict.measurement && m_plan.device == "auto")
        device->combo()->setNote(QString::fromStdString(verdict.measurement->device));
}

// While a plan is being checked, what was found before stays in its place, for the same data.
void NewRunPage::refreshBalance()
{
    const Verdict& verdict = m_bridge.verdict();
    if (verdict.job)
        m_scanned = {m_bridge.plan().data, verdict.job->data.description.classes, verdict.imbalance};
    const bool same = m_scanned.data == m_plan.data;
    m_balance->showImbalance(same ? m_scanned.imbalance : std::nullopt, m_scanned.classes,
                             m_plan.recipe.classBalance);
}

/// The published set that the form names and that is not there; nullptr: none.
const PublishedSet* NewRunPage::missingSet() const
{
    const Verdict& verdict = m_bridge.verdict();
    const bool missing = verdict.state == Verdict::State::Wrong && verdict.dataMissing;
    return missing ? findPublished(m_plan.data) : nullptr;
}

// One download at a time: while one goes on, its progress stands in place of the buttons.
void NewRunPage::refreshDownload()
{
    const PublishedSet* set = missingSet();
    const bool running = m_bridge.download().running();
    const Verdict& verdict = m_bridge.verdict();
    if (set)
        m_download->setText(
            tr("&Download (%1 MB)").arg(std::llround(static_cast<double>(set->bytes()) / 1e6)));
    const bool byKeys = m_download->hasFocus();
    m_download->setVisible(set && !running);
    m_chooseFolder->setVisible(verdict.state == Verdict::State::Wrong && verdict.dataMissing &&
                               !(set && running));
    if (byKeys && running)
        m_downloading->focusStop();
}

/// What stands above Train in place of a set that was not found: that it comes, or why it did not.
std::optional<NewRunPage::Said> NewRunPage::downloadVerdict() const
{
    const PublishedSet* set = missingSet();
    const DataDownload& download = m_bridge.download();
    if (!set || download.name() != set->name)
        return std::nullopt;
    if (download.running())
        return Said{VerdictLabel::Kind::Quiet,
                    tr("%1 is being downloaded.").arg(QString::fromStdString(set->label))};
    if (!download.problem().isEmpty())
        return Said{VerdictLabel::Kind::Error, download.problem()};
    return std::nullopt;
}

void NewRunPage::refreshVerdict()
{
    const Verdict& verdict = m_bridge.verdict();
    const bool wrong = verdict.state == Verdict::State::Wrong;
    QString text = verdictText(verdict, m_bridge.devices());
    if (!wrong && m_bridge.busy())
        text = m_bridge.whyNotTrain();
    const Said said =
        downloadVerdict().value_or(Said{wrong ? VerdictLabel::Kind::Error : VerdictLabel::Kind::Quiet, text});
    text = said.text;
    m_verdict->setVerdict(said.kind, text);
    m_train->setEnabled(m_bridge.canTrain());
    m_train->setAccessibleDescription(m_bridge.canTrain() ? QString() : text);
    m_copy->setEnabled(!wrong || verdict.job != nullptr);
    refreshDownload();
    m_tryAgain->setVisible(verdict.stopped || (!m_bridge.engine() && !m_bridge.engineProblem().isEmpty()));
    const bool ownFolder = verdict.dataMissing && m_plan.data.find('/') != std::string::npos;
    const QString refusal = ownFolder ? missingFolderText(m_plan.data) : refusalText(text);
    for (OptionField* each : m_fields)
        each->setRefusal(wrong && verdict.field == each->option().id ? refusal : QString());
    refreshOffers();
    refreshNotes();
    refreshBalance();
    refreshStart();
}

// The fields of the weights to begin with stand before all that is optional where they decide over the
// result. A plan that cannot be checked, for its weights maybe, leaves them where they are.
void NewRunPage::refreshStart()
{
    const auto& job = m_bridge.verdict().job;
    if (job)
        m_startHint->setJob(*job, m_plan.start.weights == m_normalisedFor && m_plan.normalise == "imagenet");
    else if (m_bridge.verdict().state == Verdict::State::Wrong)
        m_startHint->clear();
    if (job)
        placeStart(hasFewPictures(job->data));
    else if (m_plan.data.find('/') == std::string::npos)
        placeStart(false);
}

void NewRunPage::placeStart(bool first)
{
    if (first == m_startIsFirst)
        return;
    m_startIsFirst = first;
    if (first)
        m_form->insertWidget(m_form->indexOf(m_moreFields) - 1, m_startGroup);
    else
        m_moreLayout->insertWidget(m_startPlace, m_startGroup);
    m_startGroup->show();
    refreshSummary();
}

void NewRunPage::refreshOffers()
{
    const std::vector<PlanOffer> offers = offersOf(m_bridge.verdict());
    if (offers == m_offersShown)
        return;
    m_offersShown = offers;
    while (QLayoutItem* item = m_offers->takeAt(0)) {
        item->widget()->deleteLater();
        delete item;
    }
    for (const PlanOffer& offer : offers) {
        auto* button = new QPushButton(offer.text);
        button->setObjectName(QStringLiteral("planOffer"));
        connect(button, &QPushButton::clicked, this, [this, plan = offer.plan] { showPlan(plan); });
        m_offers->addWidget(button);
    }
}

} // namespace torchdesk
