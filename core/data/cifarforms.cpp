// SPDX-License-Identifier: GPL-3.0-or-later
// The two published sets in CIFAR's form.
#include "core/base/text.h"
#include "core/data/cifar.h"

namespace torchdesk {

namespace {

constexpr const char* cifarLicence = "none stated; the author asks to be cited (Alex Krizhevsky, 2009)";
constexpr const char* fineNames =
    "apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel "
    "can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur "
    "dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion "
    "lizard lobster man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree "
    "pear pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea "
    "seal shark shrew skunk skyscraper snail snake spider squirrel streetcar sunflower sweet_pepper table "
    "tank telephone television tiger tractor train trout tulip turtle wardrobe whale willow_tree wolf woman "
    "worm";

DataDescription describedCifar(const char* name, const char* label, const char* summary)
{
    DataDescription description;
    description.name = name;
    description.label = label;
    description.summary = summary;
    description.shape = {3, 32, 32};
    description.trainCount = 50'000;
    description.testCount = 10'000;
    description.licence = cifarLicence;
    description.source = "cs.toronto.edu/~kriz";
    return description;
}

CifarForm makeCifar10()
{
    CifarForm form;
    form.description =
        describedCifar("cifar-10", "CIFAR-10", "60,000 colour pictures of 32×32 in 10 classes");
    form.description.classes = {"airplane", "automobile", "bird",  "cat",  "deer",
                                "dog",      "frog",       "horse", "ship", "truck"};
    form.archive = "cifar-10-binary.tar.gz";
    form.folder = "cifar-10-batches-bin";
    form.forPython = {"cifar-10-python.tar.gz", "cifar-10-batches-py"};
    for (const char* name :
         {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"})
        form.files.push_back({name, 10'000, false});
    form.files.push_back({"test_batch.bin", 10'000, true});
    return form;
}

CifarForm makeCifar100()
{
    CifarForm form;
    form.description =
        describedCifar("cifar-100", "CIFAR-100", "60,000 colour pictures of 32×32 in 100 classes");
    form.description.classes = splitText(fineNames, ' ');
    form.archive = "cifar-100-binary.tar.gz";
    form.folder = "cifar-100-binary";
    form.forPython = {"cifar-100-python.tar.gz", "cifar-100-python"};
    form.files = {{"train.bin", 50'000, false}, {"test.bin", 10'000, true}};
    form.labelBytes = 2;
    form.coarseClasses = 20;
    return form;
}

} // namespace

std::int64_t CifarForm::recordBytes() const
{
    return labelBytes + pictureBytes;
}

std::uint64_t CifarForm::bytesOf(const File& file) const
{
    return static_cast<std::uint64_t>(file.records * recordBytes());
}

const CifarForm& cifar10()
{
    static const CifarForm form = makeCifar10();
    return form;
}

const CifarForm& cifar100()
{
    static const CifarForm form = makeCifar100();
    return form;
}

} // namespace torchdesk
