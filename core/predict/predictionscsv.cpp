// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/base/text.h"
#include "core/predict/predictions.h"

namespace torchdesk {

namespace {

/// Quoted where a comma, a quote or a line end is in it; quotes are doubled.
std::string csvField(const std::string& text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

std::string csvLine(std::vector<std::string> fields)
{
    for (std::string& field : fields)
        field = csvField(field);
    return joined(fields, ",") + "\r\n";
}

} // namespace

std::string predictionsCsv(const std::vector<PicturePrediction>& predictions,
                           const std::vector<std::string>& classes)
{
    std::string text = csvLine({"file", "class", "probability", "second_class", "second_probability",
                                "third_class", "third_probability", "problem"});
    for (const PicturePrediction& prediction : predictions) {
        std::vector<std::string> fields = {escaped(prediction.file.native())};
        for (std::size_t i = 0; i < PicturePrediction::mostClasses; ++i) {
            const bool there = i < prediction.top.size();
            fields.push_back(there ? className(classes, prediction.top[i].index) : "");
            fields.push_back(there ? fixed(prediction.top[i].probability, 6) : "");
        }
        fields.push_back(prediction.problem);
        text += csvLine(std::move(fields));
    }
    return text;
}

} // namespace torchdesk
