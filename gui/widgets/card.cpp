// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/card.h"

#include "gui/app/theme.h"
#include "gui/widgets/labels.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

namespace torchdesk {

Card::Card(const QString& title, QWidget* parent) : QWidget(parent)
{
    m_title = new ElidedLabel(this);
    m_title->setFont(fontFor(TextRole::Strong));
    m_subtitle = new ElidedLabel(this);
    m_subtitle->setFont(fontFor(TextRole::Label));
    setTone(m_subtitle, Tone::Muted);
    m_subtitle->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::medium, space::medium, space::medium, space::medium);
    layout->setSpacing(space::small);
    m_header = new QHBoxLayout;
    m_header->setSpacing(space::medium);
    m_header->addWidget(m_title, 0, Qt::AlignTop);
    m_header->addWidget(m_subtitle, 1);
    layout->addLayout(m_header);
    m_body = new QVBoxLayout;
    m_body->setSpacing(space::small);
    layout->addLayout(m_body, 1);
    setTitle(title);
}

void Card::setTitle(const QString& title)
{
    m_title->setText(title);
    m_title->setVisible(!title.isEmpty());
    setAccessibleName(title);
}

void Card::setSubtitle(const QString& subtitle)
{
    m_subtitle->setText(subtitle);
    setAccessibleDescription(subtitle);
}

void Card::setRing(bool shown)
{
    m_ring = shown;
    update();
}

QString Card::title() const
{
    return m_title->fullText();
}

QString Card::subtitle() const
{
    return m_subtitle->fullText();
}

void Card::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double width = m_ring ? 2 : 1;
    const double half = width / 2;
    painter.setPen(QPen(m_ring ? theme().accent : theme().line, width));
    painter.setBrush(theme().panel);
    painter.drawRoundedRect(QRectF(rect()).adjusted(half, half, -half, -half), space::cardRadius,
                            space::cardRadius);
}

} // namespace torchdesk
