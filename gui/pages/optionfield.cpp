// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/optionfield.h"

#include "gui/app/icons.h"
#include "gui/pages/formtext.h"
#include "gui/widgets/labels.h"

#include <QFocusEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>

namespace torchdesk {

namespace {

constexpr int labelHeight = 18;

std::vector<Offer> choicesOf(const Option& option)
{
    std::vector<Offer> offers;
    for (const OptionChoice& choice : option.choices)
        offers.push_back({QString::fromStdString(choice.value), tableText(choice.label), {}, {}});
    return offers;
}

bool isChosen(OptionKind kind)
{
    return kind == OptionKind::Choice || kind == OptionKind::Model || kind == OptionKind::Data ||
           kind == OptionKind::Device || kind == OptionKind::Switch;
}

} // namespace

OptionField::OptionField(const Option& option, QWidget* parent) : QWidget(parent), m_option(option)
{
    setObjectName(QStringLiteral("field_") + QString::fromStdString(option.id));
    makeEditor();
    build();
    refresh();
}

void OptionField::makeEditor()
{
    const QString name = QString::fromStdString(m_option.id);
    if (isChosen(m_option.kind)) {
        makeCombo();
    } else {
        m_line = new QLineEdit;
        m_line->setTextMargins(-2, 0, 0, 0); // its own: text begins where that of a list begins
        connect(m_line, &QLineEdit::textEdited, this, [this] {
            refresh();
            Q_EMIT edited(value());
        });
    }
    editor()->setObjectName(name);
    editor()->setAccessibleName(tableText(m_option.label));
    editor()->setAccessibleDescription(tableText(m_option.help));
    editor()->installEventFilter(this);
}

void OptionField::makeCombo()
{
    m_combo = new NoteCombo;
    m_combo->setOffers(choicesOf(m_option));
    if (m_option.kind == OptionKind::Model)
        m_combo->setChooser(tr("Model file…"));
    else if (m_option.kind == OptionKind::Data)
        m_combo->setChooser(tr("Folder…"));
    connect(m_combo, &NoteCombo::chooserWanted, this, &OptionField::chooserWanted);
    connect(m_combo, &NoteCombo::valueChanged, this, [this] {
        refresh();
        Q_EMIT edited(value());
    });
}

bool OptionField::isPath() const
{
    return m_option.kind == OptionKind::Folder || m_option.kind == OptionKind::File;
}

/// A file or folder can be typed or chosen.
QLayout* OptionField::editorWithButton()
{
    auto* choose = new QPushButton(themeIcon(IconName::Folder), {});
    choose->setObjectName(QStringLiteral("choose_") + QString::fromStdString(m_option.id));
    choose->setProperty("kind", "beside");
    const bool file = m_option.kind == OptionKind::File;
    choose->setToolTip(file ? tr("Choose a file…") : tr("Choose a folder…"));
    choose->setAccessibleName(
        (file ? tr("Choose a file: %1") : tr("Choose a folder: %1")).arg(tableText(m_option.label)));
    connect(choose, &QPushButton::clicked, this, &OptionField::chooserWanted);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::small);
    row->addWidget(editor(), 1);
    row->addWidget(choose);
    return row;
}

void OptionField::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::tiny);
    auto* top = new QHBoxLayout;
    top->setSpacing(space::tiny);
    m_label = makeLabel(tableText(m_option.label), TextRole::Label, Tone::Muted);
    m_label->setBuddy(editor());
    m_label->setMinimumHeight(labelHeight);
    m_dot = makeLabel(QStringLiteral("•"), TextRole::Label, Tone::Text);
    m_dot->setToolTip(tr("Differs from the preset"));
    m_back = new QToolButton;
    m_back->setObjectName(QStringLiteral("reset_") + QString::fromStdString(m_option.id));
    m_back->setProperty("kind", "inline");
    m_back->setIcon(themeIcon(IconName::Undo, IconTint::Muted));
    m_back->setIconSize({12, 12});
    m_back->setFixedSize(18, 16);
    m_back->setAccessibleName(tr("Back to the preset's value: %1").arg(tableText(m_option.label)));
    connect(m_back, &QToolButton::clicked, this, &OptionField::reset);
    top->addWidget(m_label);
    top->addWidget(m_dot);
    top->addStretch();
    top->addWidget(m_back);
    m_help = makeLabel({}, TextRole::Label, Tone::Muted);
    m_help->setObjectName(QStringLiteral("help_") + QString::fromStdString(m_option.id));
    m_help->setWordWrap(true);
    column->addLayout(top);
    if (isPath())
        column->addLayout(editorWithButton());
    else
        column->addWidget(editor());
    column->addWidget(m_help);
}

QWidget* OptionField::editor() const
{
    return m_combo ? static_cast<QWidget*>(m_combo) : m_line;
}

QString OptionField::value() const
{
    if (m_combo)
        return m_combo->value();
    QString text = m_line->text();
    if (m_option.kind == OptionKind::Real && locale().decimalPoint() == QLatin1String(",") &&
        text.count(QLatin1Char(',')) == 1)
        text.replace(QLatin1Char(','), QLatin1Char('.'));
    return text;
}

void OptionField::setValue(const QString& value)
{
    if (m_combo)
        m_combo->setValue(value);
    else if (this->value() != value)
        m_line->setText(value);
    refresh();
}

void OptionField::setBase(const QString& value)
{
    m_base = value;
    refresh();
}

bool OptionField::differs() const
{
    return value() != m_base;
}

void OptionField::setProblem(const QString& text)
{
    if (m_problem == text)
        return;
    m_problem = text;
    mark();
}

void OptionField::setRefusal(const QString& text)
{
    if (m_refusal == text)
        return;
    m_refusal = text;
    mark();
}

void OptionField::mark()
{
    editor()->setProperty("invalid", m_problem.isEmpty() && m_refusal.isEmpty() ? "false" : "true");
    style()->unpolish(editor());
    style()->polish(editor());
    refresh();
}

void OptionField::reset()
{
    setValue(m_base);
    editor()->setFocus();
    Q_EMIT edited(value());
}

void OptionField::refresh()
{
    const bool changed = differs();
    m_dot->setVisible(changed);
    m_back->setVisible(changed);
    m_back->setToolTip(tr("Back to %1").arg(m_base.isEmpty() ? tr("nothing") : m_base));
    const QString own = m_combo ? m_combo->help() : QString();
    const QString& wrong = m_problem.isEmpty() ? m_refusal : m_problem;
    m_help->setText(!wrong.isEmpty() ? wrong : own.isEmpty() ? tableText(m_option.help) : own);
    setTone(m_help, wrong.isEmpty() ? Tone::Muted : Tone::Bad);
    m_help->setVisible(m_focused || !wrong.isEmpty());
}

bool OptionField::eventFilter(QObject* watched, QEvent* event)
{
    const bool in = event->type() == QEvent::FocusIn;
    // An open list takes the focus; the field keeps its help meanwhile.
    const bool out = event->type() == QEvent::FocusOut &&
                     static_cast<QFocusEvent*>(event)->reason() != Qt::PopupFocusReason;
    if (watched == editor() && (in || out)) {
        m_focused = in;
        refresh();
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace torchdesk
