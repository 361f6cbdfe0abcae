// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/pythonmodel.h"
#include "core/export/pythontext.h"
#include "tests/core/model/modelsupport.h"

#include <QProcess>
#include <QStandardPaths>
#include <cmath>
#include <limits>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

RunModel lenetOfARun()
{
    RunModel run;
    run.model = *loweredByName("lenet");
    run.classes = {"0", "1", "2", "3", "4", "5", "6", "7", "it's \\n", "neun"};
    run.preprocessing.shape = {1, 28, 28};
    return run;
}

std::string scriptFor(const RunModel& run, const std::filesystem::path& file,
                      ExportFormat format = ExportFormat::PyTorch)
{
    std::vector<std::uint8_t> sample(784);
    for (std::size_t i = 0; i < sample.size(); ++i)
        sample[i] = static_cast<std::uint8_t>(i);
    const std::vector<float> logits = {1, -2.5F, 0.1F, 0, 0, 0, 0, 0, 0, 3};
    return pythonScript(run, file, file.parent_path() / "model.py", format, sample, logits);
}

/// Runs Python on a program that gets \p input; its standard output, or what went wrong.
QByteArray runPython(const QString& program, const std::string& input)
{
    QProcess process;
    process.start("python3", {"-c", program});
    process.write(input.data(), static_cast<qint64>(input.size()));
    process.closeWriteChannel();
    process.waitForFinished(60'000);
    return process.exitCode() == 0 ? process.readAllStandardOutput() : process.readAllStandardError();
}

bool hasPython()
{
    return !QStandardPaths::findExecutable("python3").isEmpty();
}

} // namespace

class TestPythonScript : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void loadsEachFormatInItsWay();
    void preprocessingIsApplied();
    void numbersAreExact();
    void base64IsThatOfTheStandard();
    void pythonReadsQuotesBack();
    void interactivePythonTakesEveryLine();
};

void TestPythonScript::loadsEachFormatInItsWay()
{
    const auto has = [](const std::string& script, const char* line) {
        return script.find(std::string(line) + "\n") != std::string::npos;
    };
    const std::string pt = scriptFor(lenetOfARun(), "/tmp/my runs/lenet.pt");
    QVERIFY(has(pt, "folder = '/tmp/my runs'"));
    QVERIFY(has(pt, "from model import LeNet"));
    QVERIFY(has(pt, "weights = torch.load(os.path.join(folder, 'lenet.pt'), weights_only=True)"));
    QVERIFY(has(pt, "network.load_state_dict(weights, strict=True)"));
    QVERIFY(!has(pt, "import safetensors.torch"));
    const std::string safe = scriptFor(lenetOfARun(), "/tmp/lenet.safetensors", ExportFormat::Safetensors);
    QVERIFY(has(safe, "import safetensors.torch"));
    QVERIFY(has(safe, "weights = safetensors.torch.load_file(os.path.join(folder, 'lenet.safetensors'))"));
    const std::string odd = scriptFor(lenetOfARun(), "/tmp/\xff/a.safetensors", ExportFormat::Safetensors);
    QVERIFY(has(odd, "folder = os.fsdecode(b'/tmp/\\xff')"));
    QVERIFY(has(
        odd, "weights = safetensors.torch.load(open(os.path.join(folder, 'a.safetensors'), 'rb').read())"));
    // The format decides, whatever the name ends with.
    const std::string named = scriptFor(lenetOfARun(), "/tmp/a.safetensors", ExportFormat::PyTorch);
    QVERIFY(has(named, "weights = torch.load(os.path.join(folder, 'a.safetensors'), weights_only=True)"));
    const std::string plain = scriptFor(lenetOfARun(), "/tmp/a.pt", ExportFormat::Safetensors);
    QVERIFY(has(plain, "weights = safetensors.torch.load_file(os.path.join(folder, 'a.pt'))"));
    // A relative path is made absolute: the script may be pasted anywhere.
    const std::string here = scriptFor(lenetOfARun(), "lenet.pt");
    QVERIFY(has(here, ("folder = '" + std::filesystem::current_path().native() + "'").c_str()));
}

