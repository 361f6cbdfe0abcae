// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/foldercard.h"

#include "core/base/text.h"
#include "gui/itemmodels/classcountmodel.h"
#include "gui/widgets/bardelegate.h"
#include "gui/widgets/card.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/plaintable.h"

#include <QGridLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QScrollArea>
#include <QSortFilterProxyModel>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace torchdesk {

namespace {

constexpr int factsWidth = 196;
constexpr int tableHeight = 176; ///< as high as the figures beside it; many classes are scrolled

QString numberText(std::int64_t number)
{
    return QString::fromStdString(grouped(number));
}

QString sizeText(std::int32_t width, std::int32_t height)
{
    return QStringLiteral("%1×%2").arg(width).arg(height);
}

QString classesText(std::int64_t classes)
{
    return classes == 1 ? FolderCard::tr("1 class") : FolderCard::tr("%1 classes").arg(numberText(classes));
}

/// "1,234 (80 %)"
QString shareText(std::int64_t part, std::int64_t all)
{
    if (all == 0)
        return numberText(part);
    const double share = static_cast<double>(part) / static_cast<double>(all);
    return FolderCard::tr("%1 (%2)").arg(numberText(part), QString::fromStdString(percent(share, 0)));
}

} // namespace

FolderCard::FolderCard(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("folderCard"));
    build();
}

void FolderCard::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    m_card = new Card(tr("What is in it"));
    column->addWidget(m_card);
    m_leftOut = new QPushButton(tr("Left out, remarks"));
    m_leftOut->setObjectName(QStringLiteral("leftOut"));
    m_leftOut->setProperty("kind", "small");
    m_leftOut->setCheckable(true);
    m_leftOut->setToolTip(tr("What was left out and why, in place of the classes"));
    m_card->header()->addWidget(m_leftOut);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::large);
    row->addWidget(buildTables(), 1);
    row->addWidget(buildFacts(), 0, Qt::AlignTop);
    m_card->body()->addLayout(row);
    m_warnings = makeLabel({}, TextRole::Label, Tone::Warning);
    m_warnings->setObjectName(QStringLiteral("folderWarnings"));
    m_warnings->setWordWrap(true);
    m_card->body()->addWidget(m_warnings);
    connect(m_leftOut, &QPushButton::toggled, m_pages, [this](bool remarks) {
        m_pages->setCurrentIndex(remarks ? 1 : 0);
        m_warnings->setVisible(!remarks && !m_warnings->text().isEmpty()); // they are among the remarks
    });
}

QWidget* FolderCard::buildTables()
{
    m_pages = new QStackedWidget;
    m_pages->setFixedHeight(tableHeight);
    m_counts = new ClassCountModel(this);
    auto* sorted = new QSortFilterProxyModel(this);
    sorted->setSourceModel(m_counts);
    sorted->setSortRole(ClassCountModel::SortRole);
    auto* classes = new QTableView;
    classes->setObjectName(QStringLiteral("classCounts"));
    classes->setAccessibleName(tr("Pictures of each class"));
    classes->setModel(sorted);
    makePlainTable(classes, ClassCountModel::Pictures);
    makeSortable(classes);
    classes->setItemDelegateForColumn(ClassCountModel::Pictures,
                                      new BarDelegate(ClassCountModel::ShareRole, classes));
    m_pages->addWidget(classes);
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    m_remarks = makeLabel({}, TextRole::Label, Tone::Text);
    m_remarks->setObjectName(QStringLiteral("folderRemarks"));
    m_remarks->setWordWrap(true);
    m_remarks->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_unreadable = new UnreadableModel(this);
    m_unreadableTable = new QTableView;
    m_unreadableTable->setObjectName(QStringLiteral("unreadableFiles"));
    m_unreadableTable->setAccessibleName(tr("Files that cannot be read"));
    m_unreadableTable->setModel(m_unreadable);
    makePlainTable(m_unreadableTable, UnreadableModel::Reason);
    m_unreadableTable->horizontalHeader()->setSectionResizeMode(UnreadableModel::File, QHeaderView::Stretch);
    m_unreadableTable->setTextElideMode(Qt::ElideMiddle);
    column->addWidget(m_remarks);
    column->addWidget(m_unreadableTable, 1);
    m_pages->addWidget(page);
    return m_pages;
}

