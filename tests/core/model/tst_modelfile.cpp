// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/model/modelsupport.h"

using namespace torchdesk;
using namespace torchdesk::test;

class TestModelFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatStandsInTheFile();
    void refusals_data();
    void refusals();
    void badNames_data();
    void badNames();
    void deepNestingIsRefused();
    void tooManyNodesAreRefused();
};

void TestModelFile::readsWhatStandsInTheFile()
{
    const TemporaryFolder folder;
    writeFile(folder / "my net.json",
              R"({"format":1,"label":"Mine","help":"Help.","input":[3,8,9],"classes":4,
        "body":{"kind":"sequential","layers":[{"kind":"linear","name":"fc","features":4}]}})");
    const auto file = readModel((folder / "my net.json").string());
    VERIFY_OK(file);
    QCOMPARE(file->name, std::string("my net"));
    QCOMPARE(file->label, std::string("Mine"));
    QCOMPARE(file->help, std::string("Help."));
    QCOMPARE(file->input, (Shape{3, 8, 9}));
    QCOMPARE(file->classes, std::int64_t{4});
    QCOMPARE(file->origin, (folder / "my net.json").string());
    QCOMPARE(file->body.kind, std::string("sequential"));
    const ModelNode wanted{"linear", "fc", Json{{"features", 4}}, {}, "body.layers[0]"};
    QVERIFY(file->body.children == std::vector{wanted});
    VERIFY_ERROR(readModel((folder / "none.json").string()), "No such file");
}

void TestModelFile::refusals_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* text, const char* message) { QTest::newRow(text) << text << message; };
    row("[]", "test.json: found [], wanted a JSON object.");
    row("{", "test.json cannot be used: it is no valid JSON");
    row(R"({"label":"x"})", "test.json: format: found nothing, wanted this field.");
    row(R"({"format":2,"layers":[]})",
        "test.json: format: found 2, wanted 1: the file is from a newer version of TorchDesk");
    row(R"({"format":"1"})", "test.json: format: found \"1\", wanted 1.");
    row(R"({"format":1,"input":[1,2,3],"classes":2,"body":{}})",
        "test.json: label: found nothing, wanted this field.");
    row(R"({"format":1,"label":" ","input":[1,2,3],"classes":2,"body":{}})",
        "test.json: label: found \" \", wanted the name");
    row(R"({"format":1,"label":"x","input":[1,28],"classes":2,"body":{}})",
        "test.json: input: found [1,28], wanted [channels, rows, columns], each from 1 to 65536.");
    row(R"({"format":1,"label":"x","input":[1,28,0],"classes":2,"body":{}})",
        "test.json: input: found [1,28,0]");
    row(R"({"format":1,"label":"x","input":[1,2,3],"classes":0,"body":{}})",
        "test.json: classes: found 0, wanted a whole number");
    row(R"({"format":1,"label":"x","input":[1,2,3],"classes":2,"bodi":{}})",
        "test.json: body: found nothing");
    row(R"({"format":1,"label":"x","input":[1,2,3],"classes":2,"body":{},"hepl":""})",
        "test.json: hepl: found an unknown key, wanted \"help\" perhaps.");
    row(R"({"format":1,"label":"x","input":[1,2,3],"classes":2,"body":{}})",
        "test.json: body.kind: found nothing");
    row(R"({"format":1,"label":"x","input":[1,2,3],"classes":2,"body":[]})",
        "test.json: body: found [], wanted a JSON object.");
    row(R"({"format":1,"label":"x","input":[1,2,3],"classes":2,"body":{"kind":7}})",
        "test.json: body.kind: found 7, wanted a text.");
    row(R"({"format":1,"label":"x","input":[1,2,3],"classes":2,"body":{"kind":"conv2"}})",
        "test.json: body.kind: found an unknown layer \"conv2\", wanted \"conv2d\" perhaps.");
    row(R"({"format":1,"label":"x","input":[1,2,3],"classes":2,"body":{"kind":"transformer"}})",
        "wanted one of sequential, residual, concat, block, conv2d, maxpool2d, avgpool2d, ");
    row(R"({"format":1,"label":"x","input":[1,2,3],"classes":2,"body":{"kind":"sequential"}})",
        "test.json: body.layers: found nothing, wanted this field.");
    row(R"({"format":1,"label":"x","input":[1,2,3],"classes":2,"body":{"kind":"sequential","layers":{}}})",
        "test.json: body.layers: found {}, wanted an array of layers.");
    row(R"({"format":1,"label":"x","input":[1,2,3],"classes":2,"body":{"kind":"sequential","layers":[]}})",
        "test.json: body.layers: found an empty array, wanted at least one layer.");
    row(R"({"format":1,"label":"x","input":[1,2,3],"classes":2,"body":{"kind":"sequential","title":"a","layers":[{"kind":"relu"}]}})",
        "test.json: body.title: found an unknown key");
    row(R"({"format":1,"label":"x","input":[1,2,3],"classes":2,"body":{"kind":"sequential","layers":[7]}})",
        "test.json: body.layers[0]: found 7, wanted a JSON object.");
}

