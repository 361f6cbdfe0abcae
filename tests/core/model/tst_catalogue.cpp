// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/model/modelsupport.h"

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

std::vector<std::string> names(const std::vector<ModelFile>& models)
{
    std::vector<std::string> result;
    for (const ModelFile& model : models)
        result.push_back(model.name);
    return result;
}

const std::string own = modelText(R"({"kind":"flatten"},{"kind":"linear","features":"classes"})");

} // namespace

class TestCatalogue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void shippedModels();
    void usersFolderAddsAndWins();
    void brokenFileIsAProblemAndNoMore();
    void findByPath();
    void unknownNameOffersTheClosest();
};

void TestCatalogue::shippedModels()
{
    const TemporaryFolder folder;
    const ScopedVariable variable("TORCHDESK_MODELS", (folder / "none").string());
    std::vector<Error> problems;
    const auto models = modelCatalogue(&problems);
    QVERIFY(problems.empty());
    QCOMPARE(names(models), (std::vector<std::string>{"lenet", "mlp"}));
    QCOMPARE(models[0].label, std::string("LeNet (Keras form)"));
    QCOMPARE(models[0].help, std::string("Two convolutions and three dense layers for small grey pictures."));
    QCOMPARE(models[1].label, std::string("Multi-layer perceptron"));
    for (const ModelFile& model : models)
        VERIFY_OK(lower(model, model.input, model.classes));
}

void TestCatalogue::usersFolderAddsAndWins()
{
    const TemporaryFolder folder;
    const ScopedVariable variable("TORCHDESK_MODELS", folder.path().string());
    writeFile(folder / "mine.json", own);
    writeFile(folder / "lenet.json", own);
    writeFile(folder / "notes.txt", "no model");
    const auto models = modelCatalogue();
    QCOMPARE(names(models), (std::vector<std::string>{"lenet", "mlp", "mine"}));
    QCOMPARE(models[0].label, std::string("Test"));
    QCOMPARE(findModel("lenet")->label, std::string("Test"));
    QCOMPARE(findModel("mine")->label, std::string("Test"));
}

void TestCatalogue::brokenFileIsAProblemAndNoMore()
{
    const TemporaryFolder folder;
    const ScopedVariable variable("TORCHDESK_MODELS", folder.path().string());
    writeFile(folder / "lenet.json", "{");
    std::vector<Error> problems;
    QCOMPARE(names(modelCatalogue(&problems)), (std::vector<std::string>{"lenet", "mlp"}));
    QCOMPARE(problems.size(), std::size_t{1});
    QVERIFY(problems[0].message.starts_with((folder / "lenet.json").string() + " cannot be used"));
    // Asked for by name, the user's own file decides.
    VERIFY_ERROR(findModel("lenet"), "cannot be used");
}

void TestCatalogue::findByPath()
{
    const TemporaryFolder folder;
    writeFile(folder / "mine.json", own);
    const auto model = findModel((folder / "mine.json").string());
    VERIFY_OK(model);
    QCOMPARE(model->name, std::string("mine"));
    VERIFY_ERROR(findModel((folder / "none.json").string()), "No such file");
}

void TestCatalogue::unknownNameOffersTheClosest()
{
    const TemporaryFolder folder;
    const ScopedVariable variable("TORCHDESK_MODELS", folder.path().string());
    VERIFY_ERROR(findModel("lennet"),
                 "Model: found \"lennet\", which is not known, wanted \"lenet\" perhaps, or a path");
    VERIFY_ERROR(findModel("transformer"), "wanted one of lenet, mlp, or a path with a '/' in it.");
    QCOMPARE(findModel("x").error().kind, ErrorKind::NotFound);
}

QTEST_APPLESS_MAIN(TestCatalogue)
#include "tst_catalogue.moc"
