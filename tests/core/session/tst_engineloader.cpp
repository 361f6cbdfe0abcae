// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/engineloader.h"
#include "core/session/engineopening.h"
#include "tests/support/testsupport.h"

using namespace torchdesk;
using namespace torchdesk::test;

namespace fs = std::filesystem;

class TestEngineLoader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTheVersion_data();
    void readsTheVersion();
    void versionIsMissing();
    void looksOnlyWhereItIsTold();
    void noLibTorch();
    void wrongVersion();
    void damagedLibTorch();
    void missingModule();
    void missingNamedModule();
    void damagedModule();
    void moduleCutShort();
    void noEngineInModule();
    void anotherBuildIsRefused();
    void theFakeNeedsNoLibTorch();
    void theUsualSearchFollowsTheEnvironment();
    void loadedOnce();

private:
    /// A search below a folder of its own, with a module that claims to need LibTorch.
    EngineSearch search();
    void putLibTorch(const std::string& version);

    std::optional<TemporaryFolder> m_folder;
    ScopedVariable m_driver{"TORCHDESK_LIBCUDA", "/nowhere/libcuda.so.1"};
};

EngineSearch TestEngineLoader::search()
{
    m_folder.emplace();
    writeFile(*m_folder / "torchdesk_engine.so", "no library, but the text libtorch_cpu.so stands in it");
    EngineSearch made;
    made.module = *m_folder / "torchdesk_engine.so";
    made.libtorchFolders = {*m_folder / "torch"};
    made.libtorchVersion = "2.11.0";
    made.buildId = usualSearch().buildId;
    return made;
}

void TestEngineLoader::putLibTorch(const std::string& version)
{
    writeFile(*m_folder / "torch/lib/libtorch_cpu.so", "no library");
    writeFile(*m_folder / "torch/lib/libc10.so", "no library");
    writeFile(*m_folder / "torch/version.py",
              "from typing import Optional\n\n__version__ = '" + version + "'\n");
}

void TestEngineLoader::readsTheVersion_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("content");
    QTest::addColumn<QString>("version");
    QTest::newRow("wheel") << "version.py"
                           << "__all__ = ['__version__']\n__version__ = '2.11.0+cu130'\ncuda = '13.0'\n"
                           << "2.11.0+cu130";
    QTest::newRow("double quotes") << "version.py"
                                   << "__version__ = \"2.4.0\""
                                   << "2.4.0";
    QTest::newRow("archive") << "build-version"
                             << "2.11.0+cpu\n"
                             << "2.11.0+cpu";
}

void TestEngineLoader::readsTheVersion()
{
    QFETCH(QString, file);
    QFETCH(QString, content);
    QFETCH(QString, version);
    const TemporaryFolder folder;
    writeFile(folder / file.toStdString(), content.toStdString());
    const auto found = libtorchVersion(folder.path());
    VERIFY_OK(found);
    QCOMPARE(*found, version.toStdString());
}

void TestEngineLoader::versionIsMissing()
{
    const TemporaryFolder folder;
    VERIFY_ERROR(libtorchVersion(folder.path()), "does not tell its version");
    writeFile(folder / "version.py", "__version__ = 2");
    VERIFY_ERROR(libtorchVersion(folder.path()), "does not tell its version");
    writeFile(folder / "build-version", "\n");
    VERIFY_ERROR(libtorchVersion(folder.path()), "does not tell its version");
}

void TestEngineLoader::looksOnlyWhereItIsTold()
{
    EngineSearch made = search();
    putLibTorch("2.11.0");
    const auto usual = findLibTorch(made);
    VERIFY_OK(usual);
    QVERIFY(*usual == *m_folder / "torch");
    made.namedLibTorch = *m_folder / "elsewhere";
    VERIFY_ERROR(findLibTorch(made), "elsewhere: run installer/setup");
}

void TestEngineLoader::noLibTorch()
{
    const EngineSearch made = search();
    const auto engine = openEngine(made);
    VERIFY_ERROR(engine, "LibTorch was not found in " + (*m_folder / "torch").string() +
                             ": run installer/setup, or set TORCHDESK_LIBTORCH to a folder that holds "
                             "lib/libtorch_cpu.so.");
    QVERIFY(engine.error().kind == ErrorKind::NotFound);
}

void TestEngineLoader::wrongVersion()
{
    const EngineSearch made = search();
    putLibTorch("2.4.0+cpu");
    VERIFY_ERROR(openEngine(made), "has version 2.4.0+cpu, wanted 2.11.0: run installer/setup");
    putLibTorch("2.11.0.dev1");
    VERIFY_ERROR(openEngine(made), "has version 2.11.0.dev1, wanted 2.11.0");
}

