// SPDX-License-Identifier: GPL-3.0-or-later
// Shows the pieces of the window on their own and saves what it shows: torchdesk_gallery FOLDER. For looking,
// not a test.
#include "core/model/catalogue.h"
#include "gui/app/englishplurals.h"
#include "gui/app/icons.h"
#include "gui/app/theme.h"
#include "gui/charts/curvesview.h"
#include "gui/diagram/diagrampicture.h"
#include "gui/pages/devicepanel.h"
#include "gui/pages/layerspage.h"
#include "gui/widgets/card.h"
#include "gui/widgets/drawcanvas.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/meterrow.h"
#include "gui/widgets/picturegrid.h"
#include "gui/widgets/probabilitybars.h"
#include "gui/widgets/progressline.h"
#include "gui/widgets/sparkline.h"
#include "gui/widgets/verdictlabel.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QPushButton>
#include <QRadioButton>
#include <QSlider>
#include <QSpinBox>
#include <QStandardItemModel>
#include <QTabBar>
#include <QToolButton>
#include <QTreeView>
#include <algorithm>
#include <cmath>

using namespace torchdesk;

namespace {

QImage digit(int value)
{
    QImage image(28, 28, QImage::Format_Grayscale8);
    image.fill(Qt::black);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    QFont font = fontFor(TextRole::Strong);
    font.setPixelSize(24);
    painter.setFont(font);
    painter.setPen(Qt::white);
    painter.drawText(image.rect(), Qt::AlignCenter, QString::number(value));
    return image;
}

QWidget* fields()
{
    auto* box = new QWidget;
    box->setProperty("surface", "panel");
    box->setAttribute(Qt::WA_StyledBackground);
    box->setFixedWidth(space::leftWidth);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 16);
    auto* tabs = new QTabBar;
    tabs->addTab("New run");
    tabs->addTab("Runs (12)");
    tabs->addTab("Off");
    tabs->setTabEnabled(2, false);
    layout->addWidget(tabs);
    layout->addWidget(new Separator);
    auto* form = new QVBoxLayout;
    form->setContentsMargins(16, 8, 16, 8);
    layout->addLayout(form);
    auto* combo = new QComboBox;
    combo->addItems({"LeNet on MNIST, Adam, 20 epochs", "Another"});
    form->addWidget(makeLabel("Preset", TextRole::Label, Tone::Muted));
    form->addWidget(combo);
    auto* off = new QComboBox;
    off->addItem("disabled");
    off->setEnabled(false);
    form->addWidget(off);
    auto* line = new QLineEdit("0.001");
    form->addWidget(line);
    line->setObjectName("focusMe");
    form->addWidget(new QSpinBox);
    form->addWidget(new QCheckBox("Keep every checkpoint"));
    auto* checked = new QCheckBox("Shuffle");
    checked->setChecked(true);
    form->addWidget(checked);
    auto* radio = new QRadioButton("after this epoch");
    radio->setChecked(true);
    form->addWidget(radio);
    auto* slider = new QSlider(Qt::Horizontal);
    slider->setValue(60);
    form->addWidget(slider);
    auto* row = new QHBoxLayout;
    auto* pause = new QPushButton(themeIcon(IconName::Pause), "Pause");
    auto* stop = new QPushButton(themeIcon(IconName::Stop), "Stop");
    stop->setMenu(new QMenu(stop));
    stop->setProperty("menu", "true");
    auto* fit = new QPushButton("Fit");
    fit->setProperty("kind", "small");
    auto* gone = new QPushButton("Off");
    gone->setEnabled(false);
    for (auto* b : {pause, stop, fit, gone})
        row->addWidget(b);
    form->addLayout(row);
    auto* icons = new QHBoxLayout;
    for (int i = 0; i <= int(IconName::Application); ++i) {
        auto* label = new QLabel;
        label->setPixmap(themeIcon(IconName(i), i % 2 ? IconTint::Muted : IconTint::Text).pixmap(16, 16));
        icons->addWidget(label);
    }
    form->addLayout(icons);
    form->addStretch();
    auto* verdict = new VerdictLabel;
    verdict->setVerdict(
        VerdictLabel::Kind::Quiet,
        "44,426 parameters · 0.3 GB of 23.6 GB · about 0.4 s an epoch, 8 s in all (measured)");
    form->addWidget(verdict);
    auto* wrong = new VerdictLabel;
    wrong->setVerdict(VerdictLabel::Kind::Error, "MNIST was not found in the data folders.");
    form->addWidget(wrong);
    auto* bottom = new QHBoxLayout;
    auto* train = new QPushButton("Train");
    train->setProperty("kind", "primary");
    auto* copy = new QPushButton(themeIcon(IconName::Copy, IconTint::Muted), {});
    copy->setProperty("kind", "square");
    bottom->addWidget(train, 1);
    bottom->addWidget(copy);
    form->addLayout(bottom);
    return box;
}

