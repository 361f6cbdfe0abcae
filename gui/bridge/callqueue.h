// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <deque>
#include <functional>
#include <mutex>

namespace torchdesk {

/// What other threads want done in the thread of this object (the window's), one call after the other in the
/// order they came. As Qt's queued calls, but what is handed over passes a lock of ours, which the thread
/// sanitizer sees. What still waits when the queue goes is dropped.
class CallQueue final : public QObject
{
    Q_OBJECT

public:
    using Call = std::function<void()>;

    using QObject::QObject;
    /// Any thread, as long as the queue is there. Does not block.
    void post(Call call);

protected:
    bool event(QEvent* event) override;

private:
    std::mutex m_mutex;
    std::deque<Call> m_calls;
};

} // namespace torchdesk