void TestEngineLoader::damagedLibTorch()
{
    const EngineSearch made = search();
    putLibTorch("2.11.0+cu130"); // right by its version, but not a library
    const auto engine = openEngine(made);
    VERIFY_ERROR(engine, "lib/libc10.so could not be opened");
    QVERIFY(engine.error().details.find("libc10.so") != std::string::npos);
}

void TestEngineLoader::missingModule()
{
    EngineSearch made = search();
    fs::remove(made.module);
    VERIFY_ERROR(openEngine(made),
                 "this TorchDesk was built without LibTorch. Run installer/setup and build again.");
}

void TestEngineLoader::missingNamedModule()
{
    EngineSearch made = search();
    made.module = "/nowhere/engine.so";
    made.moduleIsNamed = true;
    VERIFY_ERROR(openEngine(made), "The engine /nowhere/engine.so that TORCHDESK_ENGINE names was not found");
}

void TestEngineLoader::damagedModule()
{
    EngineSearch made = search();
    writeFile(made.module, "neither a library nor in need of one");
    made.moduleIsNamed = true;
    const auto engine = openEngine(made);
    VERIFY_ERROR(engine, "torchdesk_engine.so could not be opened");
    QVERIFY(!engine.error().details.empty());
}

// Opened, it would kill the program with SIGBUS.
void TestEngineLoader::moduleCutShort()
{
    EngineSearch made = search();
    fs::copy_file(TORCHDESK_FAKE_ENGINE_FILE, made.module, fs::copy_options::overwrite_existing);
    fs::resize_file(made.module, fs::file_size(made.module) / 2);
    made.moduleIsNamed = true; // one that needs no LibTorch
    const auto engine = openEngine(made);
    VERIFY_ERROR(engine, "could not be opened: it is damaged");
    QCOMPARE(engine.error().details, std::string("the file is shorter than its header says"));
}

void TestEngineLoader::noEngineInModule()
{
    EngineSearch made = search();
    made.module = TORCHDESK_FAKE_NVML_FILE; // a good library, but no engine
    made.moduleIsNamed = true;
    VERIFY_ERROR(openEngine(made), "is no engine of TorchDesk");
}

void TestEngineLoader::anotherBuildIsRefused()
{
    EngineSearch made = search();
    made.module = TORCHDESK_FOREIGN_ENGINE_FILE;
    made.moduleIsNamed = true;
    const auto engine = openEngine(made);
    VERIFY_ERROR(engine, "comes from another build of TorchDesk: build program and engine together again.");
    QVERIFY(engine.error().details.find("another build") != std::string::npos);
}

void TestEngineLoader::theFakeNeedsNoLibTorch()
{
    EngineSearch made = search(); // no LibTorch there
    made.module = TORCHDESK_FAKE_ENGINE_FILE;
    made.moduleIsNamed = true;
    const auto engine = openEngine(made);
    VERIFY_OK(engine);
    QCOMPARE((*engine)->info().name, std::string("Fake"));
}

void TestEngineLoader::theUsualSearchFollowsTheEnvironment()
{
    const ScopedVariable module("TORCHDESK_ENGINE", "");
    const ScopedVariable folder("TORCHDESK_LIBTORCH", "");
    const EngineSearch usual = usualSearch();
    QCOMPARE(usual.module.filename().string(), std::string("torchdesk_engine.so"));
    QVERIFY(!usual.moduleIsNamed && usual.namedLibTorch.empty());
    QCOMPARE(usual.libtorchFolders.size(), std::size_t{2});
    QVERIFY(!usual.libtorchVersion.empty() && !usual.buildId.empty());
    const ScopedVariable named("TORCHDESK_ENGINE", "/opt/other.so");
    const ScopedVariable libtorch("TORCHDESK_LIBTORCH", "/opt/torch");
    QVERIFY(usualSearch().moduleIsNamed);
    QVERIFY(usualSearch().module == fs::path("/opt/other.so"));
    QVERIFY(usualSearch().namedLibTorch == fs::path("/opt/torch"));
}

void TestEngineLoader::loadedOnce()
{
    {
        const ScopedVariable missing("TORCHDESK_ENGINE", "/nowhere/engine.so");
        VERIFY_ERROR(loadEngine(), "was not found"); // and a later call tries again
    }
    const ScopedVariable fake("TORCHDESK_ENGINE", TORCHDESK_FAKE_ENGINE_FILE);
    const auto first = loadEngine();
    VERIFY_OK(first);
    const ScopedVariable other("TORCHDESK_ENGINE", "/nowhere/engine.so");
    const auto second = loadEngine();
    VERIFY_OK(second);
    QCOMPARE(first->get(), second->get());
}

QTEST_APPLESS_MAIN(TestEngineLoader)
#include "tst_engineloader.moc"
