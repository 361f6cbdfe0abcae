// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/safetensors.h"
#include "core/model/catalogue.h"
#include "core/plan/options.h"
#include "core/plan/presets.h"
#include "gui/pages/newrunpage.h"
#include "gui/widgets/ratecurve.h"
#include "tests/gui/support/windowundertest.h"
#include "tests/support/testsupport.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>
#include <clocale>

using namespace torchdesk;
using test::WindowUnderTest;

class TestNewRunPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { test::prepareGui(); }
    void init() { test::failOnWarnings(); }

    void hasAFieldForEachOption();
    void showsFiveFieldsAndHidesTheRest();
    void saysWhatIsWrongWithAValue_data();
    void saysWhatIsWrongWithAValue();
    void goesBackToThePreset();
    void showsHelpUnderTheFocusedField();
    void showsWhatAppliesOnly();
    void copiesThePlanAsACommand();
    void summarisesTheSettings();
    void takesADecimalComma();
    void namesFilesAndFoldersOfMissingData();
    void dataFolderIsChosenOrTyped();
    void beginsWithWeights();
    void publishedWeightsBringTheirNormalisation();
    void takesAPreset();
    void newestChoiceWins();
    void namesWhatDevicesHaveFree();
    void takesAnOwnModelFile();
    void takesAFolderOfOnesOwn();
    void saysWhatIsWrongWithAnOwnFile();
    void keysStepPastTheChooser();
    void curveFollowsTheSchedule();

private:
    /// Opens the list by its keys, goes to its end and takes that.
    static void takeTheLastByKeys(NoteCombo* combo);
    static void type(WindowUnderTest& test, const char* name, const QString& text);
    /// Weights of the model for 3 classes of grey pictures.
    static std::vector<NamedTensor> zerosOf(const char* model);
    static void chooseWeights(WindowUnderTest& test, const std::filesystem::path& file);
};

void TestNewRunPage::type(WindowUnderTest& test, const char* name, const QString& text)
{
    auto* line = test.child<QLineEdit>(name);
    line->clear();
    QTest::keyClicks(line, text);
}

void TestNewRunPage::hasAFieldForEachOption()
{
    WindowUnderTest test;
    for (const Option& option : optionTable()) {
        const auto* field = test.child<OptionField>(("field_" + option.id).c_str());
        QVERIFY2(!field->editor()->accessibleName().isEmpty(), option.id.c_str());
        QCOMPARE(field->value().toStdString(), optionText(test.bridge().plan(), option));
    }
}

void TestNewRunPage::showsFiveFieldsAndHidesTheRest()
{
    WindowUnderTest test;
    QVERIFY(test.child<QWidget>("preset")->isVisible());
    for (const char* name : {"model", "data", "epochs", "device"})
        QVERIFY2(test.child<QWidget>(name)->isVisible(), name);
    QVERIFY(!test.child<QWidget>("seed")->isVisible());
    test.click("moreSettings");
    QVERIFY(test.child<QWidget>("seed")->isVisible());
}

void TestNewRunPage::saysWhatIsWrongWithAValue_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("a word") << "epochs"
                            << "ten"
                            << "Epochs: found \"ten\", wanted a whole number from 1 to 100000.";
    QTest::newRow("nothing") << "epochs"
                             << ""
                             << "Epochs: found \"\", wanted a whole number from 1 to 100000.";
    QTest::newRow("too little") << "epochs"
                                << "0"
                                << "Epochs: found 0, wanted a whole number from 1 to 100000.";
    QTest::newRow("not finite") << "learning_rate"
                                << "inf"
                                << "Learning rate: found inf, wanted a number above 0, at most 100.";
    QTest::newRow("negative") << "batch_size"
                              << "-3"
                              << "Batch size: found -3, wanted a whole number from 1 to 65536.";
}

void TestNewRunPage::saysWhatIsWrongWithAValue()
{
    QFETCH(QString, field);
    QFETCH(QString, typed);
    QFETCH(QString, sentence);
    WindowUnderTest test;
    test.enter();
    test.click("moreSettings");
    const QByteArray name = field.toUtf8();
    const QString before = test.child<QLineEdit>(name)->text();
    auto* line = test.child<QLineEdit>(name);
    line->setFocus();
    line->selectAll();
    typed.isEmpty() ? QTest::keyClick(line, Qt::Key_Delete) : QTest::keyClicks(line, typed);
    QCOMPARE(test.label(("help_" + name).constData()), sentence);
    QVERIFY(test.child<QLabel>(("help_" + name).constData())->isVisible());
    QCOMPARE(test.verdict(), sentence);
    QVERIFY(!test.button("train")->isEnabled());
    line->selectAll();
    QTest::keyClicks(line, before);
    QTRY_VERIFY(test.button("train")->isEnabled());
}

