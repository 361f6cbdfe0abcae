// SPDX-License-Identifier: GPL-3.0-or-later
// What the charts cost: appending a million points to two series, and redrawing them at 900×400. Prints
// medians; it is no test, since a busy machine would fail it.
#include "gui/app/theme.h"
#include "gui/charts/curvechart.h"

#include <QApplication>
#include <QImage>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <functional>

using namespace torchdesk;

namespace {

constexpr int points = 1'000'000;

double milliseconds(const std::function<void()>& work)
{
    // The time of this thread alone: on a quiet machine the same as by the clock, on a busy one still true.
    const auto now = [] {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return double(time.tv_sec) * 1e3 + double(time.tv_nsec) / 1e6;
    };
    const double begin = now();
    work();
    return now() - begin;
}

double median(int repeats, const std::function<void()>& work)
{
    std::vector<double> times;
    for (int i = 0; i < repeats; ++i)
        times.push_back(milliseconds(work));
    std::nth_element(times.begin(), times.begin() + repeats / 2, times.end());
    return times[std::size_t(repeats / 2)];
}

double appendOne(CurveChart& chart, int id, int from, int count, double level)
{
    unsigned state = 12345u + unsigned(from);
    return milliseconds([&] {
        for (int i = from; i < from + count; ++i) {
            state = state * 1664525u + 1013904223u;
            const double noise = double(state >> 8) / 16777216.0;
            chart.append(id, i, level * std::exp(-i / 2e5) + 0.1 * noise, i * 0.001);
        }
    });
}

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    ThemeManager::instance().install(application, Appearance::Light);
    CurveChart chart(QStringLiteral("Loss"));
    chart.resize(900, 400);
    chart.setSmoothing(0.6);
    chart.show();
    const int first = chart.addSeries({"training", SeriesStyle::Role::Training, 0, false, {}, {}});
    const int second = chart.addSeries({"other", SeriesStyle::Role::Training, 0, false, {}, {}});
    const double appended = appendOne(chart, first, 1, points, 2) + appendOne(chart, second, 1, points, 1.5);
    const double caughtUp = milliseconds([&] { chart.flush(); });
    application.processEvents();

    QImage image(chart.size(), QImage::Format_ARGB32_Premultiplied);
    chart.render(&image); // first use of fonts and pens
    int next = points;
    const auto frame = [&] {
        chart.append(first, ++next, 0.2);
        chart.append(second, next, 0.3);
        chart.flush();
        chart.render(&image);
    };
    const double still = median(41, frame);
    bool closer = false;
    const double moved = median(41, [&] {
        closer = !closer;
        chart.xRange()->zoomTo(closer ? 1e5 : 2e5, closer ? 8e5 : 9e5);
        frame();
    });
    const double lines = median(41, [&] {
        chart.append(first, ++next, 0.2);
        chart.append(second, next, 0.3);
        chart.flush();
    });
    const double smoothing = median(5, [&] {
        chart.setSmoothing(chart.smoothing() > 0.7 ? 0.6 : 0.8);
        frame();
    });
    std::printf("two series of %d points at 900x400, raw and smoothed curve of each drawn\n", points);
    std::printf("append                    %7.3f us a point\n", appended * 1000 / (2.0 * points));
    std::printf("append, first drawing in  %7.3f us a point\n",
                (appended + caughtUp) * 1000 / (2.0 * points));
    std::printf("redraw, axis unchanged    %7.2f ms   (wanted: below 10)\n", still);
    std::printf("redraw, axis changed      %7.2f ms   (wanted: below 16)\n", moved);
    std::printf("  of it: new lines        %7.2f ms\n", lines);
    std::printf("smoothing changed         %7.2f ms\n", smoothing);
    return 0;
}
