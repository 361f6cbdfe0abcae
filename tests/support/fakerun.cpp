// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakerun.h"

#include "core/session/session.h"
#include "tests/support/testsupport.h"

namespace torchdesk::test {

std::filesystem::path trainFake(const std::filesystem::path& runs, const std::filesystem::path& data,
                                TrainingPlan plan, FakeScript script)
{
    plan.data = data.string() + "/";
    const auto job = prepareJob(plan);
    if (!job)
        qFatal("%s", job.error().message.c_str());
    auto session = Session::start(std::make_shared<FakeEngine>(script), *job, runs);
    if (!session)
        qFatal("%s", session.error().message.c_str());
    if (!(*session)->waitFor(std::chrono::minutes(1)))
        qFatal("the fake run did not end");
    return (*session)->folder();
}

} // namespace torchdesk::test