void TestNewRunPage::goesBackToThePreset()
{
    WindowUnderTest test;
    type(test, "epochs", QStringLiteral("7"));
    QCOMPARE(test.bridge().plan().epochs, 7);
    QVERIFY(test.button("reset_epochs")->isVisible());
    QCOMPARE(test.button("reset_epochs")->toolTip(), QStringLiteral("Back to 5"));
    test.click("reset_epochs");
    QCOMPARE(test.bridge().plan().epochs, 5);
    QVERIFY(!test.button("reset_epochs")->isVisible());
}

void TestNewRunPage::showsHelpUnderTheFocusedField()
{
    WindowUnderTest test;
    test.window().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&test.window()));
    QVERIFY(!test.child<QLabel>("help_epochs")->isVisible());
    test.child<QWidget>("epochs")->setFocus();
    QTRY_VERIFY(test.child<QLabel>("help_epochs")->isVisible());
    QCOMPARE(test.label("help_epochs"), QString::fromStdString(findOption("epochs")->help));
    test.child<QWidget>("device")->setFocus();
    QTRY_VERIFY(!test.child<QLabel>("help_epochs")->isVisible());
}

void TestNewRunPage::showsWhatAppliesOnly()
{
    WindowUnderTest test;
    test.click("moreSettings");
    QVERIFY(!test.child<QWidget>("momentum")->isVisible());
    auto* optimizer = test.child<NoteCombo>("optimizer");
    optimizer->setCurrentIndex(optimizer->findData(QStringLiteral("sgd")));
    QVERIFY(test.child<QWidget>("momentum")->isVisible());
    QCOMPARE(test.bridge().plan().optimizer, std::string("sgd"));
}

void TestNewRunPage::copiesThePlanAsACommand()
{
    WindowUnderTest test;
    type(test, "epochs", QStringLiteral("7"));
    test.click("copyCommand");
    const QString command = QGuiApplication::clipboard()->text();
    QVERIFY2(command.startsWith(QLatin1String("torchdesk-cli train ")), qPrintable(command));
    QVERIFY2(command.contains(QLatin1String("--epochs 7")), qPrintable(command));
    QCOMPARE(command.toStdString(), asCommand(test.bridge().plan()));
}

void TestNewRunPage::summarisesTheSettings()
{
    WindowUnderTest test;
    test.enter(presets().front().plan);
    QCOMPARE(test.label("moreSummary"), QStringLiteral("Adam 0.001, batch 128, seed 1"));
    type(test, "seed", QStringLiteral("7"));
    QCOMPARE(test.label("moreSummary"), QStringLiteral("Adam 0.001, batch 128, <b>seed 7 •</b>"));
}

void TestNewRunPage::takesADecimalComma()
{
    const QLocale before;
    QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
    {
        WindowUnderTest test;
        type(test, "learning_rate", QStringLiteral("0,002"));
        QCOMPARE(test.bridge().plan().learningRate, 0.002);
        type(test, "learning_rate", QStringLiteral("0.003"));
        QCOMPARE(test.bridge().plan().learningRate, 0.003);
        QTRY_VERIFY(test.button("train")->isEnabled());
        QVERIFY(test.verdict().startsWith(QLatin1String("44,426 parameters")));
    }
    QLocale::setDefault(before);
}

