// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/sha256.h"
#include "core/data/download/downloader.h"
#include "core/data/download/partfile.h"
#include "tests/support/fileserver.h"

#include <algorithm>
#include <thread>

using namespace torchdesk;
using namespace torchdesk::test;
using Play = Answer::Play;

namespace fs = std::filesystem;

namespace {

/// 300,000 bytes that differ from place to place.
std::string someContent(char first = 1)
{
    std::string text(300'000, '\0');
    unsigned state = static_cast<unsigned char>(first);
    for (char& byte : text) {
        state = state * 1'664'525u + 1'013'904'223u;
        byte = static_cast<char>(state >> 24);
    }
    return text;
}

std::string readAll(const fs::path& file)
{
    return readText(file).value_or("it cannot be read");
}

} // namespace

class TestDownloader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void fetchesOverHttps();
    void mirrorsThatFailAreLeft_data();
    void mirrorsThatFailAreLeft();
    void theErrorNamesEachMirror();
    void goesOnWhereItStopped();
    void beginsAgainWhereThePartWasWrong();
    void beginsAgainWhereTheRangeIsIgnored();
    void aMirrorThatIsCutIsAskedForTheRest();
    void aStallIsLeftInTime();
    void aStopIsAnsweredAtOnce();
    void onlyTrustedCertificates();
    void onlyHttps();
    void keepsWhatIsThere();
    void twoAtATimeAreRefused();
    void tellsItsProgress();
    void ownMirrorIsTriedFirst();
    void theTableIsSound();

private:
    PublishedSet setOf(const std::vector<std::string>& paths) const;
    Expected<void> fetch(const PublishedSet& set, std::stop_token stop = {},
                         const DownloadSink& sink = {}) const;
    fs::path target() const { return *m_folder / "data/file.bin"; }
    fs::path part() const { return *m_folder / "data/file.bin.part"; }

    const std::string m_content = someContent();
    std::unique_ptr<TemporaryFolder> m_folder;
    std::unique_ptr<FileServer> m_server;
    std::unique_ptr<ScopedVariable> m_noProxy;
};

void TestDownloader::init()
{
    m_noProxy = std::make_unique<ScopedVariable>("no_proxy", "127.0.0.1");
    m_folder = std::make_unique<TemporaryFolder>();
    m_server = std::make_unique<FileServer>();
    m_server->serve("/good", {Play::Good, m_content, 0});
}

void TestDownloader::cleanup()
{
    m_server.reset();
    m_folder.reset();
    m_noProxy.reset();
}

PublishedSet TestDownloader::setOf(const std::vector<std::string>& paths) const
{
    PublishedFile file{"file.bin", m_content.size(), sha256(std::as_bytes(std::span(m_content))), {}};
    for (const std::string& path : paths)
        file.urls.push_back(path.starts_with("/") ? m_server->url(path) : path);
    return {"made-up", "Made up", {file}};
}

Expected<void> TestDownloader::fetch(const PublishedSet& set, std::stop_token stop,
                                     const DownloadSink& sink) const
{
    DownloadSettings settings;
    settings.authorities = m_server->authorities();
    settings.connectTimeout = std::chrono::seconds(3);
    settings.stallTimeout = std::chrono::seconds(3);
    return Downloader(settings).fetch(set, *m_folder / "data", sink, stop);
}

void TestDownloader::fetchesOverHttps()
{
    VERIFY_OK(fetch(setOf({"/good"})));
    QVERIFY(readAll(target()) == m_content);
    QVERIFY(!fs::exists(part()));
}

void TestDownloader::mirrorsThatFailAreLeft_data()
{
    QTest::addColumn<int>("play");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("after");
    QTest::addColumn<QString>("reason");
    const QByteArray good = QByteArray::fromStdString(m_content);
    const QByteArray other = QByteArray::fromStdString(someContent(2));
    const auto row = [](const char* name, Play play, const QByteArray& content, int after,
                        const char* reason) {
        QTest::newRow(name) << int(play) << content << after << QString::fromUtf8(reason);
    };
    row("wrong content", Play::Good, other, 0,
        "has another file than the published one (its SHA-256 differs)");
    row("cut", Play::Cut, good, 1000, "was cut off after ");
    row("cut at once", Play::Cut, good, 0, "closed the connection without an answer");
    row("stall", Play::Stall, good, 10000, "sent nothing more for 3 s, after ");
    row("says more", Play::SayMore, good, 7, "has a file of 300,007 bytes, the published one has 300,000");
    row("shorter", Play::Good, good.left(1000), 0,
        "has a file of 1,000 bytes, the published one has 300,000");
    row("longer", Play::Good, good + good, 0, "has a file of 600,000 bytes, the published one has 300,000");
    row("endless", Play::Endless, good, 0, "sends more than the published 300,000 bytes");
    row("not found", Play::Status, {}, 404, "answered 404");
    row("broken", Play::Status, {}, 500, "answered 500");
    row("empty", Play::Status, {}, 200, "has a file of 0 bytes, the published one has 300,000");
    row("to http", Play::Redirect, "http://127.0.0.1:1/good", 0, "leads to an address that is not https");
    row("to a file", Play::Redirect, "file:///etc/hostname", 0, "leads to an address that is not https");
    row("to itself", Play::Redirect, "/bad", 0, "leads from address to address");
}

