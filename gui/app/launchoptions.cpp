// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/launchoptions.h"

#include <QCommandLineParser>
#include <QRegularExpression>

namespace torchdesk {

namespace {

/// The context of this file's strings, for translators.
struct LaunchText
{
    Q_DECLARE_TR_FUNCTIONS(LaunchOptions)
};

void describe(QCommandLineParser& parser)
{
    parser.setApplicationDescription(LaunchText::tr("Trains and shows deep learning models."));
    parser.addPositionalArgument(QStringLiteral("DIR"),
                                 LaunchText::tr("A TensorBoard folder or a folder of runs to show."),
                                 QStringLiteral("[DIR]"));
    parser.addOptions({
        {QStringLiteral("theme"), LaunchText::tr("Light, dark or as the desktop: light, dark, auto."),
         QStringLiteral("THEME")},
        {QStringLiteral("train"), LaunchText::tr("Trains this plan at once."), QStringLiteral("PLAN.json")},
        {QStringLiteral("size"), LaunchText::tr("The size of the window, such as 1280x800."),
         QStringLiteral("WxH")},
        {QStringLiteral("screenshot"), LaunchText::tr("Saves a picture of the window."),
         QStringLiteral("FILE")},
        {QStringLiteral("screenshot-at"),
         LaunchText::tr("Saves it at this percentage of the run of --train, not at its end."),
         QStringLiteral("PERCENT")},
        {QStringLiteral("exit-when-done"), LaunchText::tr("Closes when the run of --train has ended.")},
        {QStringLiteral("exit-after-paint"),
         LaunchText::tr("Prints the seconds from start to first paint and closes.")},
        {{QStringLiteral("h"), QStringLiteral("help")}, LaunchText::tr("Shows this help.")},
        {{QStringLiteral("v"), QStringLiteral("version")}, LaunchText::tr("Shows the version.")},
    });
}

Expected<QSize> sizeFromText(const QString& text)
{
    static const QRegularExpression form(QStringLiteral("^(\\d{3,5})x(\\d{3,5})$"));
    const auto match = form.match(text);
    if (!match.hasMatch())
        return failure(
            ErrorKind::InvalidInput,
            LaunchText::tr("--size: found \"%1\", wanted a size such as 1280x800.").arg(text).toStdString());
    return QSize(match.captured(1).toInt(), match.captured(2).toInt());
}

Expected<int> percentFromText(const QString& text)
{
    bool whole = false;
    const int percent = text.toInt(&whole);
    if (whole && percent >= 1 && percent <= 100)
        return percent;
    return failure(ErrorKind::InvalidInput,
                   LaunchText::tr("--screenshot-at: found \"%1\", wanted a whole number from 1 to 100.")
                       .arg(text)
                       .toStdString());
}

Expected<void> checkTheme(const QString& theme)
{
    if (theme.isEmpty() || theme == QLatin1String("light") || theme == QLatin1String("dark") ||
        theme == QLatin1String("auto"))
        return {};
    return failure(
        ErrorKind::InvalidInput,
        LaunchText::tr("--theme: found \"%1\", wanted light, dark or auto.").arg(theme).toStdString());
}

} // namespace

QString launchHelp()
{
    QCommandLineParser parser;
    describe(parser);
    return parser.helpText();
}

Expected<LaunchOptions> parseLaunchOptions(const QStringList& arguments)
{
    QCommandLineParser parser;
    describe(parser);
    if (!parser.parse(arguments))
        return failure(ErrorKind::InvalidInput,
                       LaunchText::tr("%1 See torchdesk --help.").arg(parser.errorText()).toStdString());
    LaunchOptions options;
    options.appearance = parser.value(QStringLiteral("theme"));
    if (const auto ok = checkTheme(options.appearance); !ok)
        return failure(ok);
    options.planFile = parser.value(QStringLiteral("train"));
    options.screenshot = parser.value(QStringLiteral("screenshot"));
    options.exitWhenDone = parser.isSet(QStringLiteral("exit-when-done"));
    options.exitAfterPaint = parser.isSet(QStringLiteral("exit-after-paint"));
    options.help = parser.isSet(QStringLiteral("help"));
    options.version = parser.isSet(QStringLiteral("version"));
    options.folder = parser.positionalArguments().value(0);
    if (parser.positionalArguments().size() > 1)
        return failure(ErrorKind::InvalidInput,
                       LaunchText::tr("Found %1 folders, wanted one. See torchdesk --help.")
                           .arg(parser.positionalArguments().size())
                           .toStdString());
    if (parser.isSet(QStringLiteral("screenshot-at"))) {
        const auto percent = percentFromText(parser.value(QStringLiteral("screenshot-at")));
        if (!percent)
            return failure(percent);
        options.screenshotAt = *percent;
    }
    if (parser.isSet(QStringLiteral("size"))) {
        const auto size = sizeFromText(parser.value(QStringLiteral("size")));
        if (!size)
            return failure(size);
        options.size = *size;
    }
    return options;
}

} // namespace torchdesk
