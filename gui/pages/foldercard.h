// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/folderfacts.h"

#include <QWidget>

class QGridLayout;
class QLabel;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace torchdesk {

class Card;
class ClassCountModel;
class UnreadableModel;

/// What was found in a folder or an archive of pictures: the classes with their pictures and what these are
/// for, sizes, copies, and what was left out.
class FolderCard final : public QWidget
{
    Q_OBJECT

public:
    explicit FolderCard(QWidget* parent = nullptr);
    /// \p facts must not be nullptr.
    void setFacts(const std::shared_ptr<const FolderFacts>& facts);
    /// How the run would divide the pictures; empty: not known yet.
    void setParts(const std::vector<ClassParts>& parts);

private:
    enum Fact
    {
        Smallest,
        Median,
        Largest,
        Sizes,
        Training,
        Validation,
        Test,
        Copies,
        BothSides,
        Unreadable,
        FactCount
    };
    void build();
    QWidget* buildTables();
    QWidget* buildFacts();
    void say(Fact fact, const QString& text);
    void showSizes();
    void showRemarks();

    std::shared_ptr<const FolderFacts> m_facts;
    Card* m_card = nullptr;
    QStackedWidget* m_pages = nullptr; ///< classes, what was left out
    QPushButton* m_leftOut = nullptr;
    ClassCountModel* m_counts = nullptr;
    UnreadableModel* m_unreadable = nullptr;
    QTableView* m_unreadableTable = nullptr;
    QLabel* m_remarks = nullptr;  ///< all that is to be said, on the second page
    QLabel* m_warnings = nullptr; ///< those that make figures wrong, always
    std::vector<QLabel*> m_values;
};

} // namespace torchdesk
