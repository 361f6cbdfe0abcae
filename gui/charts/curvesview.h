// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/charts/curvechart.h"

#include <QWidget>
#include <optional>
#include <span>
#include <vector>

class QComboBox;
class QPushButton;

namespace torchdesk {

class SmoothingSlider;

/// The page of curves: loss above accuracy with one x axis, and a row with smoothing, the meaning of x,
/// linear or logarithmic loss, and Fit. One run is shown as training and validation; several (up to eight) in
/// a colour, dash and marker each. append… only stores; flush() at 5 Hz draws.
class CurvesView final : public QWidget
{
    Q_OBJECT

public:
    explicit CurvesView(QWidget* parent = nullptr);

    /// A handle for the run's curves; nullopt where eight are shown already.
    std::optional<int> addRun(const QString& name);
    void removeRun(int run);
    void clear(); ///< takes every run, the zoom and the reference away
    int runCount() const { return int(m_runs.size()); }

    /// Spans of equal length, one entry a step; accuracies are 0 … 1; \p seconds since the start, or empty.
    void appendTraining(int run, std::span<const double> steps, std::span<const double> losses,
                        std::span<const double> accuracies, std::span<const double> seconds = {});
    void appendValidation(int run, double step, std::optional<double> loss, std::optional<double> accuracy,
                          std::optional<double> seconds = {});

    /// Top-5 accuracy of the validation part, for a view of one run; the curve appears with its first point.
    void appendTopFive(int run, double step, double accuracy, std::optional<double> seconds = std::nullopt);
    void setStepsPerEpoch(double steps); ///< ticks stand at epochs; 0: unknown
    /// "always answering the commonest class: 91 %"; nullopt takes it away.
    void setReference(std::optional<double> accuracy, const QString& label = {});
    void setSmoothing(double weight);
    double smoothing() const;
    void flush();

    CurveChart* loss() const { return m_loss; }
    CurveChart* accuracy() const { return m_accuracy; }

public Q_SLOTS:
    void fit();

Q_SIGNALS:
    void smoothingChanged(double weight);

private:
    void smooth(double weight);
    struct Run
    {
        int id = 0;
        int place = 0; ///< 0 … 7: its colour
        QString name;
        int trainingLoss = 0, validationLoss = 0, trainingAccuracy = 0, validationAccuracy = 0;
        std::optional<int> topFive; ///< its series, where it has such figures
        bool validated = false;
    };

    QWidget* makeToolbar();
    Run* find(int run);
    void restyle();
    void offerModes();
    void chooseX();

    XRange* m_range = nullptr;
    CurveChart* m_loss = nullptr;
    CurveChart* m_accuracy = nullptr;
    SmoothingSlider* m_slider = nullptr;
    QComboBox* m_x = nullptr;
    QComboBox* m_y = nullptr;
    QPushButton* m_fit = nullptr;
    std::vector<Run> m_runs;
    int m_nextRun = 1;
    bool m_timed = false;
};

} // namespace torchdesk