QWidget* FolderCard::buildFacts()
{
    const QStringList names = {tr("Smallest"),      tr("Median"),     tr("Largest"), tr("Sizes"),
                               tr("Training"),      tr("Validation"), tr("Test"),    tr("Copies"),
                               tr("On both sides"), tr("Unreadable")};
    auto* facts = new QWidget;
    facts->setFixedWidth(factsWidth);
    auto* grid = new QGridLayout(facts);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(space::small);
    grid->setVerticalSpacing(2);
    grid->setColumnStretch(0, 1);
    for (int i = 0; i < FactCount; ++i) {
        auto* value = makeLabel({}, TextRole::Label, Tone::Text);
        value->setObjectName(QStringLiteral("folderFact%1").arg(i));
        auto* name = makeLabel(names[i], TextRole::Label, Tone::Muted);
        if (i == BothSides)
            name->setToolTip(tr("The same picture in more than one of train, val and test. Parts that are "
                                "drawn keep copies on one side"));
        grid->addWidget(name, i, 0);
        grid->addWidget(value, i, 1, Qt::AlignRight);
        m_values.push_back(value);
    }
    return facts;
}

void FolderCard::say(Fact fact, const QString& text)
{
    m_values[static_cast<std::size_t>(fact)]->setText(text);
}

void FolderCard::setFacts(const std::shared_ptr<const FolderFacts>& facts)
{
    if (facts == m_facts)
        return;
    m_facts = facts;
    const FolderStatistics& statistics = facts->statistics;
    m_card->setTitle(facts->scan->archive ? tr("What is in the archive") : tr("What is in the folder"));
    m_card->setSubtitle(tr("%1 in %2, %3")
                            .arg(tr("%n picture(s)", nullptr, static_cast<int>(statistics.pictures)),
                                 classesText(std::ssize(statistics.classes)),
                                 QString::fromStdString(byteSize(statistics.bytes))));
    m_counts->setCounts(statistics.classes);
    m_unreadable->setScan(facts->scan);
    showSizes();
    showRemarks();
    setParts({});
}

void FolderCard::showSizes()
{
    const FolderStatistics& statistics = m_facts->statistics;
    say(Smallest, sizeText(statistics.leastWidth, statistics.leastHeight));
    say(Median, sizeText(statistics.medianWidth, statistics.medianHeight));
    say(Largest, sizeText(statistics.mostWidth, statistics.mostHeight));
    say(Sizes, statistics.sizes == 1 ? tr("all the same") : tr("%1 different").arg(statistics.sizes));
    say(Copies, numberText(statistics.copies));
    // Drawn parts keep copies together, so only parts that the folder has can share a picture.
    say(BothSides, numberText(statistics.acrossParts));
    say(Unreadable, numberText(std::ssize(m_facts->scan->unreadable)));
    setTone(m_values[BothSides], statistics.acrossParts > 0 ? Tone::Warning : Tone::Text);
    setTone(m_values[Unreadable], m_facts->scan->unreadable.empty() ? Tone::Text : Tone::Warning);
}

void FolderCard::showRemarks()
{
    QStringList all;
    QStringList warnings;
    for (const DataNotice& notice : m_facts->notices) {
        all << QString::fromStdString(notice.message);
        if (notice.warning)
            warnings << all.back();
    }
    m_remarks->setText(all.join(QLatin1Char('\n')));
    m_warnings->setText(warnings.join(QLatin1Char('\n')));
    m_warnings->setVisible(!warnings.isEmpty() && !m_leftOut->isChecked());
    m_leftOut->setText(tr("Left out, remarks (%1)").arg(all.size()));
    m_leftOut->setVisible(!all.isEmpty());
    if (all.isEmpty())
        m_leftOut->setChecked(false);
    m_unreadableTable->setVisible(!m_facts->scan->unreadable.empty());
}

void FolderCard::setParts(const std::vector<ClassParts>& parts)
{
    m_counts->setParts(parts);
    ClassParts sum;
    for (const ClassParts& part : parts) {
        sum.train += part.train;
        sum.validation += part.validation;
        sum.test += part.test;
    }
    const std::int64_t all = sum.train + sum.validation + sum.test;
    const QString unknown = tr("…");
    say(Training, parts.empty() ? unknown : shareText(sum.train, all));
    say(Validation, parts.empty() ? unknown : shareText(sum.validation, all));
    say(Test, parts.empty() ? unknown : shareText(sum.test, all));
}

} // namespace torchdesk
