// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QObject>
#include <QString>

class QApplication;

/// How the window looks: colours, type and distances in one place. GUI thread only.
namespace torchdesk {

/// The colours of one appearance. A value; take it from theme() at the moment of painting, never keep it.
struct Theme
{
    bool dark = false;
    QColor window, panel, chip;           ///< behind everything, cards and side panels, quiet areas
    QColor line, grid, track;             ///< borders of cards, lines of charts, the empty part of bars
    QColor text, muted, faint;            ///< faint only for what is disabled or said twice
    QColor accent, accentHover, onAccent; ///< Train, the selected tab, the focus ring, progress: nothing else
    QColor field, fieldBorder, selection;
    QColor training, trainingRaw, validation;
    QColor good, warning, bad; ///< signs beside words; never the only carrier of a meaning

    static const Theme& lightTheme();
    static const Theme& darkTheme();
};

/// Distances in device-independent pixels.
namespace space {
inline constexpr int tiny = 4;
inline constexpr int small = 8;
inline constexpr int medium = 12;
inline constexpr int large = 16;
inline constexpr int fieldHeight = 32;
inline constexpr int trainHeight = 44;
inline constexpr int runBarHeight = 56;
inline constexpr int progressHeight = 3;
inline constexpr int tabHeight = 43;
inline constexpr int leftWidth = 320;
inline constexpr int rightWidth = 240;
inline constexpr int fieldRadius = 6;
inline constexpr int cardRadius = 8;
} // namespace space

/// The desktop's font in the sizes of the window.
enum class TextRole
{
    Body,   ///< 13
    Label,  ///< 12: labels of fields, axes, captions
    Small,  ///< 11: below pictures
    Strong, ///< 13 bold: titles of cards, latest values
    Name,   ///< 14 bold: the run's name
    Train,  ///< 15 bold: the one button
};
QFont fontFor(TextRole role);

enum class Appearance
{
    Automatic,
    Light,
    Dark
};
/// "auto", "light", "dark" as in TORCHDESK_THEME and --theme; anything else is Automatic.
Appearance appearanceFromText(const QString& text);
QString appearanceText(Appearance appearance);

/// Owns the appearance of the application. One for each process.
class ThemeManager final : public QObject
{
    Q_OBJECT

public:
    static ThemeManager& instance();

    /// Fusion, fonts, palette and style sheet; from then on follows the desktop where Automatic. Call after
    /// the QApplication is made.
    void install(QApplication& application, Appearance appearance);
    /// The same in two steps, with the first window made between them: a widget that is made under a style
    /// sheet is matched with its rules at each step of its making, which takes as long as all the rest of the
    /// start.
    void installWithoutSheet(QApplication& application, Appearance appearance);
    void addSheet();
    void setAppearance(Appearance appearance);
    Appearance appearance() const { return m_appearance; }
    const Theme& theme() const { return *m_theme; }

Q_SIGNALS:
    /// After palette and style sheet have changed. Widgets that paint themselves call update().
    void themeChanged();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    ThemeManager() = default;
    void apply();
    void applyColours();
    bool desktopIsDark() const;

    const Theme* m_theme = &Theme::lightTheme();
    Appearance m_appearance = Appearance::Automatic;
    bool m_installed = false;
    bool m_applying = false;
};

inline const Theme& theme()
{
    return ThemeManager::instance().theme();
}

/// The flag where one was given, else TORCHDESK_THEME, else the setting "appearance", else Automatic.
Appearance initialAppearance(const QString& flag = {});

} // namespace torchdesk