void TestModelFile::refusals()
{
    QFETCH(QString, text);
    QFETCH(QString, message);
    VERIFY_ERROR(modelOf(text.toStdString()), message.toStdString());
}

void TestModelFile::badNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("wanted");
    const char* letters = "wanted a name of letters, digits and _ that does not begin with a digit.";
    for (const char* name : {"", "1a", "a.b", "a b", "ä", "fc-1"})
        QTest::addRow("'%s'", name) << name << letters;
    for (const char* name : {"class", "None", "lambda"})
        QTest::addRow("%s", name) << name << "wanted a name that is no Python keyword.";
    for (const char* name : {"forward", "type", "train", "__init__", "_modules", "register_buffer"})
        QTest::addRow("%s", name) << name << "wanted a name that nn.Module does not use itself.";
    QTest::newRow("long") << QString(101, 'a') << "wanted a name of at most 100 characters.";
}

void TestModelFile::badNames()
{
    QFETCH(QString, name);
    QFETCH(QString, wanted);
    const std::string layer = Json{{"kind", "relu"}, {"name", name.toStdString()}}.dump();
    VERIFY_ERROR(modelOf(modelText(layer)), "test.json: body.layers[0].name: found \"");
    VERIFY_ERROR(modelOf(modelText(layer)), wanted.toStdString());
    VERIFY_OK(modelOf(modelText(R"({"kind":"relu","name":"_Relu_1"},{"kind":"relu","name":"match"})")));
    VERIFY_ERROR(
        modelOf(modelText(
            R"({"kind":"relu","name":"a"},{"kind":"sequential","layers":[{"kind":"relu","name":"a"}]})")),
        "body.layers[1].layers[0].name: found \"a\", wanted a name that no other layer has.");
}

void TestModelFile::deepNestingIsRefused()
{
    const auto nested = [](int levels) {
        std::string layer = R"({"kind":"flatten"})";
        for (int i = 0; i < levels; ++i)
            layer = R"({"kind":"sequential","layers":[)" + layer + "]}";
        return modelText(layer);
    };
    // The body is level 1, the layer the last one.
    VERIFY_OK(modelOf(nested(30)));
    VERIFY_ERROR(modelOf(nested(31)), "found a node at level 33, wanted at most 32 levels.");
    VERIFY_ERROR(modelOf(nested(5000)), "test.json cannot be used: it is nested deeper than");
    const TemporaryFolder folder;
    writeFile(folder / "deep.json", nested(31));
    VERIFY_ERROR(readModel((folder / "deep.json").string()), "wanted at most 32 levels.");
}

void TestModelFile::tooManyNodesAreRefused()
{
    // As values: the library's parser takes a time that grows with the square of an array's length.
    const auto many = [](int count) {
        Json json = *parseJson(modelText(R"({"kind":"flatten"})"), "test.json");
        Json& layers = json["body"]["layers"];
        for (int i = 0; i < count - 3; ++i)
            layers.push_back({{"kind", "relu"}});
        layers.push_back({{"kind", "linear"}, {"features", "classes"}});
        return modelFromJson(json, "test", "test.json");
    };
    const auto most = many(10'000);
    VERIFY_OK(most);
    VERIFY_OK(lower(*most, most->input, most->classes));
    VERIFY_ERROR(many(10'001), "body.layers[9999]: found more nodes, wanted at most 10000 in a model.");
}

QTEST_APPLESS_MAIN(TestModelFile)
#include "tst_modelfile.moc"
