// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/names.h"

#include "core/base/text.h"
#include "core/model/layers.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace torchdesk {

namespace {

constexpr std::size_t longestName = 100;

constexpr std::string_view keywords[] = {
    "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
    "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
    "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
    "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield"};

/// Attributes of nn.Module (2.11): a layer of such a name would be hidden by the module's own, or hide it.
constexpr std::string_view ofModule[] = {"T_destination",
                                         "add_module",
                                         "apply",
                                         "bfloat16",
                                         "buffers",
                                         "call_super_init",
                                         "children",
                                         "compile",
                                         "cpu",
                                         "cuda",
                                         "double",
                                         "dump_patches",
                                         "eval",
                                         "extra_repr",
                                         "float",
                                         "forward",
                                         "get_buffer",
                                         "get_extra_state",
                                         "get_parameter",
                                         "get_submodule",
                                         "half",
                                         "ipu",
                                         "load_state_dict",
                                         "modules",
                                         "mtia",
                                         "named_buffers",
                                         "named_children",
                                         "named_modules",
                                         "named_parameters",
                                         "parameters",
                                         "requires_grad_",
                                         "set_extra_state",
                                         "set_submodule",
                                         "share_memory",
                                         "state_dict",
                                         "to",
                                         "to_empty",
                                         "train",
                                         "training",
                                         "type",
                                         "xpu",
                                         "zero_grad",
                                         "_apply",
                                         "_backward_hooks",
                                         "_backward_pre_hooks",
                                         "_buffers",
                                         "_call_impl",
                                         "_compiled_call_impl",
                                         "_forward_hooks",
                                         "_forward_hooks_always_called",
                                         "_forward_hooks_with_kwargs",
                                         "_forward_pre_hooks",
                                         "_forward_pre_hooks_with_kwargs",
                                         "_get_backward_hooks",
                                         "_get_backward_pre_hooks",
                                         "_get_name",
                                         "_is_full_backward_hook",
                                         "_load_from_state_dict",
                                         "_load_state_dict_post_hooks",
                                         "_load_state_dict_pre_hooks",
                                         "_maybe_warn_non_full_backward_hook",
                                         "_modules",
                                         "_named_members",
                                         "_non_persistent_buffers_set",
                                         "_parameters",
                                         "_replicate_for_data_parallel",
                                         "_save_to_state_dict",
                                         "_slow_forward",
                                         "_state_dict_hooks",
                                         "_state_dict_pre_hooks",
                                         "_version",
                                         "_wrapped_call_impl"};

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool isKeyword(std::string_view name)
{
    return std::find(std::begin(keywords), std::end(keywords), name) != std::end(keywords);
}

bool isIdentifier(std::string_view name)
{
    const auto follows = [](char c) { return isLetter(c) || (c >= '0' && c <= '9'); };
    return !name.empty() && isLetter(name[0]) && std::all_of(name.begin(), name.end(), follows);
}

bool belongsToModule(std::string_view name)
{
    return name.starts_with("__") || name.starts_with("register_") || name.starts_with("_register_") ||
           std::find(std::begin(ofModule), std::end(ofModule), name) != std::end(ofModule);
}

} // namespace

bool isPythonName(std::string_view name)
{
    return isIdentifier(name) && !isKeyword(name);
}

std::string wantedName(std::string_view name)
{
    if (!isIdentifier(name))
        return "a name of letters, digits and _ that does not begin with a digit";
    if (name.size() > longestName)
        return fmt::format("a name of at most {} characters", longestName);
    if (isKeyword(name))
        return "a name that is no Python keyword";
    if (belongsToModule(name))
        return "a name that nn.Module does not use itself";
    return "";
}

std::string wantedPath(std::string_view path)
{
    // A container of the exported network is an nn.ModuleDict.
    static constexpr std::array<std::string_view, 6> ofContainer = {"clear", "items",  "keys",
                                                                    "pop",   "update", "values"};
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    bool first = true;
    for (const std::string& part : splitText(path, '.')) {
        const bool number =
            !first && !part.empty() && part.size() <= 5 && std::all_of(part.begin(), part.end(), isDigit);
        if (const std::string wanted = number ? "" : wantedName(part); !wanted.empty())
            return wanted;
        if (!first && std::find(ofContainer.begin(), ofContainer.end(), part) != ofContainer.end())
            return "a name that nn.ModuleDict does not use itself";
        first = false;
    }
    return "";
}

std::string wantedKind(const std::string& kind)
{
    std::vector<std::string> kinds = {"sequential", "residual", "concat", "block"};
    for (const LayerSpec& spec : layerSpecs())
        kinds.push_back(spec.kind);
    if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end())
        return "";
    const auto near = closest(kind, kinds);
    return near ? fmt::format("\"{}\" perhaps", *near) : fmt::format("one of {}", joined(kinds, ", "));
}

} // namespace torchdesk
