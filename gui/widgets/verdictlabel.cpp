// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/verdictlabel.h"

#include "gui/app/icons.h"
#include "gui/app/theme.h"
#include "gui/widgets/labels.h"

#include <QHBoxLayout>
#include <QLabel>

namespace torchdesk {

VerdictLabel::VerdictLabel(QWidget* parent) : QWidget(parent)
{
    m_sign = new QLabel(this);
    m_sign->setFixedSize(16, 18);
    m_text = makeLabel({}, TextRole::Label, Tone::Muted, this);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::small);
    layout->addWidget(m_sign, 0, Qt::AlignTop);
    layout->addWidget(m_text, 1);
    connect(&ThemeManager::instance(), &ThemeManager::themeChanged, this, &VerdictLabel::showSign);
    setVerdict(Kind::Quiet, {});
}

void VerdictLabel::setVerdict(Kind kind, const QString& text)
{
    m_kind = kind;
    m_plain = text;
    setParagraph(m_text, text);
    setAccessibleName(text);
    setTone(m_text, kind == Kind::Error ? Tone::Bad : kind == Kind::Warning ? Tone::Text : Tone::Muted);
    showSign();
}

void VerdictLabel::showSign()
{
    m_sign->setVisible(m_kind != Kind::Quiet);
    const QSize size(16, 16);
    switch (m_kind) {
    case Kind::Quiet:
        break;
    case Kind::Good:
        m_sign->setPixmap(themeIcon(IconName::Check, IconTint::Good).pixmap(size));
        break;
    case Kind::Warning:
        m_sign->setPixmap(themeIcon(IconName::Warning, IconTint::Warning).pixmap(size));
        break;
    case Kind::Error:
        m_sign->setPixmap(themeIcon(IconName::Warning, IconTint::Bad).pixmap(size));
        break;
    }
}

} // namespace torchdesk
