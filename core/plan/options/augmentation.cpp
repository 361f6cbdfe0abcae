// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/options/builder.h"

namespace torchdesk {

namespace {

Option augmentReal(double Augmentation::*field, double most, const char* id, const char* label,
                   const char* help, const char* shortForm)
{
    return brief(within(option(
                            [field](auto& plan) -> auto& { return plan.augmentation.*field; },
                            OptionKind::Real, id, label, help),
                        0, most),
                 shortForm);
}

void addPlaces(std::vector<Option>& made)
{
    made.push_back(brief(oneOf(option(
                                   [](auto& plan) -> auto& { return plan.augmentation.flip; },
                                   OptionKind::Choice, "flip", "Flip",
                                   "Mirrors half of the training pictures; 'both' also turns half of "
                                   "them upside down."),
                               {{"off", "Off"}, {"horizontal", "Left and right"}, {"both", "Both ways"}}),
                         "flip {}"));
    made.push_back(augmentReal(&Augmentation::shift, 0.5, "shift", "Shift",
                               "Moves each training picture by up to this share of its sides; 0: not at all.",
                               "shift {}"));
    made.push_back(brief(within(option(
                                    [](auto& plan) -> auto& { return plan.augmentation.cropPadding; },
                                    OptionKind::Integer, "crop_padding", "Crop with padding",
                                    "Puts a black border of so many pixels around each training picture "
                                    "and cuts its size out of that at random."),
                                0, 256),
                         "crop padding {}"));
    made.back().unit = "pixels";
    made.push_back(
        augmentReal(&Augmentation::resizedCrop, 1, "resized_crop", "Random resized crop",
                    "Enlarges a random part with at least this share of the picture's area; 1: not at all.",
                    "resized crop {}"));
    made.back().least = 0.01;
    made.push_back(augmentReal(&Augmentation::rotate, 180, "rotate", "Rotate",
                               "Turns each training picture by up to so many degrees either way.",
                               "rotate {}"));
    made.back().unit = "degrees";
}

void addColours(std::vector<Option>& made)
{
    made.push_back(augmentReal(&Augmentation::brightness, 1, "brightness", "Brightness",
                               "Multiplies the brightness by a factor drawn from 1 - x to 1 + x.",
                               "brightness {}"));
    made.push_back(augmentReal(&Augmentation::contrast, 1, "contrast", "Contrast",
                               "Multiplies the distance from the picture's mean grey by a factor drawn from "
                               "1 - x to 1 + x.",
                               "contrast {}"));
    made.push_back(augmentReal(&Augmentation::saturation, 1, "saturation", "Saturation",
                               "Multiplies the distance of colours from grey by a factor drawn from 1 - x to "
                               "1 + x; grey pictures stay as they are.",
                               "saturation {}"));
    made.push_back(augmentReal(&Augmentation::noise, 1, "noise", "Noise",
                               "Adds noise with this standard deviation, where 1 is the step from black to "
                               "white.",
                               "noise {}"));
    made.push_back(augmentReal(&Augmentation::erasing, 1, "erasing", "Erasing",
                               "The probability that a random rectangle of the training picture is erased.",
                               "erasing {}"));
}

void addMixing(std::vector<Option>& made)
{
    made.push_back(augmentReal(&Augmentation::mixup, 10, "mixup", "Mixup",
                               "Blends each training picture with another one of its batch, in a proportion "
                               "drawn from Beta(x, x); 0: not at all.",
                               "mixup {}"));
    made.push_back(augmentReal(&Augmentation::cutmix, 10, "cutmix", "CutMix",
                               "Pastes a part of another picture of the batch, of an area drawn from Beta(x, "
                               "x); 0: not at all. With mixup, each batch gets one of the two.",
                               "cutmix {}"));
    made.push_back(augmentReal(&Augmentation::labelSmoothing, 0.5, "label_smoothing", "Label smoothing",
                               "The share of the answer that is spread over all classes in training, so that "
                               "the network is never quite certain.",
                               "label smoothing {}"));
}

} // namespace

std::vector<Option> augmentationOptions()
{
    std::vector<Option> made;
    addPlaces(made);
    addColours(made);
    addMixing(made);
    return made;
}

} // namespace torchdesk
