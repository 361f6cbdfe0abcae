// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"

#include <filesystem>
#include <string>
#include <vector>

namespace torchdesk {

/// A data set in the binary form of CIFAR (www.cs.toronto.edu/~kriz/cifar.html): files of records, each some
/// bytes of labels, then 32×32 bytes of red, of green and of blue, row after row. The last byte of the labels
/// is the class (CIFAR-100 has the coarse one of its 20 before it). A value.
struct CifarForm
{
    static constexpr std::int64_t pictureBytes = std::int64_t{3} * 32 * 32;

    struct File
    {
        std::string name;         ///< "data_batch_1.bin"
        std::int64_t records = 0; ///< exactly so many
        bool test = false;        ///< of the test part
    };

    DataDescription description;        ///< as published
    std::string archive;                ///< "cifar-10-binary.tar.gz"
    std::string folder;                 ///< in the archive, and where it was unpacked: "cifar-10-batches-bin"
    std::vector<std::string> forPython; ///< archive and folder of the version that is not read
    std::vector<File> files;            ///< in the order in which their pictures follow each other
    std::int64_t labelBytes = 1;        ///< before each picture
    std::int64_t coarseClasses = 0;     ///< with two bytes of labels: what the first counts

    std::int64_t recordBytes() const;
    std::uint64_t bytesOf(const File& file) const;
};

const CifarForm& cifar10();
const CifarForm& cifar100();

/// Among \p folders (each itself, then its sub-folder called as the set) the unpacked folder with all files,
/// else the archive as it is published; the error names both and every folder searched.
Expected<std::filesystem::path> findCifar(const CifarForm& form,
                                          const std::vector<std::filesystem::path>& folders);

/// A sentence where one of the folders has, or is, the version for Python, which is not read; else "".
std::string cifarForPython(const CifarForm& form, const std::vector<std::filesystem::path>& folders);

/// Reads what findCifar() found: a folder or an archive. A file that has another size than \p form says, is
/// of the other set, or has labels beyond the classes is an error that names it. Blocks (the archive: two
/// seconds); stop gives ErrorKind::Cancelled.
Expected<DataSet> readCifar(const CifarForm& form, const std::filesystem::path& place,
                            const Progress& progress = {}, std::stop_token stop = {});

} // namespace torchdesk
