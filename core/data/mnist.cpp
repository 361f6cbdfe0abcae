// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/mnist.h"

#include "core/base/sha256.h"
#include "core/base/text.h"
#include "core/data/datafiles.h"
#include "core/data/idx.h"
#include "core/data/published.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

constexpr std::array<const char*, idxFileCount> fileNames = {
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};
constexpr std::int64_t classCount = 10;
constexpr std::int64_t largestMnistSide = 1024;
constexpr IdxLimits pictureLimits{3, largestMnistSide, "pictures × height × width with sides from 1 to 1024"};
constexpr IdxLimits labelLimits{1, 0, "a single row of labels"};

/// The plain file, else the packed one, else nothing.
std::optional<fs::path> existing(const fs::path& folder, const char* name)
{
    std::error_code ignored;
    for (const fs::path& file : {folder / name, folder / fmt::format("{}.gz", name)}) {
        if (fs::is_regular_file(file, ignored))
            return file;
    }
    return std::nullopt;
}

/// A set whose files are called as MNIST's.
struct IdxSet
{
    DataDescription description;
    std::vector<const char*> subfolders;
    bool (*holds)(const fs::path& folder); ///< whether a folder with all files is this set
};

std::string idxNotFound(const IdxSet& set, const std::vector<std::string>& places)
{
    return fmt::format(
        "{} was not found: its four files {} (plain or .gz) are in none of the folders searched: {}. {}",
        set.description.label, joined({fileNames.begin(), fileNames.end()}, ", "), joined(places, "; "),
        waysToGet(set.description.name));
}

Expected<fs::path> findIdxSet(const IdxSet& set, const std::vector<fs::path>& folders)
{
    std::vector<std::string> places;
    for (const fs::path& base : folders) {
        std::vector<fs::path> candidates = {base};
        for (const char* name : set.subfolders)
            candidates.push_back(base / name);
        for (const fs::path& folder : candidates) {
            const auto missing = missingIdxFiles(folder);
            const bool whole = !folderObstacle(folder) && missing.empty();
            if (whole && set.holds(folder))
                return folder;
            places.push_back(whole ? fmt::format("{} (holds another set)", shown(folder))
                                   : searchedPlace(folder, missing, fileNames.size()));
            if (folder == base && folderObstacle(base))
                break;
        }
    }
    return failure(ErrorKind::NotFound, idxNotFound(set, places));
}

bool isFashionName(const fs::path& name)
{
    return name == "fashion-mnist" || name == "FashionMNIST";
}

bool holdsOtherThanFashion(const fs::path& folder)
{
    return !holdsFashionMnist(folder);
}

struct Part
{
    IdxArray pictures;
    IdxArray labels;
    std::string picturesFile;
    std::string labelsFile;
};

Expected<IdxArray> readNamed(const fs::path& folder, const char* name, const IdxLimits& limits,
                             std::string& file)
{
    const auto path = existing(folder, name);
    file = shown(path.value_or(folder / name));
    if (!path)
        return failure(ErrorKind::NotFound,
                       fmt::format("{} is missing, also as .gz. Put it beside the others.", file));
    return readIdx(*path, limits);
}

Expected<void> checkPictures(const Part& part)
{
    if (part.pictures.sizes[0] < 1)
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{} holds no pictures. Fetch the file again.", part.picturesFile));
    return {};
}

Expected<void> checkLabels(const Part& part)
{
    const auto& sizes = part.labels.sizes;
    if (sizes[0] != part.pictures.sizes[0])
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{} has {} labels, but {} has {} pictures. Fetch both files again.",
                                   part.labelsFile, grouped(sizes[0]), part.picturesFile,
                                   grouped(part.pictures.sizes[0])));
    const auto& values = part.labels.values;
    const auto wrong =
        std::find_if(values.begin(), values.end(), [](std::uint8_t label) { return label >= classCount; });
    if (wrong != values.end())
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("{}: label number {} is {}, wanted 0 to {}. Only sets of ten classes can be read.",
                        part.labelsFile, wrong - values.begin() + 1, *wrong, classCount - 1));
    return {};
}

Expected<Part> readPart(const fs::path& folder, const char* pictures, const char* labels)
{
    Part part;
    auto pictureArray = readNamed(folder, pictures, pictureLimits, part.picturesFile);
    if (!pictureArray)
        return failure(pictureArray);
    part.pictures = std::move(*pictureArray);
    auto labelArray = readNamed(folder, labels, labelLimits, part.labelsFile);
    if (!labelArray)
        return failure(labelArray);
    part.labels = std::move(*labelArray);
    if (auto checked = checkPictures(part); !checked)
        return failure(checked);
    if (auto checked = checkLabels(part); !checked)
        return failure(checked);
    return part;
}

