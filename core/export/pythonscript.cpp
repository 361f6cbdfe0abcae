// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/pythonmodel.h"
#include "core/export/pythontext.h"

#include "core/base/text.h"

#include <fmt/format.h>

// The script has no indented block at all: whatever way it is pasted, an interactive Python takes it line by
// line.
namespace torchdesk {

namespace {

template <class Numbers>
std::string list(const Numbers& numbers)
{
    std::vector<std::string> parts;
    for (const auto number : numbers)
        parts.push_back(python::number(number));
    return fmt::format("[{}]", joined(parts, ", "));
}

std::string imports(bool safetensors)
{
    return std::string("import base64\nimport os\nimport sys\nimport torch\n") +
           (safetensors ? "import safetensors.torch\n" : "");
}

/// The expression that reads the weights.
std::string loader(const std::filesystem::path& file, bool safetensors)
{
    const std::string place = fmt::format("os.path.join(folder, {})", python::path(file.filename().native()));
    if (!safetensors)
        return fmt::format("torch.load({}, weights_only=True)", place);
    // load_file takes UTF-8 paths only; open() takes any.
    if (python::path(file.native()).starts_with("os."))
        return fmt::format("safetensors.torch.load(open({}, 'rb').read())", place);
    return fmt::format("safetensors.torch.load_file({})", place);
}

std::string network(const std::string& className, const std::filesystem::path& weights,
                    const std::string& module, bool safetensors)
{
    std::error_code ignored;
    const auto file = std::filesystem::absolute(weights, ignored).lexically_normal();
    return fmt::format("folder = {}\n"
                       "sys.path.insert(0, folder)\n"
                       "_ = sys.modules.pop('{}', None)  # of an earlier export\n"
                       "from {} import {}\n"
                       "network = {}()\n"
                       "weights = {}\n"
                       "network.load_state_dict(weights, strict=True)\n"
                       "_ = network.eval()\n",
                       python::path(file.parent_path().native()), module, module, className, className,
                       loader(file, safetensors));
}

std::string channelwise(const char* name, const std::vector<double>& values)
{
    return fmt::format("{} = torch.tensor({}, dtype=torch.float32).reshape(1, -1, 1, 1)\n", name,
                       list(values));
}

std::string input(const Preprocessing& preprocessing, std::span<const std::uint8_t> sample)
{
    std::string shape = "1";
    for (const std::int64_t size : preprocessing.shape)
        shape += fmt::format(", {}", size);
    std::string text = fmt::format(
        "sample = base64.b64decode(\n{})\n"
        "x = torch.frombuffer(bytearray(sample), dtype=torch.uint8).reshape({}).to(torch.float32) * {}\n",
        python::base64(sample, "    "), shape, python::number(preprocessing.scale));
    if (!preprocessing.mean.empty())
        text += channelwise("mean", preprocessing.mean) + "x = x - mean\n";
    if (!preprocessing.deviation.empty())
        text += channelwise("deviation", preprocessing.deviation) + "x = x / deviation\n";
    return text;
}

std::string comparison(const std::vector<std::string>& classes, std::span<const float> logits)
{
    std::vector<std::string> names;
    for (std::size_t i = 0; i < logits.size(); ++i)
        names.push_back(python::text(i < classes.size() ? classes[i] : fmt::format("{}", i)));
    return fmt::format("logits = network(x)[0].detach()\n"
                       "torchdesk = torch.tensor({}, dtype=torch.float32)\n"
                       "names = [{}]\n"
                       "rows = zip(names, logits.tolist(), torchdesk.tolist())\n"
                       "print('class             PyTorch    TorchDesk')\n"
                       "print(*(f'{{name:<12}} {{here:>12.6f}} {{there:>12.6f}}' for name, here, there in "
                       "rows), sep='\\n')\n"
                       "print('largest difference:', (logits - torchdesk).abs().max().item())\n",
                       list(logits), joined(names, ", "));
}

} // namespace

std::string pythonScript(const RunModel& model, const std::filesystem::path& weights,
                         const std::filesystem::path& modelFile, ExportFormat format,
                         std::span<const std::uint8_t> sample, std::span<const float> logits)
{
    const bool safetensors = format == ExportFormat::Safetensors;
    return "# The network that TorchDesk trained, in PyTorch: its outputs for one sample beside "
           "TorchDesk's.\n" +
           imports(safetensors) +
           network(pythonClassName(model.model), weights, modelFile.stem().string(), safetensors) +
           input(model.preprocessing, sample) + comparison(model.classes, logits);
}

} // namespace torchdesk