void TestNewRunPage::namesFilesAndFoldersOfMissingData()
{
    test::ScopedVariable searched("TORCHDESK_DATA", "/nowhere/at/all");
    WindowUnderTest test;
    TrainingPlan plan = test.plan();
    const std::string there = plan.data;
    plan.data = "mnist";
    test.child<NewRunPage>("newRunPage")->showPlan(plan);
    QTRY_VERIFY2(test.verdict().contains(QLatin1String("train-images-idx3-ubyte")),
                 qPrintable(test.verdict()));
    QVERIFY2(test.verdict().contains(QLatin1String("/nowhere/at/all")), qPrintable(test.verdict()));
    QVERIFY(test.button("chooseFolder")->isVisible());
    QVERIFY(!test.button("train")->isEnabled());
    QCOMPARE(test.label("help_data"), QStringLiteral("MNIST was not found. More stands above Train."));
    QVERIFY(test.child<QLabel>("help_data")->isVisible());
    QVERIFY(test.child<QLabel>("noData")->isVisible()); // and no pictures of other data
    QVERIFY(!test.child<QWidget>("dataPictures")->isVisible());
    test.bridge().train();
    QCOMPARE(test.label("runMessage"), QStringLiteral("MNIST was not found. The log says more."));
    plan.dataFolder = there;
    test.child<NewRunPage>("newRunPage")->showPlan(plan);
    QTRY_VERIFY2(test.button("train")->isEnabled(), qPrintable(test.verdict()));
    QVERIFY(!test.button("chooseFolder")->isVisible());
    QVERIFY(test.child<QWidget>("dataPictures")->isVisible());
    QVERIFY(test.label("runMessage").startsWith(QLatin1String("Press Train to begin.")));
}

void TestNewRunPage::dataFolderIsChosenOrTyped()
{
    WindowUnderTest test;
    test.enter();
    test.click("moreSettings");
    type(test, "data_folder", QStringLiteral("/nowhere/at/all"));
    QTRY_VERIFY(test.child<QLabel>("help_data_folder")->isVisible());
    QVERIFY2(test.verdict().startsWith(QLatin1String("The data folder /nowhere/at/all is not there.")),
             qPrintable(test.verdict()));
    QVERIFY(!test.button("train")->isEnabled());
    test.click("choose_data_folder");
    auto* dialog = test.child<QFileDialog>("dataDialog");
    const QString folder = QString::fromStdString(test.folder().string());
    Q_EMIT dialog->fileSelected(folder);
    dialog->close();
    QTRY_VERIFY(test.button("train")->isEnabled());
    QCOMPARE(test.child<QLineEdit>("data_folder")->text(), folder);
    // The next one begins where this was chosen.
    QTRY_VERIFY(!test.window().findChild<QFileDialog*>());
    test.click("choose_data_folder");
    QCOMPARE(test.child<QFileDialog>("dataDialog")->directory().absolutePath(),
             QFileInfo(folder).absolutePath());
}

std::vector<NamedTensor> TestNewRunPage::zerosOf(const char* model)
{
    std::vector<NamedTensor> tensors;
    const LoweredModel lowered = lower(findModel(model).value(), {1, 28, 28}, 3).value();
    for (const LoweredNode& node : lowered.nodes)
        for (const ParameterSpec& spec : node.parameters)
            tensors.push_back(
                {spec.name, DType::F32, spec.shape,
                 std::make_shared<const Bytes>(static_cast<std::size_t>(elementCount(spec.shape).value()) *
                                               sizeof(float))});
    return tensors;
}

void TestNewRunPage::chooseWeights(WindowUnderTest& test, const std::filesystem::path& file)
{
    test.click("choose_weights");
    auto* dialog = test.child<QFileDialog>("weightsDialog");
    Q_EMIT dialog->fileSelected(QString::fromStdString(file.string()));
    dialog->close();
    QTRY_VERIFY(!test.window().findChild<QFileDialog*>());
}

void TestNewRunPage::beginsWithWeights()
{
    const test::TemporaryFolder folder;
    std::vector<NamedTensor> tensors = zerosOf("lenet");
    VERIFY_OK(writeAtomically(folder / "lenet.safetensors", writeSafetensors(tensors)));
    tensors.pop_back();
    tensors.erase(tensors.begin());
    VERIFY_OK(writeAtomically(folder / "other.safetensors", writeSafetensors(tensors)));

    WindowUnderTest test;
    test.enter();
    test.click("moreSettings");
    QVERIFY(!test.child<QWidget>("field_freeze")->isVisible());
    chooseWeights(test, folder / "other.safetensors");
    QTRY_VERIFY(test.child<QLabel>("help_weights")->isVisible());
    QTRY_VERIFY(test.verdict().contains(QLatin1String("conv1.weight is missing")));
    chooseWeights(test, folder / "lenet.safetensors");
    QTRY_VERIFY2(
        test.label("startHint").contains(QLatin1String("8 of 10 tensors matched, fc3 is new for 10")),
        qPrintable(test.label("startHint")));
    QVERIFY(test.button("train")->isEnabled());
    QVERIFY(test.child<QWidget>("field_freeze")->isVisible());
    QVERIFY(!test.child<QWidget>("field_freeze_layer")->isVisible());
    QCOMPARE(test.bridge().plan().normalise, std::string("none")); // nobody publishes a LeNet
}

