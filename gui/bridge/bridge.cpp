// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/bridge.h"
#include "gui/bridge/waketarget.h"

#include "core/base/log.h"
#include "core/base/paths.h"
#include "core/plan/presets.h"
#include "core/session/engineloader.h"

namespace torchdesk {

Bridge::Bridge(BridgeSetup setup, QObject* parent)
    : QObject(parent), m_setup(std::move(setup)), m_runs(m_setup.runs.empty() ? runsFolder() : m_setup.runs),
      m_wakeTarget(std::make_shared<WakeTarget>())
{
    if (!m_setup.loader)
        m_setup.loader = loadEngine;
    if (!presets().empty())
        m_plan = presets().front().plan;
    m_wakeTarget->bridge = this;
    m_drainTimer.setSingleShot(true);
    connect(&m_drainTimer, &QTimer::timeout, this, &Bridge::drain);
    connect(&m_download, &DataDownload::arrived, this, [this](const std::string& name) {
        refreshCatalogue();
        if (m_plan.data == name)
            check();
    });
}

Bridge::~Bridge()
{
    const std::lock_guard lock(m_wakeTarget->mutex);
    m_wakeTarget->bridge = nullptr;
}

void Bridge::begin()
{
    m_begun = true;
    refreshCatalogue();
    check();
    loadTheEngine();
}

void Bridge::refreshCatalogue()
{
    m_formWorker.run(
        "catalogue", [folder = m_plan.dataFolder](std::stop_token) { return readCatalogue(folder); },
        [this](Catalogue catalogue) {
            m_catalogue = std::move(catalogue);
            Q_EMIT catalogueReady();
        });
}

void Bridge::tryEngineAgain()
{
    if (m_engine || m_engineProblem.isEmpty())
        return;
    m_engineProblem.clear();
    check();
    loadTheEngine();
}

void Bridge::loadTheEngine()
{
    struct Loaded
    {
        Expected<std::shared_ptr<Engine>> engine;
        EngineInfo info;
        std::vector<DeviceInfo> devices;
    };
    m_runWorker.run(
        "load",
        [loader = m_setup.loader](std::stop_token) {
            Loaded loaded{loader(), {}, {}};
            if (loaded.engine) {
                loaded.info = (*loaded.engine)->info();
                loaded.devices = (*loaded.engine)->devices();
            }
            return loaded;
        },
        [this](Loaded loaded) {
            if (loaded.engine) {
                m_engine = *loaded.engine;
                m_engineInfo = loaded.info;
                m_devices = loaded.devices;
                Q_EMIT engineReady(m_engineInfo, m_devices);
            } else {
                logWarning(loaded.engine.error().message + " " + loaded.engine.error().details);
                m_engineProblem = QString::fromStdString(loaded.engine.error().message);
                m_engineProblemKind = loaded.engine.error().kind;
                Q_EMIT engineFailed(m_engineProblem);
            }
            check();
        });
}

bool Bridge::busy() const
{
    return m_phase != Phase::Idle && m_phase != Phase::Ended;
}

bool Bridge::canTrain() const
{
    return !busy() && m_engine && m_verdict.state == Verdict::State::Ready && m_verdict.job;
}

QString Bridge::whyNotTrain() const
{
    if (m_verdict.state != Verdict::State::Ready)
        return verdictText(m_verdict, m_devices);
    if (busy())
        return tr("A run is going on. The next one can start when it has ended.");
    return {};
}

double Bridge::runSeconds() const
{
    return static_cast<double>(busy() && m_runClock.isValid() ? m_runClock.elapsed() : m_runMilliseconds) /
           1000;
}

void Bridge::setPhase(Phase phase)
{
    if (m_phase == phase)
        return;
    m_phase = phase;
    Q_EMIT stateChanged();
}

// ---- the plan of the form

void Bridge::setPlan(const TrainingPlan& plan)
{
    if (plan != m_plan)
        m_download.forget();
    m_plan = plan;
    if (m_folder && m_folder->data != plan.data)
        setFolder(nullptr);
    m_trainWhenChecked = false;
    if (m_begun)
        check();
}

void Bridge::rejectPlan(const QString& field, const QString& message)
{
    m_formWorker.cancel(checkKey);
    Verdict verdict;
    verdict.state = Verdict::State::Wrong;
    verdict.field = field.toStdString();
    verdict.message = message.toStdString();
    setVerdict(std::move(verdict));
}

void Bridge::setVerdict(Verdict verdict)
{
    m_verdict = std::move(verdict);
    Q_EMIT planChecked(m_verdict);
    Q_EMIT stateChanged();
}

void Bridge::check()
{
    Verdict verdict;
    verdict.parameters = m_verdict.parameters;
    verdict.message = tr("checking…").toStdString();
    setVerdict(std::move(verdict));
    m_formWorker.run(
        checkKey,
        [plan = m_plan, engine = m_engine, progress = progressSink(), watch = folderWatch()](
            std::stop_token stop) { return checkWhole(plan, engine, progress, watch, stop); },
        [this](CheckedPlan result) { checked(std::move(result)); });
}

Progress Bridge::progressSink()
{
    return [target = m_wakeTarget](double share, const std::string& what) {
        target->tell([share, text = QString::fromStdString(what)](Bridge& bridge) {
            Q_EMIT bridge.dataProgress(share, text);
        });
    };
}

FolderWatch Bridge::folderWatch()
{
    return {m_folder, [target = m_wakeTarget](const std::shared_ptr<const FolderFacts>& folder) {
                target->tell([folder](Bridge& bridge) {
                    if (folder->data == bridge.m_plan.data)
                        bridge.setFolder(folder);
                });
            }};
}

void Bridge::setFolder(const std::shared_ptr<const FolderFacts>& folder)
{
    if (m_folder == folder)
        return;
    m_folder = folder;
    Q_EMIT folderScanned(m_folder);
}

void Bridge::stopReading()
{
    if (m_verdict.state != Verdict::State::Checking)
        return;
    m_trainWhenChecked = false;
    m_formWorker.cancel(checkKey);
    Verdict verdict;
    verdict.state = Verdict::State::Wrong;
    verdict.field = "data";
    verdict.message = tr("Reading the data was stopped.").toStdString();
    verdict.stopped = true;
    setVerdict(std::move(verdict));
}

void Bridge::readAgain()
{
    if (m_begun)
        check();
}

void Bridge::checked(CheckedPlan result)
{
    setFolder(result.folder);
    if (!result.devices.empty() && result.devices != m_devices) {
        m_devices = result.devices;
        Q_EMIT devicesChanged(m_devices);
    }
    if (result.data.train && result.data.train != m_data.train) {
        m_data = result.data;
        Q_EMIT dataReady(m_data);
    }
    Verdict verdict = std::move(result.verdict);
    if (verdict.job)
        Q_EMIT modelReady(verdict.job->model, verdict.job->start ? verdict.job->start->frozenNodes : 0);
    if (verdict.state == Verdict::State::Checking)
        verdict.message = tr("loading LibTorch…").toStdString();
    if (verdict.state == Verdict::State::Checking && !m_engineProblem.isEmpty()) {
        verdict.state = Verdict::State::Wrong;
        verdict.message = m_engineProblem.toStdString();
    }
    const bool train =
        std::exchange(m_trainWhenChecked, m_trainWhenChecked && verdict.state == Verdict::State::Checking);
    const bool worthMeasuring =
        verdict.state == Verdict::State::Ready && !train && m_setup.measure && !busy();
    if (worthMeasuring)
        verdict.message = tr("measuring…").toStdString();
    setVerdict(std::move(verdict));
    if (worthMeasuring)
        measure();
    if (train && m_verdict.state == Verdict::State::Ready)
        startRun();
    else if (train && m_verdict.state == Verdict::State::Wrong)
        Q_EMIT runRefused(QString::fromStdString(m_verdict.message));
}

// Not while a run goes on: it would slow the run, and its own figure would be wrong.
void Bridge::measure()
{
    m_formWorker.run(
        checkKey,
        [engine = m_engine, job = m_verdict.job](std::stop_token stop) {
            Measured measured{engine->measure(*job, stop), {}};
            if (measured.measurement)
                measured.shorter = shorterPlans(*job, *measured.measurement);
            return measured;
        },
        [this](Measured measured) { takeMeasured(std::move(measured)); });
}

void Bridge::takeMeasured(Measured measured)
{
    const Expected<Measurement>& measurement = measured.measurement;
    Verdict verdict = m_verdict;
    verdict.message.clear();
    if (measurement) {
        verdict.measurement = *measurement;
        verdict.shorter = std::move(measured.shorter);
    } else if (measurement.error().kind != ErrorKind::Cancelled) {
        verdict.state = Verdict::State::Wrong;
        verdict.message = measurement.error().message;
    }
    setVerdict(std::move(verdict));
}

} // namespace torchdesk
