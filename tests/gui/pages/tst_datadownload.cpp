// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/newrunpage.h"
#include "gui/widgets/progressline.h"
#include "tests/gui/support/windowundertest.h"
#include "tests/support/fileserver.h"

#include <QSignalSpy>
#include <cmath>

using namespace torchdesk;
using namespace torchdesk::test;
using Play = Answer::Play;

namespace fs = std::filesystem;

namespace {

/// A home without data, and a loopback mirror that has MNIST.
class Setting
{
public:
    Setting()
        : m_home("HOME", m_folder.path().string()), m_data("TORCHDESK_DATA", ""),
          m_mirror("TORCHDESK_MIRROR", server.url()),
          m_authorities("SSL_CERT_FILE", server.authorities().string()), m_proxy("no_proxy", "127.0.0.1")
    {
        for (const PublishedFile& file : findPublished("mnist")->files)
            serve(file.name, Play::Good);
    }
    void serve(const std::string& name, Play play, std::size_t after = 0)
    {
        server.serve("/mnist/" + name,
                     {play, readText(datasets() / "mnist" / name).value_or(std::string()), after});
    }
    fs::path folder() const { return m_folder / "TorchDesk/data/mnist"; }

    FileServer server;

private:
    TemporaryFolder m_folder;
    ScopedVariable m_home;
    ScopedVariable m_data;
    ScopedVariable m_mirror;
    ScopedVariable m_authorities;
    ScopedVariable m_proxy;
};

constexpr const char* pictures = "train-images-idx3-ubyte.gz";

} // namespace

/// The download that the form of a new run offers.
class TestDataDownload : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { failOnWarnings(); }

    void offersWhatIsMissing();
    void stopsAndGoesOn();
    void saysWhyItFailed();
    void closingStopsIt();

private:
    static void enterMnist(WindowUnderTest& test);
};

void TestDataDownload::initTestCase()
{
    if (datasets().empty() || !fs::is_directory(datasets() / "mnist"))
        QSKIP("MNIST is not beside the checkout (TORCHDESK_DATASETS names the folder with mnist/)");
    prepareGui();
}

void TestDataDownload::enterMnist(WindowUnderTest& test)
{
    TrainingPlan plan = test.plan();
    plan.data = "mnist";
    test.child<NewRunPage>("newRunPage")->showPlan(plan);
    QTRY_VERIFY(test.button("download")->isVisible());
}

void TestDataDownload::offersWhatIsMissing()
{
    const Setting setting;
    WindowUnderTest test;
    test.enter();
    QVERIFY(!test.button("download")->isVisible());
    QTRY_VERIFY(test.child<NoteCombo>("data")->count() >= 6);
    auto* data = test.child<NoteCombo>("data");
    data->setCurrentIndex(data->findData(QStringLiteral("cifar-10")));
    QTRY_COMPARE(test.button("download")->text(), QStringLiteral("&Download (170 MB)"));
    QCOMPARE(data->note(), QStringLiteral("download 170 MB"));
    QCOMPARE(data->help(),
             QStringLiteral(
                 "60,000 colour pictures of 32×32 in 10 classes. Source: cs.toronto.edu/~kriz. Licence: none "
                 "stated; the author asks to be cited (Alex Krizhevsky, 2009). Not here yet: 170 MB to "
                 "download."));
    QVERIFY(test.button("chooseFolder")->isVisible());
    QVERIFY(!test.child<QWidget>("downloadFigures")->isVisible());
    test.enter(); // data that is there
    QVERIFY(!test.button("download")->isVisible());
    QVERIFY(setting.server.requests().empty()); // nothing is fetched unasked
}

void TestDataDownload::stopsAndGoesOn()
{
    Setting setting;
    setting.serve(pictures, Play::Stall, 1'000'000);
    WindowUnderTest test;
    enterMnist(test);
    test.button("download")->setFocus();
    QTest::keyClick(test.button("download"), Qt::Key_Space);
    QVERIFY(test.bridge().download().running());
    QVERIFY(!test.button("download")->isVisible());
    QTRY_VERIFY2(test.label("downloadFigures").startsWith(QStringLiteral("1.0\u00a0MB of 11.6\u00a0MB")),
                 qPrintable(test.label("downloadFigures")));
    QVERIFY(std::abs(test.child<ProgressLine>("downloadLine")->share() - 1'000'000 / 11'594'722.0) < 1e-6);
    QVERIFY(!test.bridge().canTrain());
    QCOMPARE(test.verdict(), QStringLiteral("MNIST is being downloaded."));
    QVERIFY(test.button("stopDownload")->hasFocus());
    QCOMPARE(test.button("stopDownload")->accessibleName(), QStringLiteral("Stop the download"));
    QTest::keyClick(test.button("stopDownload"), Qt::Key_Space);
    QVERIFY(!test.bridge().download().running());
    QVERIFY(test.button("download")->hasFocus());
    QVERIFY(!test.child<QWidget>("downloadFigures")->isVisible());
    QVERIFY(test.verdict().startsWith(QLatin1String("MNIST was not found:")));
    setting.serve(pictures, Play::Good);
    QSignalSpy arrived(&test.bridge().download(), &DataDownload::arrived);
    test.click("download");
    QVERIFY(arrived.wait(60'000));
    QTRY_VERIFY_WITH_TIMEOUT(test.bridge().canTrain(), 60'000);
    QVERIFY(!test.button("download")->isVisible());
    QVERIFY(!test.child<QWidget>("downloadFigures")->isVisible());
    QCOMPARE(QString::fromStdString(test.bridge().data().description.folder),
             QString::fromStdString(setting.folder().string()));
    const std::vector<std::string> asked = setting.server.requests();
    QCOMPARE(asked[1], std::string("/mnist/") + pictures + " from 1000000");
    QTRY_VERIFY(test.bridge().catalogue().data.at(1).available);
}

void TestDataDownload::saysWhyItFailed()
{
    const Setting setting;
    writeFile(setting.folder() / pictures, "something of one's own");
    WindowUnderTest test;
    enterMnist(test);
    test.click("download");
    QTRY_VERIFY2(test.verdict().contains(QLatin1String("is there, but it is not the published file")),
                 qPrintable(test.verdict()));
    QVERIFY(test.button("download")->isVisible()); // it can be tried again
    fs::remove(setting.folder() / pictures);
    test.click("download");
    QTRY_VERIFY_WITH_TIMEOUT(test.bridge().canTrain(), 60'000);
}

void TestDataDownload::closingStopsIt()
{
    Setting setting;
    setting.serve(pictures, Play::Stall, 500'000);
    {
        WindowUnderTest test;
        enterMnist(test);
        test.click("download");
        QTRY_VERIFY(test.label("downloadFigures").startsWith(QStringLiteral("500\u00a0kB")));
    }
    QCOMPARE(fs::file_size(setting.folder() / (std::string(pictures) + ".part")), std::uintmax_t{500'000});
}

QTEST_MAIN(TestDataDownload)
#include "tst_datadownload.moc"