void TestDownloader::mirrorsThatFailAreLeft()
{
    QFETCH(int, play);
    QFETCH(QByteArray, content);
    QFETCH(int, after);
    QFETCH(QString, reason);
    m_server->serve("/bad", {Play(play), content.toStdString(), std::size_t(after)});
    const auto alone = fetch(setOf({"/bad"}));
    QVERIFY(!alone);
    QVERIFY2(QString::fromStdString(alone.error().message).contains(reason), alone.error().message.c_str());
    QVERIFY(!fs::exists(target())); // nothing has its name that is not verified
    VERIFY_OK(fetch(setOf({"/bad", "/good"})));
    QVERIFY(readAll(target()) == m_content);
}

void TestDownloader::theErrorNamesEachMirror()
{
    m_server->serve("/stays", {Play::Good, someContent(3), 0});
    const auto failed = fetch(setOf({"/none", "/stays"}));
    VERIFY_ERROR(failed, "Made up could not be downloaded: no mirror gave file.bin. 127.0.0.1:");
    VERIFY_ERROR(failed, " answered 404; 127.0.0.1:");
    VERIFY_ERROR(failed,
                 " has another file than the published one (its SHA-256 differs). Check the connection");
    QCOMPARE(m_server->requests().size(), std::size_t{2});
    QVERIFY(!fs::exists(part())); // nothing came that is worth keeping
}

