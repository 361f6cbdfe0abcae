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

const std::vector<std::string> shipped = {"alexnet",  "lenet",    "lenet5",   "mlp",      "mobilenetv2",
                                          "resnet18", "resnet20", "resnet34", "resnet50", "smallcnn"};

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
    QCOMPARE(names(models), shipped);
    const auto lenet = std::find_if(models.begin(), models.end(),
                                    [](const ModelFile& model) { return model.name == "lenet"; });
    QCOMPARE(lenet->label, std::string("LeNet (Keras form)"));
    QCOMPARE(lenet->help, std::string("Two convolutions and three dense layers for small grey pictures."));
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
    auto withMine = shipped;
    withMine.emplace_back("mine");
    QCOMPARE(names(modelCatalogue()), withMine);
    QCOMPARE(findModel("lenet")->label, std::string("Test"));
    QCOMPARE(findModel("mine")->label, std::string("Test"));
}

void TestCatalogue::brokenFileIsAProblemAndNoMore()
{
    const TemporaryFolder folder;
    const ScopedVariable variable("TORCHDESK_MODELS", folder.path().string());
    writeFile(folder / "lenet.json", "{");
    std::vector<Error> problems;
    QCOMPARE(names(modelCatalogue(&problems)), shipped);
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
    VERIFY_ERROR(findModel("transformer"), "smallcnn, or a path with a '/' in it.");
    QCOMPARE(findModel("x").error().kind, ErrorKind::NotFound);
}

QTEST_APPLESS_MAIN(TestCatalogue)
#include "tst_catalogue.moc"
