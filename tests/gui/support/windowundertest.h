// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/fakeengine.h"
#include "gui/app/mainwindow.h"
#include "tests/support/testsupport.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QTest>

namespace torchdesk::test {

/// The names, theme and plurals of the program, once for each test program.
void prepareGui();
/// Qt's warnings are failures, save those of the platform without a display about itself.
void failOnWarnings();

/// The real window over a small data set and its own runs folder, with the fake engine unless told otherwise.
class WindowUnderTest
{
public:
    explicit WindowUnderTest(FakeScript script = {});
    explicit WindowUnderTest(std::function<Expected<std::shared_ptr<Engine>>()> loader);
    ~WindowUnderTest();

    Bridge& bridge() { return *m_bridge; }
    MainWindow& window() { return *m_window; }
    const std::filesystem::path& folder() const { return m_folder.path(); }
    std::filesystem::path runs() const { return m_folder.path() / "runs"; }
    /// A plan over the small data set: 17 steps an epoch.
    TrainingPlan plan(std::int64_t epochs = 2) const;
    /// Puts the plan into the form and waits until it may be trained.
    void enter(const TrainingPlan& plan);
    void enter() { enter(plan()); }

    template <class T>
    T* child(const char* name) const
    {
        T* found = m_window->findChild<T*>(QLatin1String(name));
        if (!found)
            qFatal("the window has no child called %s", name);
        return found;
    }
    QAbstractButton* button(const char* name) const { return child<QAbstractButton>(name); }
    /// The whole text of a label, also where it does not fit.
    QString label(const char* name) const;
    QString verdict() const;
    void click(const char* name) { QTest::mouseClick(button(name), Qt::LeftButton); }
    /// Triggers an action of a menu by its name.
    void choose(const char* action);
    bool ended() const { return m_bridge->phase() == Bridge::Phase::Ended; }

private:
    void open(std::function<Expected<std::shared_ptr<Engine>>()> loader);

    TemporaryFolder m_folder;
    std::unique_ptr<Bridge> m_bridge;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace torchdesk::test
