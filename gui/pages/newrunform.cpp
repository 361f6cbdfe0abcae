// SPDX-License-Identifier: GPL-3.0-or-later
// How the form of a new run is put together, and what it offers.
#include "core/plan/presets.h"
#include "gui/app/icons.h"
#include "gui/pages/balancerow.h"
#include "gui/pages/downloadrow.h"
#include "gui/pages/formtext.h"
#include "gui/pages/newrunpage.h"
#include "gui/pages/readingrow.h"
#include "gui/pages/starthint.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/ratecurve.h"
#include "gui/widgets/scrolling.h"
#include "gui/widgets/verdictlabel.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>

namespace torchdesk {

namespace {

constexpr int fieldGap = 14;
constexpr int epochsWidth = 96;

} // namespace

void NewRunPage::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* scroll = new QScrollArea;
    scrollDownOnly(scroll);
    scroll->setWidget(buildForm());
    column->addWidget(scroll, 1);
    column->addWidget(new Separator);
    column->addWidget(buildFoot());
}

QWidget* NewRunPage::buildForm()
{
    auto* content = new QWidget;
    auto* form = new QVBoxLayout(content);
    m_form = form;
    form->setContentsMargins(space::large, space::large, space::large - scrollBarWidth, space::large);
    form->setSpacing(fieldGap);
    auto* preset = new QVBoxLayout;
    preset->setSpacing(space::tiny);
    m_preset = new NoteCombo;
    m_preset->setObjectName(QStringLiteral("preset"));
    m_preset->setAccessibleName(tr("Preset"));
    auto* label = makeLabel(tr("P&reset"), TextRole::Label, Tone::Muted);
    label->setBuddy(m_preset);
    label->setMinimumHeight(18);
    preset->addWidget(label);
    preset->addWidget(m_preset);
    form->addLayout(preset);
    addBasicFields(form);
    addMoreFields(form);
    form->addStretch();
    return content;
}

OptionField* NewRunPage::addField(const Option& option, QBoxLayout* layout)
{
    auto* made = new OptionField(option);
    m_fields.push_back(made);
    layout->addWidget(made);
    connect(made, &OptionField::edited, this, [this, made] { edited(*made); });
    return made;
}

// Epochs is short: it shares its row with the field after it. What is said of either stands below the row, as
// wide as that.
void NewRunPage::addBasicFields(QVBoxLayout* form)
{
    QVBoxLayout* both = nullptr;
    QHBoxLayout* row = nullptr;
    for (const Option& option : optionTable()) {
        if (!option.basic)
            continue;
        if (option.kind == OptionKind::Integer) {
            both = new QVBoxLayout;
            both->setSpacing(space::tiny);
            row = new QHBoxLayout;
            row->setSpacing(space::medium);
            both->addLayout(row);
            form->addLayout(both);
            addField(option, row)->setFixedWidth(epochsWidth);
        } else if (row) {
            addField(option, row);
            both->addWidget(m_fields[m_fields.size() - 2]->takeHelp());
            both->addWidget(m_fields.back()->takeHelp());
            row = nullptr;
        } else if (option.kind == OptionKind::Data) {
            auto* column = new QVBoxLayout;
            column->setSpacing(space::small);
            addField(option, column);
            m_balance = new BalanceRow;
            column->addWidget(m_balance);
            form->addLayout(column);
        } else {
            addField(option, form);
        }
    }
}

void NewRunPage::addMoreFields(QVBoxLayout* form)
{
    auto* head = new QVBoxLayout;
    head->setSpacing(0);
    m_more = new QPushButton;
    m_more->setObjectName(QStringLiteral("moreSettings"));
    m_more->setText(tr("&More settings"));
    m_more->setCheckable(true);
    m_more->setProperty("kind", "disclosure");
    m_more->setIconSize({14, 14});
    // A click must not take the focus: the help of a field above would go, and the button move away below it.
    m_more->setFocusPolicy(Qt::TabFocus);
    connect(m_more, &QPushButton::toggled, this, &NewRunPage::toggleMore);
    m_summary = makeLabel({}, TextRole::Label, Tone::Muted);
    m_summary->setObjectName(QStringLiteral("moreSummary"));
    m_summary->setTextFormat(Qt::RichText);
    m_summary->setWordWrap(true);
    m_summary->setContentsMargins(space::large, 0, 0, 0);
    head->addWidget(m_more, 0, Qt::AlignLeft);
    head->addWidget(m_summary);
    form->addLayout(head);

    m_moreFields = new QWidget;
    m_moreLayout = new QVBoxLayout(m_moreFields);
    m_moreLayout->setContentsMargins(0, 0, 0, 0);
    m_moreLayout->setSpacing(fieldGap);
    std::string section;
    QBoxLayout* fields = m_moreLayout;
    for (const Option& option : optionTable()) {
        if (option.basic)
            continue;
        if (option.section != section) {
            section = option.section;
            fields = option.id == "weights" ? beginStart() : m_moreLayout;
            fields->addWidget(makeLabel(tableText(section), TextRole::Strong, Tone::Muted));
        }
        addField(option, fields);
        if (option.id == "weights") {
            m_startHint = new StartHint;
            fields->addWidget(m_startHint);
        }
        if (option.id == "schedule") {
            m_rateCurve = new RateCurve;
            m_rateCurve->setObjectName(QStringLiteral("rateCurve"));
            fields->addWidget(m_rateCurve);
        }
    }
    form->addWidget(m_moreFields);
    toggleMore(false);
}