void TestDownloader::goesOnWhereItStopped()
{
    writeFile(part(), m_content.substr(0, 123'456));
    VERIFY_OK(fetch(setOf({"/good"})));
    QVERIFY(readAll(target()) == m_content);
    QCOMPARE(m_server->requests(), (std::vector<std::string>{"/good from 123456"}));
    // What was whole already needs no mirror.
    fs::rename(target(), part());
    VERIFY_OK(fetch(setOf({})));
    QVERIFY(readAll(target()) == m_content);
}

void TestDownloader::beginsAgainWhereThePartWasWrong()
{
    writeFile(part(), someContent(4).substr(0, 100'000));
    VERIFY_OK(fetch(setOf({"/good"})));
    QVERIFY(readAll(target()) == m_content);
    QCOMPARE(m_server->requests(), (std::vector<std::string>{"/good from 100000", "/good"}));
    fs::remove(target());
    writeFile(part(), m_content + "too much");
    VERIFY_OK(fetch(setOf({"/good"})));
    QVERIFY(readAll(target()) == m_content);
}

void TestDownloader::beginsAgainWhereTheRangeIsIgnored()
{
    m_server->serve("/whole", {Play::IgnoreRange, m_content, 0});
    writeFile(part(), m_content.substr(0, 100'000));
    VERIFY_OK(fetch(setOf({"/whole"})));
    QVERIFY(readAll(target()) == m_content);
    fs::remove(target());
    m_server->serve("/other", {Play::OtherPart, m_content, 0});
    writeFile(part(), m_content.substr(0, 100'000));
    VERIFY_ERROR(fetch(setOf({"/other"})), "sends another part than the one that was asked for");
    QCOMPARE(fs::file_size(part()), std::uintmax_t{100'000});
    VERIFY_OK(fetch(setOf({"/other", "/good"})));
    QVERIFY(readAll(target()) == m_content);
}

void TestDownloader::aMirrorThatIsCutIsAskedForTheRest()
{
    m_server->serve("/cut", {Play::Cut, m_content, 100'000});
    VERIFY_OK(fetch(setOf({"/none", "/cut"})));
    QVERIFY(readAll(target()) == m_content);
    QCOMPARE(m_server->requests(),
             (std::vector<std::string>{"/none", "/cut", "/none from 100000", "/cut from 100000",
                                       "/none from 200000", "/cut from 200000"}));
}

void TestDownloader::aStallIsLeftInTime()
{
    m_server->serve("/stall", {Play::Stall, m_content, 50'000});
    VERIFY_OK(fetch(setOf({"/stall", "/good"})));
    QVERIFY(readAll(target()) == m_content);
    QCOMPARE(m_server->requests(), (std::vector<std::string>{"/stall", "/good from 50000"}));
}

void TestDownloader::aStopIsAnsweredAtOnce()
{
    m_server->serve("/stall", {Play::Stall, m_content, 50'000});
    DownloadSettings settings; // with its 30 seconds
    settings.authorities = m_server->authorities();
    std::stop_source stop;
    const auto sink = [&](const DownloadProgress& progress) {
        if (progress.done == 50'000)
            stop.request_stop();
    };
    const auto done =
        Downloader(settings).fetch(setOf({"/stall"}), *m_folder / "data", sink, stop.get_token());
    QVERIFY(!done && done.error().kind == ErrorKind::Cancelled);
    QVERIFY(!fs::exists(target()));
    QCOMPARE(fs::file_size(part()), std::uintmax_t{50'000});
    VERIFY_OK(fetch(setOf({"/good"})));
    QCOMPARE(m_server->requests().back(), std::string("/good from 50000"));
    QVERIFY(readAll(target()) == m_content);
}

void TestDownloader::onlyTrustedCertificates()
{
    const FileServer other;
    DownloadSettings settings;
    settings.authorities = other.authorities();
    VERIFY_ERROR(Downloader(settings).fetch(setOf({"/good"}), *m_folder / "data"),
                 "shows a certificate that is not trusted");
    QVERIFY(m_server->requests().empty());
    const ScopedVariable trusted("SSL_CERT_FILE", m_server->authorities().string());
    VERIFY_OK(Downloader().fetch(setOf({"/good"}), *m_folder / "data"));
}

void TestDownloader::onlyHttps()
{
    VERIFY_ERROR(fetch(setOf({"http://127.0.0.1:1/file"})),
                 "127.0.0.1:1 leads to an address that is not https");
    writeFile(*m_folder / "local", m_content);
    VERIFY_ERROR(fetch(setOf({"file://" + (*m_folder / "local").string()})), "is not https");
    VERIFY_ERROR(fetch(setOf({"https://127.0.0.1:1/file"})), "127.0.0.1:1 cannot be reached");
}

void TestDownloader::keepsWhatIsThere()
{
    writeFile(target(), m_content);
    VERIFY_OK(fetch(setOf({"/good"})));
    QVERIFY(m_server->requests().empty());
    const std::string mine = someContent(5);
    writeFile(target(), mine);
    VERIFY_ERROR(fetch(setOf({"/good"})), "file.bin is there, but it is not the published file");
    QVERIFY(readAll(target()) == mine);
    fs::remove(target());
    writeFile(*m_folder / "file", "no folder");
    VERIFY_ERROR(Downloader().fetch(setOf({"/good"}), *m_folder / "file"), "Cannot make the folder");
}

void TestDownloader::twoAtATimeAreRefused()
{
    const PublishedSet set = setOf({"/good"});
    fs::create_directories(*m_folder / "data");
    {
        const auto held = PartFile::open(set.files[0], *m_folder / "data");
        VERIFY_OK(held);
        const auto second = fetch(set);
        VERIFY_ERROR(second, "is being downloaded by another TorchDesk");
        QVERIFY(second.error().kind == ErrorKind::Locked);
    }
    VERIFY_OK(fetch(set));
}

void TestDownloader::tellsItsProgress()
{
    PublishedSet set = setOf({"/good"});
    PublishedFile second = set.files[0];
    second.name = "second.bin";
    set.files.push_back(second);
    std::vector<DownloadProgress> told;
    VERIFY_OK(fetch(set, {}, [&](const DownloadProgress& progress) { told.push_back(progress); }));
    QVERIFY(!told.empty());
    QVERIFY(std::is_sorted(told.begin(), told.end(),
                           [](const auto& a, const auto& b) { return a.done < b.done; }));
    QCOMPARE(told.back().done, std::uint64_t{600'000});
    QCOMPARE(told.back().total, std::uint64_t{600'000});
    QVERIFY(told.back().host.starts_with("127.0.0.1:"));
    QCOMPARE(downloadText({"a", "b", 45'000'000, 170'000'000, 12'500'000}),
             std::string("45.0 MB of 170 MB, 12.5 MB/s, 10 s left"));
    QCOMPARE(downloadText({"a", "b", 0, 170'000'000, 0}), std::string("0 bytes of 170 MB"));
}

void TestDownloader::ownMirrorIsTriedFirst()
{
    const ScopedVariable mirror("TORCHDESK_MIRROR", "https://mirror.example.org/data/");
    for (const PublishedSet& set : publishedSets()) {
        for (const PublishedFile& file : set.files) {
            QCOMPARE(file.urls.front(), "https://mirror.example.org/data/" + set.name + "/" + file.name);
            QVERIFY(file.urls.size() >= 3);
        }
    }
}

void TestDownloader::theTableIsSound()
{
    for (const PublishedSet& set : publishedSets()) {
        QVERIFY(findPublished(set.name)->bytes() == set.bytes());
        for (const PublishedFile& file : set.files) {
            QCOMPARE(file.sha256.size(), std::size_t{64});
            QVERIFY(file.size > 0 && file.urls.size() >= 2);
            for (const std::string& url : file.urls)
                QVERIFY2(url.starts_with("https://") && url.ends_with("/" + file.name), url.c_str());
        }
    }
    QVERIFY(!findPublished("synthetic-digits"));
    if (datasets().empty() || !fs::is_directory(datasets() / "mnist"))
        QSKIP("MNIST is not beside the checkout (TORCHDESK_DATASETS names the folder with mnist/)");
    for (const PublishedFile& file : findPublished("mnist")->files) {
        QCOMPARE(fs::file_size(datasets() / "mnist" / file.name), std::uintmax_t{file.size});
        QCOMPARE(sha256OfFile(datasets() / "mnist" / file.name).value(), file.sha256);
    }
}

QTEST_GUILESS_MAIN(TestDownloader)
#include "tst_downloader.moc"
