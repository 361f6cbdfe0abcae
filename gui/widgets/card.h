// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QHBoxLayout;
class QVBoxLayout;

namespace torchdesk {

class ElidedLabel;

/// A panel with rounded corners and a thin border: a header row (title bold, subtitle muted, room on the
/// right), then whatever is put into body().
class Card final : public QWidget
{
    Q_OBJECT

public:
    explicit Card(const QString& title = {}, QWidget* parent = nullptr);
    void setTitle(const QString& title);
    void setSubtitle(const QString& subtitle);
    /// The focus ring, for a card that is one thing to the keyboard.
    void setRing(bool shown);
    QString title() const;
    QString subtitle() const;
    /// Widgets added here stand at the right of the title.
    QHBoxLayout* header() const { return m_header; }
    QVBoxLayout* body() const { return m_body; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    ElidedLabel* m_title = nullptr;
    ElidedLabel* m_subtitle = nullptr;
    QHBoxLayout* m_header = nullptr;
    QVBoxLayout* m_body = nullptr;
    bool m_ring = false;
};

} // namespace torchdesk