/// A section in a widget of its own, which may stand before all the others.
QBoxLayout* NewRunPage::beginStart()
{
    m_startGroup = new QWidget;
    m_startGroup->setObjectName(QStringLiteral("startGroup"));
    auto* column = new QVBoxLayout(m_startGroup);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(fieldGap);
    m_startPlace = m_moreLayout->count();
    m_moreLayout->addWidget(m_startGroup);
    return column;
}

QWidget* NewRunPage::buildFoot()
{
    auto* foot = new QWidget;
    auto* column = new QVBoxLayout(foot);
    column->setContentsMargins(space::large, space::medium, space::large, space::large);
    column->setSpacing(space::medium);
    m_verdict = new VerdictLabel;
    m_verdict->setObjectName(QStringLiteral("verdict"));
    column->addWidget(m_verdict);
    m_chooseFolder = new QPushButton(tr("Choose &folder…"));
    m_chooseFolder->setObjectName(QStringLiteral("chooseFolder"));
    m_tryAgain = new QPushButton(tr("Tr&y again"));
    m_tryAgain->setObjectName(QStringLiteral("tryEngineAgain"));
    m_offers = new QVBoxLayout;
    m_offers->setSpacing(space::tiny);
    column->addLayout(m_offers);
    m_download = new QPushButton(tr("&Download"));
    m_download->setObjectName(QStringLiteral("download"));
    m_download->setToolTip(tr("Fetches the files over https and compares them with the published SHA-256"));
    auto* ways = new QHBoxLayout;
    ways->setSpacing(space::small);
    ways->addWidget(m_download);
    ways->addWidget(m_chooseFolder);
    column->addLayout(ways);
    m_downloading = new DownloadRow(m_bridge.download());
    column->addWidget(m_downloading);
    m_reading = new ReadingRow(m_bridge);
    column->addWidget(m_reading);
    column->addWidget(m_tryAgain);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::small);
    m_train = new QPushButton(tr("&Train"));
    m_train->setObjectName(QStringLiteral("train"));
    m_train->setProperty("kind", "primary");
    m_train->setToolTip(tr("Starts the run (Ctrl+Return)"));
    m_copy = new QPushButton(themeIcon(IconName::Copy, IconTint::Muted), {});
    m_copy->setObjectName(QStringLiteral("copyCommand"));
    m_copy->setProperty("kind", "square");
    m_copy->setToolTip(tr("Copy as command (Ctrl+Shift+C)"));
    m_copy->setAccessibleName(tr("Copy as command"));
    row->addWidget(m_train, 1);
    row->addWidget(m_copy);
    column->addLayout(row);
    return foot;
}

// ---- what the form offers

void NewRunPage::fillPresets()
{
    std::vector<Offer> offers;
    for (const Preset& preset : presets())
        offers.push_back({QString::fromStdString(preset.name), tableText(preset.label), {}, {}});
    m_preset->setOffers(offers);
    m_preset->setCurrentIndex(0);
}

void NewRunPage::choosePreset(int index)
{
    if (index < 0 || index >= static_cast<int>(presets().size()))
        return;
    const Preset& preset = presets()[static_cast<std::size_t>(index)];
    TrainingPlan plan = preset.plan;
    m_base = preset.plan;
    if (!preset.namesData) // what was said of the data stays with it
        for (TrainingPlan* each : {&plan, &m_base}) {
            each->data = m_plan.data;
            each->pictures = m_plan.pictures;
            each->validationShare = m_plan.validationShare;
            each->split = m_plan.split;
        }
    // Where the data lies and what computes belong to this machine, not to the preset.
    plan.dataFolder = m_plan.dataFolder;
    plan.device = m_plan.device;
    plan.threads = m_plan.threads;
    showPlan(plan);
}

void NewRunPage::choosePresetCalled(const std::string& name)
{
    m_preset->setValue(QString::fromStdString(name));
    choosePreset(m_preset->currentIndex());
}

void NewRunPage::showCatalogue()
{
    if (OptionField* model = field("model"))
        model->combo()->setOffers(modelOffers(m_bridge.catalogue()));
    if (OptionField* set = field("data"))
        set->combo()->setOffers(dataOffers(m_bridge.catalogue()));
    setFields(m_plan);
    refreshNotes();
}

void NewRunPage::showDevices()
{
    OptionField* device = field("device");
    if (!device)
        return;
    device->combo()->setOffers(deviceOffers(m_bridge.devices()));
    device->setValue(QString::fromStdString(m_plan.device));
}

} // namespace torchdesk
