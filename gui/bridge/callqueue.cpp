// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/callqueue.h"

#include <QCoreApplication>
#include <QEvent>

namespace torchdesk {

namespace {

const auto callWaits = static_cast<QEvent::Type>(QEvent::registerEventType());

} // namespace

void CallQueue::post(Call call)
{
    auto* event = new QEvent(callWaits);
    {
        const std::lock_guard lock(m_mutex);
        m_calls.push_back(std::move(call));
    }
    QCoreApplication::postEvent(this, event); // owns it
}

// One event a call: a dialog that a call opens must not hold up those behind it.
bool CallQueue::event(QEvent* event)
{
    if (event->type() != callWaits)
        return QObject::event(event);
    Call call;
    {
        const std::lock_guard lock(m_mutex);
        call = std::move(m_calls.front());
        m_calls.pop_front();
    }
    call();
    return true;
}

} // namespace torchdesk
