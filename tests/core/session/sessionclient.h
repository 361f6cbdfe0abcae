// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/fakeengine.h"
#include "core/session/session.h"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

namespace torchdesk::test {

/// A bound for what must come, never waited out.
constexpr std::chrono::seconds longTime(60);

/// A client as the window is one: sleeps until woken, then drains.
class Client
{
public:
    Session::Wake wake()
    {
        return [this] {
            {
                const std::lock_guard lock(m_mutex);
                m_woken = true;
                ++m_wakes;
            }
            m_changed.notify_all();
        };
    }

    /// Drains until an event fits, and keeps all that came; false where none does for a minute.
    template <class Fits>
    bool until(Session& session, Fits fits)
    {
        for (;;) {
            bool found = false;
            for (Event& event : session.drain()) {
                found = found || fits(event);
                events.push_back(std::move(event));
            }
            if (found)
                return true;
            std::unique_lock lock(m_mutex);
            if (!m_changed.wait_for(lock, longTime, [this] { return m_woken; }))
                return false;
            m_woken = false;
        }
    }

    bool untilFinished(Session& session)
    {
        return until(session, [](const Event& event) { return std::holds_alternative<Finished>(event); });
    }

    int wakes()
    {
        const std::lock_guard lock(m_mutex);
        return m_wakes;
    }

    std::vector<Event> events;

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_woken = false;
    int m_wakes = 0;
};

/// Keeps a copy of what a trainer sent.
class RecordingSink final : public EventSink
{
public:
    RecordingSink(std::shared_ptr<EventSink> next, std::vector<Event>& sent)
        : m_next(std::move(next)), m_sent(sent)
    {}
    void put(Event event) noexcept override
    {
        m_sent.push_back(event);
        m_next->put(std::move(event));
    }

private:
    std::shared_ptr<EventSink> m_next;
    std::vector<Event>& m_sent;
};

class RecordingEngine final : public Engine
{
public:
    explicit RecordingEngine(FakeScript script) : m_fake(std::move(script)) {}
    EngineInfo info() const override { return m_fake.info(); }
    std::vector<DeviceInfo> devices() const override { return m_fake.devices(); }
    Expected<void> check(const TrainingJob& job) override { return m_fake.check(job); }
    Expected<Measurement> measure(const TrainingJob& job, std::stop_token stop) override
    {
        return m_fake.measure(job, stop);
    }
    Expected<std::unique_ptr<Trainer>> createTrainer(TrainingJob job,
                                                     std::shared_ptr<EventSink> sink) override
    {
        return m_fake.createTrainer(std::move(job), std::make_shared<RecordingSink>(std::move(sink), sent));
    }
    Expected<std::unique_ptr<Predictor>> open(const LoweredModel& model, const Preprocessing& preprocessing,
                                              const std::vector<NamedTensor>& tensors,
                                              const std::string& device) override
    {
        return m_fake.open(model, preprocessing, tensors, device);
    }
    Expected<Bytes> toStateDict(const std::vector<NamedTensor>& tensors) override
    {
        return m_fake.toStateDict(tensors);
    }
    Expected<std::vector<NamedTensor>> fromStateDict(std::span<const std::byte> bytes,
                                                     const std::string& source) override
    {
        return m_fake.fromStateDict(bytes, source);
    }

    std::vector<Event> sent; ///< read it once the run is over

private:
    FakeEngine m_fake;
};

template <class T>
std::vector<T> only(const std::vector<Event>& events)
{
    std::vector<T> all;
    for (const Event& event : events) {
        if (const auto* one = std::get_if<T>(&event))
            all.push_back(*one);
    }
    return all;
}

/// The losses of all steps in order, whatever way they were joined.
inline std::vector<float> lossesIn(const std::vector<Event>& events)
{
    std::vector<float> losses;
    for (const StepsDone& steps : only<StepsDone>(events))
        losses.insert(losses.end(), steps.losses.begin(), steps.losses.end());
    return losses;
}

} // namespace torchdesk::test