std::string fingerprintOf(const Part& train, const Part& test)
{
    Sha256 hash;
    for (const Part* part : {&train, &test}) {
        hash.add(std::as_bytes(std::span(part->pictures.values)));
        hash.add(std::as_bytes(std::span(part->labels.values)));
    }
    return hash.finish();
}

std::shared_ptr<const SampleStore> storeOf(Part& part)
{
    std::vector<std::int64_t> labels(part.labels.values.begin(), part.labels.values.end());
    return std::make_shared<ResidentStore>(std::move(part.pictures.values), std::move(labels));
}

DataDescription describe(const DataDescription& known, const fs::path& folder, const Part& train,
                         const Part& test)
{
    DataDescription description = known;
    description.shape = {1, train.pictures.sizes[1], train.pictures.sizes[2]};
    description.trainCount = train.pictures.sizes[0];
    description.testCount = test.pictures.sizes[0];
    // "…, written by hand" is what is known of it.
    description.summary = fmt::format(
        "{} grey pictures of {}×{} in {} classes{}", grouped(description.trainCount + description.testCount),
        description.shape[1], description.shape[2], classCount,
        known.summary.substr(std::min(known.summary.find(", "), known.summary.size())));
    description.fingerprint = fingerprintOf(train, test);
    description.folder = folder.string();
    return description;
}

} // namespace

std::vector<std::string> missingIdxFiles(const fs::path& folder)
{
    std::vector<std::string> missing;
    for (const char* name : fileNames) {
        if (!existing(folder, name))
            missing.emplace_back(name);
    }
    return missing;
}

bool holdsFashionMnist(const fs::path& folder)
{
    if (isFashionName(folder.filename()) ||
        (folder.filename() == "raw" && isFashionName(folder.parent_path().filename())))
        return true;
    const PublishedSet* published = findPublished("fashion-mnist");
    const PublishedFile& labels = published->files.back();
    std::error_code ignored;
    if (fs::file_size(folder / labels.name, ignored) != labels.size || ignored)
        return false;
    return sha256OfFile(folder / labels.name).value_or("") == labels.sha256;
}

Expected<fs::path> findMnist(const std::vector<fs::path>& folders)
{
    return findIdxSet({mnistDescription(), {"mnist", "MNIST/raw"}, &holdsOtherThanFashion}, folders);
}

Expected<fs::path> findFashionMnist(const std::vector<fs::path>& folders)
{
    return findIdxSet({fashionMnistDescription(), {"fashion-mnist", "FashionMNIST/raw"}, &holdsFashionMnist},
                      folders);
}

DataDescription mnistDescription()
{
    DataDescription description;
    description.name = "mnist";
    description.label = "MNIST";
    description.summary = "70,000 grey pictures of 28×28 in 10 classes, written by hand";
    description.classes = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    description.shape = {1, 28, 28};
    description.trainCount = 60'000;
    description.testCount = 10'000;
    description.licence = "CC BY-SA 3.0 (Yann LeCun, Corinna Cortes)";
    description.source = "yann.lecun.com";
    return description;
}

DataDescription fashionMnistDescription()
{
    DataDescription description = mnistDescription();
    description.name = "fashion-mnist";
    description.label = "Fashion-MNIST";
    description.summary = "70,000 grey pictures of 28×28 in 10 classes, clothes and shoes";
    description.classes = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                           "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};
    description.licence = "MIT (Zalando SE)";
    description.source = "github.com/zalandoresearch/fashion-mnist";
    return description;
}

Expected<DataSet> readMnist(const fs::path& folder, const Progress& progress, std::stop_token stop,
                            const DataDescription& known)
{
    const auto cancelled = failure(ErrorKind::Cancelled, "Reading the data set was stopped.");
    if (stop.stop_requested())
        return cancelled;
    if (progress)
        progress(0, "reading the training pictures");
    auto train = readPart(folder, fileNames[0], fileNames[1]);
    if (!train)
        return failure(train);
    if (stop.stop_requested())
        return cancelled;
    if (progress)
        progress(0.8, "reading the test pictures");
    auto test = readPart(folder, fileNames[2], fileNames[3]);
    if (!test)
        return failure(test);
    const auto& size = train->pictures.sizes;
    const auto& testSize = test->pictures.sizes;
    if (size[1] != testSize[1] || size[2] != testSize[2])
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("{} has pictures of {}×{}, but {} of {}×{}. Put the files of one data set together.",
                        test->picturesFile, testSize[1], testSize[2], train->picturesFile, size[1], size[2]));
    DataSet data;
    data.description = describe(known, folder, *train, *test);
    data.train = storeOf(*train);
    data.test = storeOf(*test);
    if (progress)
        progress(1, "reading the test pictures");
    return data;
}

} // namespace torchdesk
