// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/cli/commands.h"
#include "core/cli/runargument.h"
#include "core/export/exporter.h"
#include "core/session/engineloader.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace torchdesk::cli {

namespace {

struct ExportArguments
{
    WeightsArgument run;
    std::string format;
    std::string out;
    bool json = false;
};

/// The format as named, or as the file's ending says.
Expected<ExportFormat> formatOf(const ExportArguments& arguments)
{
    const std::string& name = arguments.format;
    if (const auto named = exportFormatNamed(name))
        return *named;
    if (!name.empty())
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("--format: found \"{}\", wanted safetensors or pytorch.", shortened(name, 60)));
    const auto ending = std::filesystem::path(arguments.out).extension();
    if (ending == ".safetensors")
        return ExportFormat::Safetensors;
    if (ending == ".pt" || ending == ".pth")
        return ExportFormat::PyTorch;
    return failure(ErrorKind::InvalidInput, "export needs --format safetensors or --format pytorch.");
}

Expected<ExportRequest> requestOf(const ExportArguments& arguments)
{
    if (arguments.out.empty())
        return failure(ErrorKind::InvalidInput,
                       "--out: found nothing, wanted the name of the file to write.");
    const auto format = formatOf(arguments);
    if (!format)
        return failure(format);
    const auto chosen = arguments.run.find();
    if (!chosen)
        return failure(chosen);
    return ExportRequest{chosen->run, chosen->weights, *format, userPath(arguments.out)};
}

Json toJson(const ExportReport& report)
{
    return Json{
        {"file", shown(report.file)},      {"model_file", shown(report.modelFile)},
        {"epoch", report.epoch},           {"tensors", report.tensors},
        {"parameters", report.parameters}, {"bytes", report.bytes},
        {"samples", report.samples},       {"largest_difference", finiteOrNull(report.largestDifference)},
        {"script", report.script}};
}

void print(Output& out, const ExportReport& report)
{
    out.line(fmt::format("Written   {} ({}, {} parameters in {} tensors, epoch {})", shown(report.file),
                         byteSize(report.bytes), grouped(report.parameters), report.tensors, report.epoch));
    out.line(fmt::format("          {}", shown(report.modelFile)));
    out.line(fmt::format(
        "Verified  read back from disk: every tensor is equal bit by bit; the outputs for {} pictures differ "
        "by at most {}",
        report.samples, toText(report.largestDifference)));
    out.line("");
    out.line(out.strong("To use it in Python, paste this:"));
    out.line("");
    out.write(report.script);
    if (!report.script.ends_with('\n'))
        out.line("");
}

int runExport(Context& context, const ExportArguments& arguments)
{
    const auto request = requestOf(arguments);
    if (!request)
        return report(context, request.error(), exitWrongUse);
    const auto engine = loadEngine();
    if (!engine)
        return report(context, engine.error());
    const auto done = exportRun(**engine, *request, {}, context.interrupts.token());
    if (!done)
        return report(context, done.error());
    if (arguments.json)
        context.out.json(toJson(*done));
    else
        print(context.out, *done);
    return finish(context);
}

} // namespace

Command exportCommand(CLI::App& program)
{
    CLI::App* app = program.add_subcommand("export", "Writes a run's weights for other programs, with the "
                                                     "network as Python beside them, and verifies both.");
    const auto arguments = std::make_shared<ExportArguments>();
    arguments->run.addTo(*app);
    app->add_option("--format", arguments->format, "The format of the file (default: as its ending says).")
        ->type_name("safetensors|pytorch")
        ->take_last();
    app->add_option("-o,--out", arguments->out, "The file to write; model.py is written beside it.")
        ->type_name("FILE")
        ->required()
        ->take_last();
    app->add_flag("--json", arguments->json, "Prints an object instead.");
    return {app,
            [arguments](Context& context) { return runExport(context, *arguments); },
            {"torchdesk-cli export last --format pytorch --out lenet.pt",
             "torchdesk-cli export last --format safetensors --out lenet.safetensors --weights last"}};
}

} // namespace torchdesk::cli
