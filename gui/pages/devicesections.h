// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/pages/devicesampler.h"

#include <QStringList>
#include <QWidget>
#include <utility>
#include <vector>

class QLabel;
class QVBoxLayout;

namespace torchdesk {

class ElidedLabel;
class FigureLabel;
class MeterRow;
class Sparkline;

/// Rows "LibTorch   2.11.0": names muted at the left, values at the right. Bold rows stand out.
class FactRows final : public QWidget
{
    Q_OBJECT

public:
    struct Row
    {
        QString name;
        QString value;
        bool strong = false;
        bool operator==(const Row&) const = default;
    };
    explicit FactRows(QWidget* parent = nullptr);
    void setRows(std::vector<Row> rows);
    const std::vector<Row>& rows() const { return m_rows; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {100, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    std::vector<Row> m_rows;
};

/// The last minute of one figure with a line of words below.
class HistoryPlot final : public QWidget
{
    Q_OBJECT

public:
    explicit HistoryPlot(const QString& caption, QWidget* parent = nullptr);
    void append(std::optional<double> share, const QString& figure);
    void clear();
    Sparkline* plot() const { return m_plot; }

private:
    Sparkline* m_plot = nullptr;
    FigureLabel* m_figure = nullptr;
};

/// One card: name, meters and, unless \p brief, history.
class GpuSection final : public QWidget
{
    Q_OBJECT

public:
    explicit GpuSection(bool brief, QWidget* parent = nullptr);
    /// \p detail: "cuda:0 · driver 580.65 · CUDA 13.0"; \p brief stands where that does not fit.
    void show(const GpuSample& sample, const QString& detail, const QString& brief);
    void clearHistory();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void fitDetail();

    QString m_whole;
    QString m_brief;
    ElidedLabel* m_name = nullptr;
    ElidedLabel* m_detail = nullptr;
    QLabel* m_note = nullptr;
    MeterRow* m_compute = nullptr;
    MeterRow* m_memory = nullptr;
    MeterRow* m_power = nullptr;
    MeterRow* m_temperature = nullptr;
    HistoryPlot* m_history = nullptr;
};

/// Processor, memory and, where it is the training device, what TorchDesk takes of them.
class ComputerSection final : public QWidget
{
    Q_OBJECT

public:
    /// \p main: the processor is the device that matters, so it has a name, this process's share and a
    /// history.
    explicit ComputerSection(bool main, QWidget* parent = nullptr);
    void show(const DeviceFigures& figures);
    void setDetail(const QString& detail);
    void clearHistory();

private:
    ElidedLabel* m_name = nullptr;
    ElidedLabel* m_detail = nullptr;
    MeterRow* m_processor = nullptr;
    MeterRow* m_memory = nullptr;
    MeterRow* m_own = nullptr;
    HistoryPlot* m_history = nullptr;
};

} // namespace torchdesk