QWidget* cards()
{
    auto* box = new QWidget;
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(16, 12, 16, 16);
    layout->setSpacing(12);
    auto* pictures = new Card("Drawn digits (built in)");
    pictures->setSubtitle("70,000 grey pictures of 28×28 in 10 classes, drawn by TorchDesk itself");
    auto* grid = new PictureGrid;
    std::vector<GridPicture> some;
    for (int i = 0; i < 40; ++i)
        some.push_back({digit(i % 10), QString::number(i % 10), i, {}});
    grid->setPictures(some);
    pictures->body()->addWidget(grid);
    layout->addWidget(pictures);
    auto* progress = new ProgressLine;
    progress->setShare(0.35);
    layout->addWidget(progress);
    auto* table = new Card("LeNet (Keras form)");
    table->setSubtitle("44,426 parameters · 0.28 M multiply-adds a picture");
    auto* tree = new QTreeView;
    auto* model = new QStandardItemModel(0, 3, tree);
    model->setHorizontalHeaderLabels({"Layer", "Kind", "Output"});
    for (const char* name : {"conv1", "pool1", "conv2"})
        model->appendRow({new QStandardItem(name), new QStandardItem("conv2d 6, 5×5 + relu"),
                          new QStandardItem("6×24×24")});
    tree->setModel(model);
    tree->setRootIsDecorated(false);
    table->body()->addWidget(tree);
    layout->addWidget(table, 1);
    return box;
}

QWidget* rightSide()
{
    auto* box = new QWidget;
    box->setProperty("surface", "panel");
    box->setAttribute(Qt::WA_StyledBackground);
    box->setFixedWidth(space::rightWidth + 80);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(16, 16, 16, 16);
    auto* memory = new MeterRow("Memory");
    memory->setValue("2.1 / 23.6 GB", 0.09);
    layout->addWidget(memory);
    auto* line = new Sparkline;
    for (int i = 0; i < 90; ++i)
        line->append(i < 10 ? 0.05 : 0.7 + 0.06 * std::sin(i));
    layout->addWidget(line);
    auto* canvas = new DrawCanvas;
    layout->addWidget(canvas);
    auto* bars = new ProbabilityBars;
    bars->setClasses({"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"});
    bars->setProbabilities({0.01f, 0.002f, 0.9f, 0.02f, 0, 0.03f, 0, 0.018f, 0.02f, 0});
    layout->addWidget(bars);
    layout->addStretch();
    return box;
}

void show(const QString& folder, const QString& name)
{
    QWidget window;
    window.setProperty("surface", "window");
    window.setAttribute(Qt::WA_StyledBackground);
    window.resize(1280, 800);
    auto* layout = new QHBoxLayout(&window);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(fields());
    layout->addWidget(cards(), 1);
    layout->addWidget(rightSide());
    window.show();
    window.findChild<QWidget*>("focusMe")->setFocus();
    QApplication::processEvents();
    window.grab().save(QDir(folder).filePath(name + ".png"));
}

void feed(CurvesView& view, int run, int steps, double speed, unsigned seed)
{
    std::vector<double> xs, losses, accuracies, seconds;
    unsigned state = seed * 7919 + 1;
    const auto noise = [&state] {
        return double((state = state * 1664525u + 1013904223u) >> 8) / 16777216.0 - 0.5;
    };
    for (int i = 1; i <= steps; ++i) {
        const double t = i / speed;
        const double loss = 2.25 * std::exp(-t / 90) + 0.25 * std::exp(-t / 900) + 0.05;
        xs.push_back(i);
        losses.push_back(std::max(0.01, loss * (1 + 0.5 * noise())));
        accuracies.push_back(std::clamp(1 - loss / 2.6 + 0.05 * noise(), 0.0, 1.0));
        seconds.push_back(i * 0.01);
        if (i % 420 == 0)
            view.appendValidation(run, i, loss * 0.6, 1 - loss / 4, i * 0.01);
    }
    view.appendTraining(run, xs, losses, accuracies, seconds);
}

void showCurves(const QString& folder, const QString& name, int runs, int steps)
{
    CurvesView view;
    view.setProperty("surface", "window");
    view.setAttribute(Qt::WA_StyledBackground);
    view.resize(720, 704);
    view.setStepsPerEpoch(420);
    for (int i = 0; i < runs; ++i)
        feed(view, *view.addRun(i == 0 ? "lenet-mnist" : "lenet lr 3e-4, seed 2"), steps, 1 + 0.6 * i,
             unsigned(i));
    if (runs == 1)
        view.setReference(0.113, "always answering the commonest class: 11.3 %");
    view.show();
    QApplication::processEvents();
    view.flush();
    if (name.contains("tip")) {
        const QPointF at(300, 120);
        QWidget* port = view.loss()->plot()->viewport();
        QMouseEvent move(QEvent::MouseMove, at, port->mapToGlobal(at), Qt::NoButton, Qt::NoButton,
                         Qt::NoModifier);
        QApplication::sendEvent(port, &move);
    }
    QApplication::processEvents();
    view.grab().save(QDir(folder).filePath(name + ".png"));
}