void TestNewRunPage::publishedWeightsBringTheirNormalisation()
{
    const test::TemporaryFolder folder;
    const auto file = folder / "mobilenet_v2.safetensors";
    VERIFY_OK(writeAtomically(file, writeSafetensors(zerosOf("mobilenetv2"))));
    WindowUnderTest test;
    TrainingPlan plan = test.plan();
    plan.model = "mobilenetv2";
    test.enter(plan);
    test.click("moreSettings");
    chooseWeights(test, file);
    QCOMPARE(test.bridge().plan().normalise, std::string("imagenet"));
    QTRY_VERIFY2(test.label("startHint").contains(QLatin1String("Normalise was set to ImageNet's")),
                 qPrintable(test.label("startHint")));
    plan = test.bridge().plan();
    plan.normalise = "none";
    test.enter(plan);
    QVERIFY2(test.label("startHint").contains(QLatin1String("choose that under Normalise")),
             qPrintable(test.label("startHint")));
}

void TestNewRunPage::takesAPreset()
{
    WindowUnderTest test;
    auto* preset = test.child<NoteCombo>("preset");
    for (int i = preset->count() - 1; i >= 0; --i) {
        preset->setCurrentIndex(i);
        const TrainingPlan& wanted = presets()[static_cast<std::size_t>(i)].plan;
        QCOMPARE(test.bridge().plan().model, wanted.model);
        QCOMPARE(test.bridge().plan().epochs, wanted.epochs);
        QVERIFY(!test.button("reset_epochs")->isVisible());
    }
    // One for pictures of one's own leaves the data as it is chosen, and that is no change to it.
    TrainingPlan own = test.bridge().plan();
    own.data = (test.folder() / "data").string();
    test.child<NewRunPage>("newRunPage")->showPlan(own);
    preset->setCurrentIndex(preset->count() - 1);
    QCOMPARE(test.bridge().plan().model, std::string("resnet18"));
    QCOMPARE(test.bridge().plan().data, own.data);
    QVERIFY(!test.button("reset_data")->isVisible());
}

void TestNewRunPage::newestChoiceWins()
{
    WindowUnderTest test;
    for (int epochs = 1; epochs <= 30; ++epochs)
        type(test, "epochs", QString::number(epochs));
    QTRY_VERIFY(test.bridge().canTrain());
    QCOMPARE(test.bridge().verdict().job->plan.epochs, 30);
}

void TestNewRunPage::namesWhatDevicesHaveFree()
{
    WindowUnderTest test;
    auto* device = test.child<NoteCombo>("device");
    QTRY_COMPARE(device->count(), 2);
    QCOMPARE(device->itemText(0), QStringLiteral("Automatic"));
    QCOMPARE(device->itemText(1), QStringLiteral("cpu A made-up processor, 4.0 GB free"));
    test.enter();
    QTRY_COMPARE(device->note(), QStringLiteral("cpu"));
}

void TestNewRunPage::takeTheLastByKeys(NoteCombo* combo)
{
    combo->setFocus();
    QTest::keyClick(combo, Qt::Key_F4);
    QTRY_VERIFY(combo->view()->isVisible());
    QTest::keyClick(combo->view(), Qt::Key_End);
    QTest::keyClick(combo->view(), Qt::Key_Return);
}

