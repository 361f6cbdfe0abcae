// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/catalogue.h"
#include "tests/support/testsupport.h"

#include <string>

namespace torchdesk::test {

/// A model file whose body is a sequence of these layers (JSON, comma-separated).
inline std::string modelText(const std::string& layers, const std::string& input = "[1,28,28]")
{
    return R"({"format":1,"label":"Test","input":)" + input +
           R"(,"classes":10,"body":{"kind":"sequential","layers":[)" + layers + "]}}";
}

inline Expected<ModelFile> modelOf(const std::string& text)
{
    const auto json = parseJson(text, "test.json", 100);
    if (!json)
        return failure(json);
    return modelFromJson(*json, "test", "test.json");
}

/// Parsed and lowered for the data that the file was made for.
inline Expected<LoweredModel> loweredOf(const std::string& text)
{
    const auto file = modelOf(text);
    if (!file)
        return failure(file);
    return lower(*file, file->input, file->classes);
}

inline Expected<LoweredModel> loweredByName(const std::string& name)
{
    const auto file = findModel(name);
    if (!file)
        return failure(file);
    return lower(*file, file->input, file->classes);
}

} // namespace torchdesk::test
