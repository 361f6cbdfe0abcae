// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/knownsets.h"

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/data/cifar.h"
#include "core/data/datafiles.h"
#include "core/data/mnist.h"

#include <fmt/format.h>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

using Places = std::vector<fs::path>;

KnownSet knownMnist()
{
    return {&mnistDescription, &findMnist,
            [](const fs::path& place, const Progress& progress, std::stop_token stop) {
                return readMnist(place, progress, std::move(stop));
            }};
}

KnownSet knownFashion()
{
    return {&fashionMnistDescription, &findFashionMnist,
            [](const fs::path& place, const Progress& progress, std::stop_token stop) {
                return readMnist(place, progress, std::move(stop), fashionMnistDescription());
            }};
}

template <const CifarForm& (*form)()>
KnownSet knownCifar()
{
    return {[] { return form().description; },
            [](const Places& folders) { return findCifar(form(), folders); },
            [](const fs::path& place, const Progress& progress, std::stop_token stop) {
                return readCifar(form(), place, progress, std::move(stop));
            }};
}

tl::unexpected<Error> noneIn(const fs::path& folder)
{
    const std::vector<std::string> missing = missingIdxFiles(folder);
    const std::string part =
        missing.size() < idxFileCount ? " Of the four it lacks " + joined(missing, ", ") + "." : "";
    return failure(ErrorKind::NotFound,
                   fmt::format("{} holds no data set that is known by its files: neither the four of MNIST "
                               "(train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, "
                               "t10k-labels-idx1-ubyte, plain or .gz) nor {} or {}, packed or unpacked.{} "
                               "Choose the folder that has them.",
                               shown(folder), cifar10().archive, cifar100().archive, part));
}

} // namespace

const std::vector<KnownSet>& knownSets()
{
    static const std::vector<KnownSet> sets = {knownMnist(), knownFashion(), knownCifar<&cifar10>(),
                                               knownCifar<&cifar100>()};
    return sets;
}

Expected<const KnownSet*> knownSetIn(const fs::path& folder)
{
    const KnownSet* only = nullptr;
    for (const KnownSet& set : knownSets()) {
        if (!set.find({folder}))
            continue;
        if (only)
            return failure(ErrorKind::InvalidInput,
                           fmt::format("{} holds {} and {}. Choose the folder of one of them.", shown(folder),
                                       only->describe().label, set.describe().label));
        only = &set;
    }
    return only ? Expected<const KnownSet*>(only) : noneIn(folder);
}

} // namespace torchdesk
