// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/engine.h"
#include "gui/pages/devicesampler.h"

#include <QPointer>
#include <QWidget>
#include <utility>
#include <vector>

class QLabel;
class QVBoxLayout;

namespace torchdesk {

class ComputerSection;
class ElidedLabel;
class FactRows;
class GpuSection;

/// The column at the right: each card with meters, history and processes; without a card the processor and
/// the reason why. Figures come from \p sampler while the panel is visible.
class DevicePanel final : public QWidget
{
    Q_OBJECT

public:
    explicit DevicePanel(DeviceSampler* sampler, QWidget* parent = nullptr);
    ~DevicePanel() override;

    /// What the engine says of itself, once it is there.
    void setEngine(const EngineInfo& info, const std::vector<DeviceInfo>& devices);
    /// A word for why there is no engine, "missing"; empty: it is being loaded.
    void setEngineProblem(const QString& word);
    /// The device that a run uses or would use: "cpu", "cuda:0".
    void setDevice(const QString& device);
    void setFigures(const DeviceFigures& figures);
    /// "Peak GPU memory  1.1 GB" and the like; empty takes the part away.
    void setRunFacts(const std::vector<std::pair<QString, QString>>& facts);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QWidget* addPart(const QString& title, QWidget* content);
    void arrange(const std::vector<GpuSample>& gpus);
    void showProcesses(const std::vector<GpuSample>& gpus);
    void showReason();
    void showEnvironment();
    QString nameOf(const GpuSample& gpu) const; ///< "cuda:0", "" where the engine does not know the card
    QString detailOf(const GpuSample& gpu, bool whole) const;

    QPointer<DeviceSampler> m_sampler;
    QVBoxLayout* m_column = nullptr;
    QVBoxLayout* m_cards = nullptr;
    std::vector<GpuSection*> m_gpus;
    ComputerSection* m_processor = nullptr; ///< without a card
    QWidget* m_computerPart = nullptr;      ///< beside cards
    ComputerSection* m_computer = nullptr;
    QWidget* m_processPart = nullptr;
    FactRows* m_processes = nullptr;
    QWidget* m_reasonPart = nullptr;
    QLabel* m_reason = nullptr;
    QWidget* m_environmentPart = nullptr;
    FactRows* m_environment = nullptr;
    QWidget* m_runPart = nullptr;
    FactRows* m_run = nullptr;
    EngineInfo m_info;
    QString m_engineProblem;
    std::vector<DeviceInfo> m_devices;
    DeviceFigures m_figures;
    QString m_device = QStringLiteral("cpu");
};

/// The same in one line, for narrow windows.
class DeviceStatusLine final : public QWidget
{
    Q_OBJECT

public:
    explicit DeviceStatusLine(DeviceSampler* sampler, QWidget* parent = nullptr);
    ~DeviceStatusLine() override;
    void setEngine(const EngineInfo& info);
    void setFigures(const DeviceFigures& figures);
    QString text() const;

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QPointer<DeviceSampler> m_sampler;
    ElidedLabel* m_text = nullptr;
};

} // namespace torchdesk
