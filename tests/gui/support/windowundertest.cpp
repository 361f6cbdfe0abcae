// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/support/windowundertest.h"

#include "gui/app/application.h"
#include "gui/app/englishplurals.h"
#include "gui/app/theme.h"
#include "gui/pages/newrunpage.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/verdictlabel.h"
#include "tests/support/tinydata.h"

#include <QAction>
#include <QApplication>
#include <QSettings>

namespace torchdesk::test {

void prepareGui()
{
    nameApplication();
    QSettings().clear();
    QCoreApplication::installTranslator(new EnglishPlurals(qApp));
    ThemeManager::instance().install(*qApp, Appearance::Light);
}

void failOnWarnings()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support )")));
}

WindowUnderTest::WindowUnderTest(FakeScript script)
{
    open([script]() -> Expected<std::shared_ptr<Engine>> { return std::make_shared<FakeEngine>(script); });
}

WindowUnderTest::WindowUnderTest(std::function<Expected<std::shared_ptr<Engine>>()> loader)
{
    open(std::move(loader));
}

WindowUnderTest::~WindowUnderTest() = default;

void WindowUnderTest::open(std::function<Expected<std::shared_ptr<Engine>>()> loader)
{
    writeTinyDigits(m_folder / "data");
    BridgeSetup setup;
    setup.loader = std::move(loader);
    setup.runs = runs();
    m_bridge = std::make_unique<Bridge>(std::move(setup));
    m_bridge->setPlan(plan());
    m_window = std::make_unique<MainWindow>(*m_bridge);
    m_window->show();
    m_bridge->begin();
}

TrainingPlan WindowUnderTest::plan(std::int64_t epochs) const
{
    TrainingPlan made;
    made.data = (m_folder / "data").string();
    made.epochs = epochs;
    made.batchSize = 16;
    return made;
}

void WindowUnderTest::enter(const TrainingPlan& plan)
{
    child<NewRunPage>("newRunPage")->showPlan(plan);
    QTRY_VERIFY_WITH_TIMEOUT(m_bridge->canTrain(), 60'000);
}

QString WindowUnderTest::label(const char* name) const
{
    const auto* found = child<QLabel>(name);
    const auto* elided = qobject_cast<const ElidedLabel*>(found);
    return elided ? elided->fullText() : found->text();
}

QString WindowUnderTest::verdict() const
{
    return child<VerdictLabel>("verdict")->text();
}

void WindowUnderTest::choose(const char* action)
{
    child<QAction>(action)->trigger();
}

} // namespace torchdesk::test
