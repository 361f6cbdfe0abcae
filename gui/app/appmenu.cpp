// SPDX-License-Identifier: GPL-3.0-or-later
// What is not said in the window itself: the menu at the top of the left side, and the keys.
#include "gui/app/mainwindow.h"
#include "gui/app/theme.h"

#include <QActionGroup>
#include <QApplication>
#include <QMenu>
#include <QMessageBox>
#include <QSettings>
#include <QToolButton>

namespace torchdesk {

namespace {

void addAppearances(QMenu* menu)
{
    QMenu* choices = menu->addMenu(MainWindow::tr("&Appearance"));
    auto* group = new QActionGroup(choices);
    const std::pair<Appearance, QString> all[] = {{Appearance::Automatic, MainWindow::tr("As the &desktop")},
                                                  {Appearance::Light, MainWindow::tr("&Light")},
                                                  {Appearance::Dark, MainWindow::tr("Dar&k")}};
    for (const auto& [appearance, text] : all) {
        QAction* action = choices->addAction(text);
        action->setCheckable(true);
        action->setActionGroup(group);
        action->setChecked(ThemeManager::instance().appearance() == appearance);
        QObject::connect(action, &QAction::triggered, action, [appearance = appearance] {
            ThemeManager::instance().setAppearance(appearance);
            QSettings().setValue(QStringLiteral("appearance"), appearanceText(appearance));
        });
    }
}

} // namespace

QWidget* MainWindow::makeMenuButton()
{
    auto* button = new QToolButton;
    button->setObjectName(QStringLiteral("menuButton"));
    button->setProperty("kind", "flat");
    button->setText(QStringLiteral("⋯"));
    button->setToolTip(tr("Menu (F10)"));
    button->setAccessibleName(tr("Menu"));
    button->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(button);
    menu->addAction(tr("Open a &TensorBoard folder…\tCtrl+O"), this, &MainWindow::chooseFolder);
    menu->addAction(tr("Open a &plan…"), this, &MainWindow::choosePlanFile);
    menu->addSeparator();
    addAppearances(menu);
    menu->addAction(tr("&Keys…\tF1"), this, &MainWindow::showShortcuts);
    menu->addAction(tr("A&bout TorchDesk…"), this, &MainWindow::showAbout);
    menu->addSeparator();
    menu->addAction(tr("&Quit\tCtrl+Q"), this, &QWidget::close);
    button->setMenu(menu);
    addShortcut(QKeySequence(Qt::Key_F10), [button] { button->showMenu(); });
    addShortcut(QKeySequence(Qt::Key_F1), [this] { showShortcuts(); });
    return button;
}

void MainWindow::showShortcuts()
{
    const std::pair<QString, QString> keys[] = {
        {QStringLiteral("Ctrl+Return"), tr("Train")},
        {QStringLiteral("Ctrl+P"), tr("Pause or resume")},
        {QStringLiteral("Ctrl+."), tr("Stop now, keeping the weights")},
        {QStringLiteral("Ctrl+Shift+."), tr("Stop after this epoch")},
        {QStringLiteral("Ctrl+N"), tr("The form of a new run")},
        {QStringLiteral("Ctrl+R"), tr("The list of runs")},
        {QStringLiteral("F2"), tr("Rename the chosen run")},
        {QStringLiteral("Shift+F10"), tr("The menu of the chosen run")},
        {QStringLiteral("Ctrl+1 … Ctrl+6"), tr("Overview, Curves, Layers, Confusion, Try it, Log")},
        {QStringLiteral("Ctrl++, Ctrl+−, Ctrl+0"), tr("Zoom the diagram of the layers; all of it")},
        {QStringLiteral("Ctrl+Shift+C"), tr("Copy the plan as a command")},
        {QStringLiteral("Ctrl+O"), tr("Open a TensorBoard folder")},
        {QStringLiteral("F10"), tr("The menu")},
        {QStringLiteral("Ctrl+Q"), tr("Quit")},
    };
    QString rows;
    for (const auto& [key, meaning] : keys)
        rows +=
            QStringLiteral("<tr><td style='padding-right:16px'>%1</td><td>%2</td></tr>").arg(key, meaning);
    auto* box = new QMessageBox(QMessageBox::NoIcon, tr("Keys"),
                                QStringLiteral("<table>%1</table>").arg(rows), QMessageBox::Close, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void MainWindow::showAbout()
{
    const EngineInfo& engine = m_bridge.engineInfo();
    const QString with = engine.version.empty() ? tr("LibTorch is not loaded.")
                                                : QString::fromStdString(engine.name + " " + engine.version);
    auto* box = new QMessageBox(QMessageBox::NoIcon, tr("About TorchDesk"),
                                tr("TorchDesk %1").arg(QCoreApplication::applicationVersion()),
                                QMessageBox::Close, this);
    box->setInformativeText(tr("Trains and shows deep learning models.\n%1\nGPL-3.0-or-later").arg(with));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

} // namespace torchdesk