GpuSample card(int index, const char* name)
{
    GpuSample gpu;
    gpu.index = index;
    gpu.name = name;
    gpu.pciBus = "0000:01:00.0";
    gpu.memoryUsed = 2'100'000'000;
    gpu.memoryTotal = 25'757'220'864;
    gpu.watts = 182;
    gpu.wattsLimit = 450;
    gpu.celsius = 58;
    gpu.megahertz = 2520;
    gpu.processes = {{41522, "python3", 600'000'000},
                     {std::uint32_t(QCoreApplication::applicationPid()), "torchdesk", 1'200'000'000},
                     {1210, "Xorg", 200'000'000}};
    return gpu;
}

void showDevices(const QString& folder, const QString& name, int cards)
{
    DeviceSampler sampler;
    DevicePanel panel(&sampler);
    QObject::disconnect(&sampler, nullptr, &panel, nullptr); // made-up figures only
    panel.resize(240, 800);
    panel.show();
    DeviceFigures figures;
    figures.processor = "AMD EPYC";
    figures.cores = 2;
    figures.system = {0.12, 3'100'000'000, 23'000'000'000, 0.05, 145'000'000, 3100};
    figures.whyNoGpu = "No NVIDIA card was found, so training runs on the processor. That is fine for small "
                       "networks such as this one.";
    EngineInfo engine{"LibTorch", "2.11.0+cu130", "AVX-512, bf16", cards ? "13.0" : "", ""};
    panel.setEngine(engine, {{"cuda:0", "NVIDIA RTX 4090", 1, 1, "0000:01:00.0"}});
    if (cards) {
        figures.driver = "580.65.06";
        figures.cuda = "13.0";
        panel.setRunFacts({{"Energy", "0.4 Wh"}, {"Peak GPU memory", "1.1 GB"}});
    }
    for (int i = 0; i < 80; ++i) {
        figures.system.processorShare = 0.12 + 0.03 * std::sin(i * 1.3);
        figures.gpus.clear();
        for (int c = 0; c < cards; ++c) {
            figures.gpus.push_back(card(c, c ? "NVIDIA RTX 3060" : "NVIDIA RTX 4090"));
            figures.gpus.back().compute = i < 15 ? 0.02 : 0.71 + 0.05 * std::sin(i * 0.9);
        }
        panel.setFigures(figures);
    }
    QApplication::processEvents();
    QApplication::processEvents();
    panel.grab().save(QDir(folder).filePath(name + ".png"));
    DeviceStatusLine line(&sampler);
    line.setFigures(figures);
    line.resize(1100, 28);
    line.grab().save(QDir(folder).filePath(name + "-line.png"));
}

void showLayers(const QString& folder, const QString& suffix, const QSize& size)
{
    for (const char* name : {"lenet", "alexnet", "resnet18", "resnet50", "mobilenetv2"}) {
        const auto file = findModel(name);
        const auto model = file ? lower(*file, file->input, file->classes) : failure(file);
        if (!model)
            continue;
        Bridge bridge(BridgeSetup{});
        LayersPage page(bridge);
        page.setProperty("surface", "window");
        page.setAttribute(Qt::WA_StyledBackground);
        page.resize(size);
        page.showModel(*model);
        page.setFocusPolicy(Qt::StrongFocus);
        page.setFocus();
        page.show();
        QApplication::processEvents();
        page.grab().save(QDir(folder).filePath(QStringLiteral("layers-") + name + suffix + ".png"));
    }
}

/// What goes onto paper: everything unfolded.
void showPictures(const QString& folder)
{
    for (const char* name : {"resnet18", "resnet50", "mobilenetv2"}) {
        const auto file = findModel(name);
        const auto model = file ? lower(*file, file->input, file->classes) : failure(file);
        if (!model)
            continue;
        Diagram diagram(*model, layerTree(*model));
        diagram.setFolded({});
        diagramImage(diagram, 1).save(QDir(folder).filePath(QStringLiteral("diagram-") + name + ".png"));
    }
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QCoreApplication::installTranslator(new EnglishPlurals(&application));
    const QString folder = argc > 1 ? QString::fromLocal8Bit(argv[1]) : QDir::currentPath();
    for (const auto appearance : {Appearance::Light, Appearance::Dark}) {
        ThemeManager::instance().install(application, appearance);
        const QString suffix = "-" + appearanceText(appearance);
        show(folder, "widgets" + suffix);
        showDevices(folder, "devices-cpu" + suffix, 0);
        showDevices(folder, "devices-gpu" + suffix, 1);
        showDevices(folder, "devices-gpus" + suffix, 3);
        showCurves(folder, "curves" + suffix, 1, 2886);
        showCurves(folder, "curves-start" + suffix, 1, 30);
        showCurves(folder, "curves-empty" + suffix, 0, 0);
        showCurves(folder, "curves-runs" + suffix, 8, 2000);
        showCurves(folder, "curves-tip" + suffix, 2, 2886);
        showPictures(folder);
        showLayers(folder, suffix, {720, 676});
        showLayers(folder, "-wide" + suffix, {1040, 876});
    }
    return 0;
}
