// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/folder/classsupply.h"

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/data/folder/foldertext.h"

#include <algorithm>
#include <fmt/format.h>

namespace torchdesk {

namespace {

constexpr std::size_t namedClasses = 3;

std::int64_t leastOf(const FolderOptions& options)
{
    return std::max<std::int64_t>(options.leastPerClass, 1);
}

/// "'b' has 2 to train and 10 that cannot be read (such as b/1.jpg: it is empty)", for up to three classes.
std::string lostClasses(const std::vector<ClassSupply>& supplies, const FolderOptions& options)
{
    std::vector<std::string> parts;
    std::int64_t more = 0;
    for (const ClassSupply& supply : supplies) {
        if (hasEnough(supply, options) || supply.unreadable == 0)
            continue;
        if (parts.size() == namedClasses) {
            ++more;
            continue;
        }
        const std::string readable = supply.readable == 0 ? "none" : grouped(supply.readable);
        parts.push_back(fmt::format("'{}' has {} to train and {} that cannot be read ({}{})",
                                    shortened(supply.name, 60), readable, grouped(supply.unreadable),
                                    supply.unreadable == 1 ? "" : "such as ", supply.example));
    }
    if (more > 0)
        parts.push_back(fmt::format("and so it is with {} more", grouped(more)));
    return joined(parts, "; ");
}

DataNotice smallClassesNotice(const std::vector<ClassSupply>& small, const FolderOptions& options)
{
    LeftOut left;
    for (const ClassSupply& supply : small)
        left.add(supply.unreadable == 0
                     ? supply.name
                     : fmt::format("{} ({} cannot be read)", supply.name, grouped(supply.unreadable)));
    const std::string what = leastOf(options) == 1 ? std::string("without pictures to train")
                                                   : fmt::format("with fewer than {} pictures to train",
                                                                 grouped(leastOf(options)));
    return {fmt::format("Left out: {} class{} {}{}.", grouped(left.count), left.count == 1 ? "" : "es", what,
                        examples(left)),
            true};
}

} // namespace

bool mayTrain(FolderPart part)
{
    return part == FolderPart::None || part == FolderPart::Train;
}

std::vector<ClassSupply> suppliesOf(const FolderScan& scan)
{
    std::vector<ClassSupply> supplies;
    for (const std::string& name : scan.classes)
        supplies.push_back({name, 0, 0, {}});
    for (const ScannedPicture& picture : scan.pictures)
        supplies[static_cast<std::size_t>(picture.label)].readable += mayTrain(picture.part) ? 1 : 0;
    for (const UnreadableFile& file : scan.unreadable) {
        if (file.label < 0 || !mayTrain(file.part))
            continue;
        ClassSupply& supply = supplies[static_cast<std::size_t>(file.label)];
        if (supply.unreadable++ == 0)
            supply.example = listedFiles({file}, 1);
    }
    return supplies;
}

bool hasEnough(const ClassSupply& supply, const FolderOptions& options)
{
    return supply.readable >= leastOf(options);
}

Expected<void> checkSupplies(const FolderScan& scan, const std::vector<ClassSupply>& supplies,
                             const FolderOptions& options)
{
    const auto enough =
        std::ranges::count_if(supplies, [&](const ClassSupply& s) { return hasEnough(s, options); });
    if (enough >= 2)
        return {};
    // A smaller number helps only where two classes have anything.
    const bool smaller = std::ranges::count_if(supplies, [](const auto& s) { return s.readable > 0; }) >= 2;
    const std::string lost = lostClasses(supplies, options);
    const std::string least =
        leastOf(options) == 1 ? std::string() : fmt::format("{} or more ", grouped(leastOf(options)));
    const char* step = smaller && lost.empty() ? "Choose a smaller number."
                       : smaller               ? "Choose a smaller number, or mend or replace these files."
                       : lost.empty()          ? "Put pictures into at least two class folders."
                                               : "Mend or replace these files.";
    return failure(ErrorKind::InvalidInput,
                   fmt::format("{}: {} of {} classes {} {}pictures to train, wanted at least two{}{}. {}",
                               smaller ? "least_per_class" : shown(std::filesystem::path(scan.folder)),
                               grouped(enough), grouped(std::ssize(supplies)), enough == 1 ? "has" : "have",
                               least, lost.empty() ? "" : ": ", lost, step));
}

ChosenClasses chooseClasses(const std::vector<ClassSupply>& supplies, const FolderOptions& options)
{
    ChosenClasses chosen;
    std::vector<ClassSupply> small;
    for (const ClassSupply& supply : supplies) {
        const bool enough = hasEnough(supply, options);
        chosen.labels.push_back(enough ? std::ssize(chosen.classes) : -1);
        if (enough)
            chosen.classes.push_back(supply.name);
        else
            small.push_back(supply);
    }
    if (!small.empty())
        chosen.notice = smallClassesNotice(small, options);
    return chosen;
}

} // namespace torchdesk
