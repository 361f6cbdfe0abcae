// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/support/windowundertest.h"

#include <QApplication>
#include <QLabel>
#include <QMessageBox>
#include <QSet>
#include <QShortcut>
#include <QTabBar>

using namespace torchdesk;
using test::WindowUnderTest;

/// The whole window without a mouse, and by its names alone.
class TestKeyboard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { test::prepareGui(); }
    void init() { test::failOnWarnings(); }

    void namesEveryControl();
    void tabReachesEveryControl_data();
    void tabReachesEveryControl();
    void goesThroughTheFormInOrder();
    void listsEveryShortcut();
};

namespace {

bool hasBuddy(const QWidget* widget)
{
    for (const QLabel* label : widget->window()->findChildren<QLabel*>())
        if (label->buddy() == widget && !label->text().isEmpty())
            return true;
    return false;
}

bool isNamed(const QWidget* widget)
{
    if (!widget->accessibleName().isEmpty() || hasBuddy(widget))
        return true;
    if (qobject_cast<const QLabel*>(widget)) // is read as its own text
        return true;
    const auto* button = qobject_cast<const QAbstractButton*>(widget);
    return button && !button->text().isEmpty();
}

QString described(const QWidget* widget)
{
    QString path;
    for (; widget; widget = widget->parentWidget())
        path = QStringLiteral("%1 \"%2\" / %3")
                   .arg(QLatin1String(widget->metaObject()->className()), widget->objectName(), path);
    return path;
}

/// What Tab visits, from where the focus is until it comes round.
QSet<QWidget*> visited(QWidget& window)
{
    QSet<QWidget*> seen;
    for (int i = 0; i < 200; ++i) {
        QTest::keyClick(window.focusWidget() ? window.focusWidget() : &window, Qt::Key_Tab);
        if (seen.contains(window.focusWidget()))
            return seen;
        seen.insert(window.focusWidget());
    }
    return seen;
}

} // namespace

void TestKeyboard::namesEveryControl()
{
    WindowUnderTest test;
    test.enter();
    int controls = 0;
    for (const QWidget* widget : test.window().findChildren<QWidget*>()) {
        // What Qt makes inside a control (a list's view, an editor's button) is the control's own.
        const bool inside = widget->objectName().startsWith(QLatin1String("qt_")) || widget->isWindow() ||
                            widget->window() != &test.window() || widget->focusProxy();
        if (widget->focusPolicy() == Qt::NoFocus || inside)
            continue;
        ++controls;
        QVERIFY2(isNamed(widget), qPrintable(described(widget)));
    }
    QVERIFY(controls > 30);
}

void TestKeyboard::tabReachesEveryControl_data()
{
    QTest::addColumn<int>("page");
    QTest::addColumn<int>("side");
    for (int page = MainWindow::Overview; page <= MainWindow::Log; ++page)
        QTest::addRow("page %d", page) << page << page % 2;
}

void TestKeyboard::tabReachesEveryControl()
{
    QFETCH(int, page);
    QFETCH(int, side);
    WindowUnderTest test;
    test.window().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&test.window()));
    test.enter();
    if (side == 0)
        test.click("moreSettings");
    test.child<QTabBar>("leftTabs")->setCurrentIndex(side);
    test.window().showPage(static_cast<MainWindow::Page>(page));
    test.child<QTabBar>("leftTabs")->setFocus();
    const QSet<QWidget*> seen = visited(test.window());
    for (QWidget* widget : test.window().findChildren<QWidget*>()) {
        const bool wanted = widget->isVisible() && widget->isEnabled() && !widget->focusProxy() &&
                            (widget->focusPolicy() & Qt::TabFocus) && widget->window() == &test.window();
        QVERIFY2(!wanted || seen.contains(widget), qPrintable(described(widget)));
    }
}

void TestKeyboard::goesThroughTheFormInOrder()
{
    WindowUnderTest test;
    test.window().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&test.window()));
    test.enter();
    QWidget* at = test.child<QWidget>("preset");
    at->setFocus();
    QStringList order;
    while (order.size() < 20 && at->objectName() != QLatin1String("copyCommand")) {
        order << at->objectName();
        QTest::keyClick(at, Qt::Key_Tab);
        at = test.window().focusWidget();
    }
    order.removeIf([](const QString& name) { return name.startsWith(QLatin1String("reset_")); });
    QCOMPARE(order, QStringList({"preset", "model", "data", "epochs", "device", "moreSettings", "train"}));
}

void TestKeyboard::listsEveryShortcut()
{
    WindowUnderTest test;
    test.window().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&test.window()));
    QTest::keyClick(&test.window(), Qt::Key_F1);
    QTRY_VERIFY(test.window().findChild<QMessageBox*>());
    const QString listed = test.window().findChild<QMessageBox*>()->text();
    for (const QShortcut* shortcut : test.window().findChildren<QShortcut*>()) {
        const QString keys = shortcut->key().toString();
        const bool page = keys >= QLatin1String("Ctrl+1") && keys <= QLatin1String("Ctrl+6");
        const bool same = keys == QLatin1String("Ctrl+Enter"); // the other Return key
        QVERIFY2(page || same || keys.isEmpty() || listed.contains(keys.toHtmlEscaped()), qPrintable(keys));
    }
    QVERIFY(listed.contains(QStringLiteral("Ctrl+1 … Ctrl+6")));
}

QTEST_MAIN(TestKeyboard)
#include "tst_keyboard.moc"
