// SPDX-License-Identifier: GPL-3.0-or-later
// Sizes and SHA-256: as the TensorFlow Datasets project publishes them for these files
// (tensorflow_datasets/url_checksums).
#include "core/data/published.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace torchdesk {

namespace {

PublishedFile publishedAt(const std::vector<std::string>& places, const char* name, std::uint64_t size,
                          const char* sha256)
{
    PublishedFile file{name, size, sha256, {}};
    for (const std::string& place : places)
        file.urls.push_back(place + name);
    return file;
}

PublishedSet publishedMnist()
{
    const std::vector<std::string> places = {"https://ossci-datasets.s3.amazonaws.com/mnist/",
                                             "https://storage.googleapis.com/cvdf-datasets/mnist/"};
    return {"mnist",
            "MNIST",
            {publishedAt(places, "train-images-idx3-ubyte.gz", 9'912'422,
                         "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
             publishedAt(places, "train-labels-idx1-ubyte.gz", 28'881,
                         "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
             publishedAt(places, "t10k-images-idx3-ubyte.gz", 1'648'877,
                         "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
             publishedAt(places, "t10k-labels-idx1-ubyte.gz", 4'542,
                         "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6")}};
}

PublishedSet publishedFashion()
{
    const std::vector<std::string> places = {
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"};
    return {"fashion-mnist",
            "Fashion-MNIST",
            {publishedAt(places, "train-images-idx3-ubyte.gz", 26'421'880,
                         "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
             publishedAt(places, "train-labels-idx1-ubyte.gz", 29'515,
                         "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
             publishedAt(places, "t10k-images-idx3-ubyte.gz", 4'422'102,
                         "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
             publishedAt(places, "t10k-labels-idx1-ubyte.gz", 5'148,
                         "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5")}};
}

PublishedSet publishedCifar(const char* name, const char* label, const char* archive, std::uint64_t size,
                            const char* sha256)
{
    const std::vector<std::string> places = {
        "https://www.cs.toronto.edu/~kriz/",
        "https://mindspore-website.obs.cn-north-4.myhuaweicloud.com/notebook/datasets/"};
    return {name, label, {publishedAt(places, archive, size, sha256)}};
}

const std::vector<PublishedSet>& publishedTable()
{
    static const std::vector<PublishedSet> table = {
        publishedMnist(), publishedFashion(),
        publishedCifar("cifar-10", "CIFAR-10", "cifar-10-binary.tar.gz", 170'052'171,
                       "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"),
        publishedCifar("cifar-100", "CIFAR-100", "cifar-100-binary.tar.gz", 168'513'733,
                       "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec")};
    return table;
}

} // namespace

std::uint64_t PublishedSet::bytes() const
{
    return std::accumulate(files.begin(), files.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const PublishedFile& file) { return sum + file.size; });
}

std::vector<PublishedSet> publishedSets()
{
    std::vector<PublishedSet> sets = publishedTable();
    const char* mirror = std::getenv("TORCHDESK_MIRROR");
    if (!mirror || !*mirror)
        return sets;
    std::string base = mirror;
    while (base.ends_with('/'))
        base.pop_back();
    for (PublishedSet& set : sets) {
        for (PublishedFile& file : set.files)
            file.urls.insert(file.urls.begin(), base + '/' + set.name + '/' + file.name);
    }
    return sets;
}

const PublishedSet* findPublished(const std::string& name)
{
    const auto& table = publishedTable();
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const PublishedSet& set) { return set.name == name; });
    return found == table.end() ? nullptr : &*found;
}

} // namespace torchdesk
