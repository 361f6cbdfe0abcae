// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/theme.h"

#include "gui/app/quietstyle.h"
#include "gui/app/stylesheet.h"

#include <QApplication>
#include <QEvent>
#include <QFontDatabase>
#include <QPalette>
#include <QScopedValueRollback>
#include <QSettings>
#include <QToolTip>
#include <QTreeView>

// Must stand outside of every namespace; the resources lie in a static library.
static void initialiseResources()
{
    Q_INIT_RESOURCE(torchdesk);
}

namespace torchdesk {

const Theme& Theme::lightTheme()
{
    static const Theme values{
        .dark = false,
        .window = "#f6f7f9",
        .panel = "#ffffff",
        .chip = "#eef2f7",
        .line = "#e3e6ea",
        .grid = "#eceff2",
        .track = "#e8ebef",
        .text = "#1c2127",
        .muted = "#66707b",
        .faint = "#98a1ab",
        .accent = "#2563eb",
        .accentHover = "#1d55d4",
        .onAccent = "#ffffff",
        .field = "#ffffff",
        .fieldBorder = "#cfd5dc",
        .selection = "#dbe7fd",
        .training = "#0072b2",
        .trainingRaw = "#b9d6e8",
        .validation = "#d55e00",
        .good = "#1a7f4b",
        .warning = "#a15c00",
        .bad = "#c0322b",
    };
    return values;
}

const Theme& Theme::darkTheme()
{
    static const Theme values{
        .dark = true,
        .window = "#15181c",
        .panel = "#1d2126",
        .chip = "#272d35",
        .line = "#2b3138",
        .grid = "#272d33",
        .track = "#2b3138",
        .text = "#e6e9ed",
        .muted = "#9aa4af",
        .faint = "#6f7984",
        .accent = "#5b8def",
        .accentHover = "#719df3",
        .onAccent = "#0d1117",
        .field = "#22272d",
        .fieldBorder = "#39414a",
        .selection = "#2c4370",
        .training = "#56b4e9",
        .trainingRaw = "#2f5468",
        .validation = "#f0904a",
        .good = "#4cc38a",
        .warning = "#e2a33b",
        .bad = "#f2716b",
    };
    return values;
}

QFont fontFor(TextRole role)
{
    // The desktop's family; sizes in pixels, so that the window keeps its proportions.
    QFont font = QFontDatabase::systemFont(QFontDatabase::GeneralFont);
    switch (role) {
    case TextRole::Body:
        font.setPixelSize(13);
        break;
    case TextRole::Label:
        font.setPixelSize(12);
        break;
    case TextRole::Small:
        font.setPixelSize(11);
        break;
    case TextRole::Strong:
        font.setPixelSize(13);
        break;
    case TextRole::Name:
        font.setPixelSize(14);
        break;
    case TextRole::Train:
        font.setPixelSize(15);
        break;
    }
    font.setBold(role >= TextRole::Strong);
    return font;
}

Appearance appearanceFromText(const QString& text)
{
    if (text == QLatin1String("light"))
        return Appearance::Light;
    if (text == QLatin1String("dark"))
        return Appearance::Dark;
    return Appearance::Automatic;
}

QString appearanceText(Appearance appearance)
{
    switch (appearance) {
    case Appearance::Light:
        return QStringLiteral("light");
    case Appearance::Dark:
        return QStringLiteral("dark");
    case Appearance::Automatic:
        break;
    }
    return QStringLiteral("auto");
}

Appearance initialAppearance(const QString& flag)
{
    if (!flag.isEmpty())
        return appearanceFromText(flag);
    if (qEnvironmentVariableIsSet("TORCHDESK_THEME"))
        return appearanceFromText(qEnvironmentVariable("TORCHDESK_THEME"));
    return appearanceFromText(QSettings().value(QStringLiteral("appearance")).toString());
}

namespace {

QPalette paletteOf(const Theme& t)
{
    QPalette palette;
    palette.setColor(QPalette::Window, t.window);
    palette.setColor(QPalette::WindowText, t.text);
    palette.setColor(QPalette::Base, t.field);
    palette.setColor(QPalette::AlternateBase, t.panel);
    palette.setColor(QPalette::Text, t.text);
    palette.setColor(QPalette::Button, t.panel);
    palette.setColor(QPalette::ButtonText, t.text);
    palette.setColor(QPalette::BrightText, t.bad);
    palette.setColor(QPalette::Highlight, t.accent);
    palette.setColor(QPalette::HighlightedText, t.onAccent);
    palette.setColor(QPalette::Link, t.accent);
    palette.setColor(QPalette::LinkVisited, t.accent);
    palette.setColor(QPalette::ToolTipBase, t.panel);
    palette.setColor(QPalette::ToolTipText, t.text);
    palette.setColor(QPalette::PlaceholderText, t.faint);
    palette.setColor(QPalette::Light, t.panel);
    palette.setColor(QPalette::Midlight, t.line);
    palette.setColor(QPalette::Mid, t.line);
    palette.setColor(QPalette::Dark, t.fieldBorder);
    palette.setColor(QPalette::Shadow, t.fieldBorder);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, t.faint);
    return palette;
}

} // namespace

ThemeManager& ThemeManager::instance()
{
    static ThemeManager manager;
    return manager;
}

void ThemeManager::install(QApplication& application, Appearance appearance)
{
    installWithoutSheet(application, appearance);
    addSheet();
}

void ThemeManager::installWithoutSheet(QApplication& application, Appearance appearance)
{
    initialiseResources();
    m_appearance = appearance;
    if (!m_installed) {
        m_installed = true;
        QApplication::setStyle(new QuietStyle);
        application.installEventFilter(this);
    }
    applyColours();
}

void ThemeManager::addSheet()
{
    qApp->setStyleSheet(styleSheetOf(*m_theme));
    Q_EMIT themeChanged();
}

void ThemeManager::setAppearance(Appearance appearance)
{
    m_appearance = appearance;
    if (m_installed)
        apply();
}

bool ThemeManager::desktopIsDark() const
{
    // A default palette brings the desktop's own back; text lighter than its ground means dark.
    QApplication::setPalette(QPalette());
    const QPalette desktop = QApplication::palette();
    return desktop.color(QPalette::WindowText).lightness() > desktop.color(QPalette::Window).lightness();
}

void ThemeManager::apply()
{
    applyColours();
    addSheet();
}

void ThemeManager::applyColours()
{
    const QScopedValueRollback applying(m_applying, true);
    const bool dark =
        m_appearance == Appearance::Dark || (m_appearance == Appearance::Automatic && desktopIsDark());
    m_theme = dark ? &Theme::darkTheme() : &Theme::lightTheme();
    QApplication::setFont(fontFor(TextRole::Body));
    QToolTip::setFont(fontFor(TextRole::Label));
    QApplication::setPalette(paletteOf(*m_theme));
}

bool ThemeManager::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::ThemeChange && !m_applying && m_appearance == Appearance::Automatic &&
        watched->isWindowType())
        apply();
    // A tree that laid out its rows before it was polished keeps heights without the style sheet's.
    if (event->type() == QEvent::Polish)
        if (auto* tree = qobject_cast<QTreeView*>(watched))
            QMetaObject::invokeMethod(tree, &QTreeView::doItemsLayout, Qt::QueuedConnection);
    return QObject::eventFilter(watched, event);
}

} // namespace torchdesk
