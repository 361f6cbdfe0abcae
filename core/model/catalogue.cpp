// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/catalogue.h"

#include "core/base/embedded.h"
#include "core/base/paths.h"
#include "core/base/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

Expected<ModelFile> embeddedModel(const EmbeddedFile& file)
{
    const std::string source = std::string(file.name) + ".json";
    const auto json = parseJson(file.text, source);
    if (!json)
        return failure(json);
    return modelFromJson(*json, std::string(file.name), source);
}

/// The *.json files of the user's folder, sorted; a folder that is not there is an empty one.
std::vector<fs::path> userFiles(std::vector<Error>* problems)
{
    const fs::path folder = userModelsFolder();
    std::vector<fs::path> files;
    std::error_code problem;
    for (fs::directory_iterator entry(folder, problem), end; !problem && entry != end;
         entry.increment(problem)) {
        if (entry->path().extension() == ".json")
            files.push_back(entry->path());
    }
    if (problem && problem != std::errc::no_such_file_or_directory && problems)
        problems->push_back(systemError(problem.value(), "Cannot read the models in", folder));
    std::sort(files.begin(), files.end());
    return files;
}

void addOrReplace(std::vector<ModelFile>& models, ModelFile added)
{
    const auto same = [&](const ModelFile& model) { return model.name == added.name; };
    const auto place = std::find_if(models.begin(), models.end(), same);
    if (place == models.end())
        models.push_back(std::move(added));
    else
        *place = std::move(added);
}

Error unknownModel(const std::string& name)
{
    std::vector<std::string> names;
    for (const ModelFile& model : modelCatalogue())
        names.push_back(model.name);
    const auto near = closest(name, names);
    return {ErrorKind::NotFound,
            fmt::format("Model: found \"{}\", which is not known, wanted {}, or a path with a '/' in it.",
                        shortened(name, 100),
                        near ? fmt::format("\"{}\" perhaps", *near)
                             : fmt::format("one of {}", joined(names, ", "))),
            {}};
}

} // namespace

std::vector<ModelFile> modelCatalogue(std::vector<Error>* problems)
{
    std::vector<ModelFile> models;
    const auto take = [&](Expected<ModelFile> model) {
        if (model)
            addOrReplace(models, std::move(*model));
        else if (problems)
            problems->push_back(model.error());
    };
    for (const EmbeddedFile& file : embedded_models())
        take(embeddedModel(file));
    for (const fs::path& file : userFiles(problems))
        take(readModel(file.string()));
    return models;
}

Expected<ModelFile> findModel(const std::string& nameOrPath)
{
    if (nameOrPath.find('/') != std::string::npos)
        return readModel(nameOrPath);
    // The user's own file decides, also when it is damaged: training another model silently would be worse.
    const fs::path own = userModelsFolder() / (nameOrPath + ".json");
    std::error_code ignored;
    if (fs::exists(own, ignored))
        return readModel(own.string());
    for (const EmbeddedFile& file : embedded_models()) {
        if (file.name == nameOrPath)
            return embeddedModel(file);
    }
    return tl::unexpected(unknownModel(nameOrPath));
}

} // namespace torchdesk
