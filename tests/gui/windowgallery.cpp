// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of the whole window with a folder of pictures as its data, for people to look at:
// torchdesk_windowgallery OUT PICTURES [MODEL]. The engine is the fake one: figures are made up.
#include "core/run/confusion.h"
#include "gui/app/theme.h"
#include "gui/bridge/bridge.h"
#include "gui/pages/newrunpage.h"
#include "tests/gui/support/windowundertest.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QScrollArea>
#include <QScrollBar>
#include <QTabBar>
#include <QTreeView>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

void settle(int milliseconds = 400)
{
    QElapsedTimer clock;
    clock.start();
    while (clock.elapsed() < milliseconds)
        QApplication::processEvents(QEventLoop::AllEvents, 50);
}

class Shots
{
public:
    Shots(WindowUnderTest& test, QString folder, QString suffix)
        : m_test(test), m_folder(std::move(folder)), m_suffix(std::move(suffix))
    {}
    void take(const QString& name)
    {
        settle();
        m_test.window().grab().save(QDir(m_folder).filePath(name + m_suffix + QStringLiteral(".png")));
    }
    void page(const QString& title)
    {
        auto* tabs = m_test.child<QTabBar>("centreTabs");
        for (int i = 0; i < tabs->count(); ++i)
            if (tabs->tabText(i).remove(QLatin1Char('&')) == title)
                tabs->setCurrentIndex(i);
    }
    void more(bool open)
    {
        m_test.button("moreSettings")->setChecked(open);
        settle(100);
    }
    void scrollForm(double share)
    {
        auto* scroll = m_test.child<NewRunPage>("newRunPage")->findChild<QScrollArea*>();
        scroll->verticalScrollBar()->setValue(int(share * scroll->verticalScrollBar()->maximum()));
    }

private:
    WindowUnderTest& m_test;
    QString m_folder;
    QString m_suffix;
};

/// The fake engine says nothing of single classes.
ConfusionMatrix madeUp(std::size_t classes)
{
    ConfusionMatrix matrix(static_cast<std::int64_t>(classes));
    for (std::int64_t label = 0; label < matrix.classes(); ++label)
        for (std::int64_t i = 0; i < 100 + 7 * label; ++i)
            matrix.add(label, i % 9 == 0 ? (label + i / 9) % matrix.classes() : label);
    return matrix;
}

void shoot(const QString& folder, const TrainingPlan& plan, Appearance appearance, const QSize& size)
{
    ThemeManager::instance().install(*qApp, appearance);
    WindowUnderTest test;
    test.window().resize(size);
    Shots shots(test, folder, QStringLiteral("-%1-%2").arg(appearanceText(appearance)).arg(size.width()));
    test.enter(plan);
    shots.take("overview");
    for (const char* fit : {"squash", "fill"}) {
        TrainingPlan other = plan;
        other.pictures.fit = fit;
        other.augmentation.rotate = 20;
        test.enter(other);
        shots.take(QStringLiteral("overview-") + fit);
    }
    test.enter(plan);
    if (test.button("leftOut")->isVisible()) {
        test.button("leftOut")->setChecked(true);
        shots.take("overview-leftout");
        test.button("leftOut")->setChecked(false);
    }
    shots.more(true);
    for (int i = 0; i < 4; ++i) {
        shots.scrollForm(i / 3.0);
        shots.take(QStringLiteral("form-%1").arg(i));
    }
    shots.more(false);
    shots.page("Layers");
    shots.take("layers");
    test.bridge().train();
    for (int i = 0; i < 200 && !test.ended(); ++i)
        settle(100);
    (void)writeConfusion(test.bridge().runFolder(), madeUp(test.bridge().data().description.classes.size()));
    for (const char* page : {"Curves", "Confusion"}) {
        shots.page(page);
        shots.take(QString::fromLatin1(page).toLower());
    }
    TrainingPlan again = plan;
    again.start.weights = test.bridge().runFolder().string();
    again.start.freeze = "body";
    test.enter(again);
    for (const char* page : {"Overview", "Layers"}) {
        shots.page(page);
        shots.take(QString::fromLatin1(page).toLower() + QStringLiteral("-frozen"));
    }
}

/// What is offered beside a plan that takes long.
void shootLongPlan(const QString& folder, const TrainingPlan& plan, Appearance appearance)
{
    ThemeManager::instance().install(*qApp, appearance);
    FakeScript slow;
    slow.secondsPerStep = 2;
    slow.validationSeconds = 3000;
    WindowUnderTest test(slow);
    test.window().resize(1280, 800);
    test.enter(plan);
    settle(9000);
    Shots(test, folder, QStringLiteral("-") + appearanceText(appearance)).take("shorter");
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    prepareGui();
    if (argc < 3)
        return 2;
    TrainingPlan plan;
    plan.data = argv[2];
    plan.model = argc > 3 ? argv[3] : "resnet18";
    plan.epochs = 2;
    const QString folder = QString::fromLocal8Bit(argv[1]);
    for (const auto appearance : {Appearance::Light, Appearance::Dark})
        shootLongPlan(folder, plan, appearance);
    for (const auto appearance : {Appearance::Light, Appearance::Dark})
        for (const QSize size : {QSize(1280, 800), QSize(1920, 1080)})
            shoot(folder, plan, appearance, size);
    return 0;
}
