// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/icons.h"

#include "gui/app/theme.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QSvgRenderer>

namespace torchdesk {

namespace {

const char* fileOf(IconName name)
{
    switch (name) {
    case IconName::Play:
        return "play";
    case IconName::Pause:
        return "pause";
    case IconName::Stop:
        return "stop";
    case IconName::Copy:
        return "copy";
    case IconName::ChevronDown:
        return "chevron-down";
    case IconName::ChevronRight:
        return "chevron-right";
    case IconName::Export:
        return "export";
    case IconName::Folder:
        return "folder";
    case IconName::Fit:
        return "fit";
    case IconName::Pen:
        return "pen";
    case IconName::Trash:
        return "trash";
    case IconName::Search:
        return "search";
    case IconName::Check:
        return "check";
    case IconName::Warning:
        return "warning";
    case IconName::Information:
        return "information";
    case IconName::Undo:
        return "undo";
    case IconName::Clear:
        return "clear";
    case IconName::Application:
        return "torchdesk";
    }
    return "torchdesk";
}

QColor colourOf(IconTint tint)
{
    const Theme& t = theme();
    switch (tint) {
    case IconTint::Text:
        return t.text;
    case IconTint::Muted:
        return t.muted;
    case IconTint::Accent:
        return t.accent;
    case IconTint::OnAccent:
        return t.onAccent;
    case IconTint::Good:
        return t.good;
    case IconTint::Warning:
        return t.warning;
    case IconTint::Bad:
        return t.bad;
    }
    return t.text;
}

QByteArray sourceOf(IconName name)
{
    QFile file(QStringLiteral(":/torchdesk/icons/%1.svg").arg(QLatin1String(fileOf(name))));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

class ThemeIconEngine final : public QIconEngine
{
public:
    ThemeIconEngine(IconName name, IconTint tint) : m_name(name), m_tint(tint), m_source(sourceOf(name)) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        const QColor colour = mode == QIcon::Disabled ? theme().faint : colourOf(m_tint);
        QByteArray coloured = m_source;
        coloured.replace("currentColor", colour.name().toLatin1());
        QSvgRenderer renderer(coloured);
        painter->setRenderHint(QPainter::Antialiasing);
        renderer.render(painter, QRectF(rect));
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    QIconEngine* clone() const override { return new ThemeIconEngine(m_name, m_tint); }

private:
    IconName m_name;
    IconTint m_tint;
    QByteArray m_source;
};

} // namespace

QIcon themeIcon(IconName name, IconTint tint)
{
    return QIcon(new ThemeIconEngine(name, tint));
}

QIcon applicationIcon()
{
    return themeIcon(IconName::Application);
}

} // namespace torchdesk