void TestPythonScript::preprocessingIsApplied()
{
    RunModel run = lenetOfARun();
    const std::string plain = scriptFor(run, "/tmp/a.pt");
    QVERIFY(plain.find(".reshape(1, 1, 28, 28).to(torch.float32) * 0.00392156862745098\n") !=
            std::string::npos);
    QVERIFY(plain.find("mean") == std::string::npos);
    run.preprocessing.mean = {0.1307};
    run.preprocessing.deviation = {0.3081};
    const std::string full = scriptFor(run, "/tmp/a.pt");
    QVERIFY(
        full.find("mean = torch.tensor([0.1307], dtype=torch.float32).reshape(1, -1, 1, 1)\nx = x - mean\n"
                  "deviation = torch.tensor([0.3081], dtype=torch.float32).reshape(1, -1, 1, 1)\nx = x / "
                  "deviation\n") != std::string::npos);
    QCOMPARE(full, scriptFor(run, "/tmp/a.pt"));
}

void TestPythonScript::numbersAreExact()
{
    QCOMPARE(python::number(0.1F), std::string("0.1"));
    QCOMPARE(python::number(1.0 / 255.0), std::string("0.00392156862745098"));
    QCOMPARE(python::number(1e-5), std::string("1e-05"));
    QCOMPARE(python::number(std::nanf("")), std::string("float('nan')"));
    QCOMPARE(python::number(-std::numeric_limits<double>::infinity()), std::string("float('-inf')"));
}

void TestPythonScript::base64IsThatOfTheStandard()
{
    // RFC 4648, section 10
    const std::string text = "foobar";
    const auto encoded = [&](std::size_t length) {
        return python::base64({reinterpret_cast<const std::uint8_t*>(text.data()), length}, "  ");
    };
    QCOMPARE(encoded(0), std::string("  ''\n"));
    QCOMPARE(encoded(4), std::string("  'Zm9vYg=='\n"));
    QCOMPARE(encoded(6), std::string("  'Zm9vYmFy'\n"));
}

void TestPythonScript::pythonReadsQuotesBack()
{
    QCOMPARE(python::text("it's \\ \""), std::string("'it\\'s \\\\ \"'"));
    QCOMPARE(python::path("/tmp/\xff'\n"), std::string("os.fsdecode(b'/tmp/\\xff\\'\\x0a')"));
    if (!hasPython())
        QSKIP("python3 is not installed here");
    for (const std::string& path :
         {std::string("/tmp/plain"), std::string("/tmp/it's \"\\ {}$`"), std::string("/tmp/数据"),
          std::string("/tmp/\xff\xfe\n\r\t'\"\\"), std::string("/tmp/\x7f\xc3")}) {
        const QByteArray read =
            runPython("import os, sys\nsys.stdout.buffer.write(os.fsencode(eval(sys.stdin.buffer.read())))",
                      python::path(path));
        QCOMPARE(read.toStdString(), path);
    }
}

void TestPythonScript::interactivePythonTakesEveryLine()
{
    if (!hasPython())
        QSKIP("python3 is not installed here");
    // What the interactive interpreter does with each line, without running anything.
    const QString program = R"(
import codeop, sys
pending = []
for line in sys.stdin.buffer.read().decode().split('\n'):
    pending.append(line)
    if codeop.compile_command('\n'.join(pending)) is not None:
        pending = []
print('left over:', pending)
)";
    for (const ExportFormat format : {ExportFormat::PyTorch, ExportFormat::Safetensors}) {
        for (const char* file : {"/tmp/it's/lenet", "/tmp/\xff/lenet"})
            QCOMPARE(runPython(program, scriptFor(lenetOfARun(), file, format)),
                     QByteArray("left over: []\n"));
    }
    const auto model = pythonModel(lenetOfARun().model);
    VERIFY_OK(model);
    QCOMPARE(runPython("import ast, sys; print(len(ast.parse(sys.stdin.buffer.read()).body))", *model),
             QByteArray("2\n"));
}

QTEST_APPLESS_MAIN(TestPythonScript)
#include "tst_pythonscript.moc"