void TestNewRunPage::takesAnOwnModelFile()
{
    WindowUnderTest test;
    test.enter();
    const std::string file = (test.folder() / "my-net.json").string();
    std::filesystem::copy_file(TORCHDESK_SOURCE_DIR "/models/lenet.json", file);
    auto* model = test.child<NoteCombo>("model");
    QCOMPARE(model->itemText(model->count() - 1), QStringLiteral("Model file…"));
    takeTheLastByKeys(model);
    QTRY_VERIFY(test.window().findChild<QFileDialog*>(QStringLiteral("modelDialog")));
    QCOMPARE(test.bridge().plan().model, std::string("lenet")); // nothing is chosen yet
    Q_EMIT test.child<QFileDialog>("modelDialog")->fileSelected(QString::fromStdString(file));
    QCOMPARE(test.bridge().plan().model, file);
    QCOMPARE(model->currentText(), QStringLiteral("my-net.json"));
    QCOMPARE(model->currentData(Qt::ToolTipRole).toString().toStdString(), file);
    QCOMPARE(model->itemText(model->count() - 1), QStringLiteral("Model file…"));
    QTRY_VERIFY_WITH_TIMEOUT(test.bridge().canTrain(), 60'000);
}

void TestNewRunPage::takesAFolderOfOnesOwn()
{
    WindowUnderTest test;
    const std::string folder = test.bridge().plan().data;
    test.enter(presets().front().plan);
    auto* data = test.child<NoteCombo>("data");
    takeTheLastByKeys(data);
    QTRY_VERIFY(test.window().findChild<QFileDialog*>(QStringLiteral("dataDialog")));
    Q_EMIT test.child<QFileDialog>("dataDialog")->fileSelected(QString::fromStdString(folder));
    QCOMPARE(test.bridge().plan().data, folder);
    QCOMPARE(data->currentText(), QStringLiteral("data"));
    QCOMPARE(data->currentData(Qt::ToolTipRole).toString().toStdString(), folder);
    QTRY_VERIFY_WITH_TIMEOUT(test.bridge().canTrain(), 60'000);
    QCOMPARE(data->note(), QStringLiteral("270 + 30 + 50"));
}

void TestNewRunPage::saysWhatIsWrongWithAnOwnFile()
{
    WindowUnderTest test;
    test.enter();
    TrainingPlan plan = test.plan();
    plan.model = (test.folder() / "bad.json").string();
    test::writeFile(plan.model, "{");
    test.child<NewRunPage>("newRunPage")->showPlan(plan);
    QTRY_VERIFY2(test.label("help_model").contains(QLatin1String("bad.json")),
                 qPrintable(test.label("help_model")));
    QVERIFY(test.child<QLabel>("help_model")->isVisible());
    plan = test.plan();
    plan.data = (test.folder() / "empty").string();
    std::filesystem::create_directory(plan.data);
    test.child<NewRunPage>("newRunPage")->showPlan(plan);
    QTRY_VERIFY2(test.label("help_data").contains(QLatin1String("empty")),
                 qPrintable(test.label("help_data")));
    QVERIFY(!test.child<QLabel>("help_model")->isVisible());
    QVERIFY(!test.button("train")->isEnabled());
}

void TestNewRunPage::keysStepPastTheChooser()
{
    WindowUnderTest test;
    auto* model = test.child<NoteCombo>("model");
    QTRY_VERIFY(model->count() > 3);
    model->setFocus();
    QSignalSpy wanted(model, &NoteCombo::chooserWanted);
    for (int i = 0; i < model->count() + 2; ++i)
        QTest::keyClick(model, Qt::Key_Down);
    QTest::keyClick(model, Qt::Key_End);
    QCoreApplication::processEvents();
    QCOMPARE(wanted.size(), 0);
    QVERIFY(!model->value().isEmpty());
    QCOMPARE(model->value().toStdString(), test.bridge().plan().model);
}

void TestNewRunPage::curveFollowsTheSchedule()
{
    WindowUnderTest test;
    auto* curve = test.child<RateCurve>("rateCurve");
    QVERIFY(curve->isHidden());
    TrainingPlan plan = test.plan();
    plan.schedule.kind = "step";
    plan.schedule.stepEvery = "50%";
    test.child<NewRunPage>("newRunPage")->showPlan(plan);
    QVERIFY(!curve->isHidden());
    const auto& rates = curve->rates();
    QCOMPARE(rates.front(), plan.learningRate);
    QVERIFY(rates.back() < rates.front() * 0.11);
    QVERIFY(curve->place(0).y() < curve->place(rates.size() - 1).y());
    QVERIFY(!test.child<QWidget>("field_schedule_step")->isHidden());
    QVERIFY(test.child<QWidget>("field_milestones")->isHidden());
}

QTEST_MAIN(TestNewRunPage)
#include "tst_newrunpage.moc"
