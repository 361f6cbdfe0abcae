// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/engine.h"
#include "core/session/trainingjob.h"

#include <QtGlobal>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

namespace torchdesk::test {

/// Keeps every event; lets a test wait for one.
class CollectingSink final : public EventSink
{
public:
    void put(Event event) noexcept override;
    /// Called on the trainer's thread with each event: a test posts commands at exactly that moment.
    std::function<void(const Event&)> onPut;
    /// Waits until \p reached holds for the events so far; false after a minute.
    bool waitUntil(const std::function<bool(const std::vector<Event>&)>& reached);
    bool waitForFinished();
    std::vector<Event> events();

    template <class T>
    std::vector<T> all()
    {
        std::vector<T> found;
        for (const Event& event : events())
            if (const T* one = std::get_if<T>(&event))
                found.push_back(*one);
        return found;
    }
    /// Every step's loss, in order.
    std::vector<float> losses();

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<Event> m_events;
};

/// The value, or the end of the test program with the error's sentence.
template <class T>
T must(Expected<T> expected)
{
    if (!expected)
        qFatal("%s", expected.error().message.c_str());
    return std::move(*expected);
}

/// A training part and a test part of drawn digits.
DataSet smallDigits(std::int64_t trainCount, std::int64_t testCount);
/// A model file's body as a lowered model for \p input.
LoweredModel lowered(const std::string& body, const Shape& input, std::int64_t classes);
/// The shipped LeNet.
LoweredModel lenet();
/// A job of LeNet on drawn digits, on the processor with one thread and the eager step: which one is faster
/// for so little depends on the machine, and tests compare losses to the last bit.
TrainingJob lenetJob(std::int64_t trainCount, std::int64_t testCount, std::int64_t epochs);
/// The same with a network of two small dense layers, for tests in which the network does not matter.
TrainingJob denseJob(std::int64_t trainCount, std::int64_t testCount, std::int64_t epochs);

/// Trains to the end with the engine of LibTorch; the sink holds what was told.
std::shared_ptr<CollectingSink> trained(const TrainingJob& job,
                                        const std::vector<Command>& commands = {Start{}});

} // namespace torchdesk::test
