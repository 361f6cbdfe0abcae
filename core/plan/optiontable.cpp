// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/options/builder.h"

namespace torchdesk {

namespace {

void append(std::vector<Option>& table, std::vector<Option> part, const char* section)
{
    for (Option& option : part) {
        option.section = section;
        table.push_back(std::move(option));
    }
}

} // namespace

std::span<const Option> optionTable()
{
    static const std::vector<Option> table = [] {
        std::vector<Option> all;
        append(all, dataOptions(), "Model and data");
        append(all, pictureOptions(), "Pictures");
        append(all, startOptions(), "Start from");
        append(all, recipeOptions(), "Recipe");
        append(all, scheduleOptions(), "Schedule of the learning rate");
        append(all, updateOptions(), "Steps and epochs");
        append(all, augmentationOptions(), "Augmentation");
        append(all, machineOptions(), "Machine");
        return all;
    }();
    return table;
}

const Option* findOption(std::string_view id)
{
    for (const Option& option : optionTable()) {
        if (option.id == id)
            return &option;
    }
    return nullptr;
}

} // namespace torchdesk
