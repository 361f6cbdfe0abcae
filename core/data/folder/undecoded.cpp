// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/folder/undecoded.h"

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/data/folder/classsupply.h"
#include "core/data/folder/foldertext.h"

#include <algorithm>
#include <fmt/format.h>

namespace torchdesk {

namespace {

/// One leaving out, step by step.
class UndecodedRemoval
{
public:
    UndecodedRemoval(const FolderScan& scan, const FolderOptions& options, DrawnFolder& drawn)
        : m_scan(scan), m_options(options), m_drawn(drawn), m_lost(drawn.order.size())
    {}

    Expected<void> run(const std::vector<UnreadablePicture>& undecoded)
    {
        for (const UnreadablePicture& picture : undecoded)
            note(picture);
        std::ranges::sort(m_files, {}, &UnreadableFile::path);
        if (m_options.unreadable == "stop")
            return unreadableStops(m_scan, m_files, "decoded");
        const std::vector<ClassSupply> supplies = suppliesLeft();
        if (const auto checked = checkSupplies(m_scan, supplies, m_options); !checked)
            return checked;
        sayUndecoded();
        dropClasses(supplies);
        sayNoTest();
        fillUnusable();
        return {};
    }

private:
    void note(const UnreadablePicture& picture)
    {
        const auto index = static_cast<std::size_t>(picture.index);
        const ScannedPicture& scanned = m_scan.pictures[m_drawn.order[index]];
        m_lost[index] = true;
        // The reason is of the day when the cache was made, under the name that the file had then.
        m_files.push_back({shortened(scanned.path, 200), shortReason(picture.name, picture.reason),
                           scanned.label, scanned.part});
    }

    bool trains(std::size_t index) const
    {
        const auto sample = static_cast<std::int64_t>(index);
        return sample < m_drawn.trainCount && !std::ranges::binary_search(m_drawn.parts.validation, sample);
    }

    static void moveToUnreadable(ClassSupply& supply, const UnreadableFile& file)
    {
        if (!mayTrain(file.part))
            return;
        --supply.readable;
        if (supply.unreadable++ == 0)
            supply.example = listedFiles({file}, 1);
    }

    /// Of the drawn classes. A class of which nothing that trains can be decoded has nothing.
    std::vector<ClassSupply> suppliesLeft() const
    {
        std::vector<ClassSupply> supplies = suppliesOf(m_scan);
        for (const UnreadableFile& file : m_files)
            moveToUnreadable(supplies[static_cast<std::size_t>(file.label)], file);
        std::erase_if(supplies, [this](const ClassSupply& supply) {
            return !std::ranges::binary_search(m_drawn.classes, supply.name);
        });
        std::vector<std::int64_t> training(supplies.size());
        for (std::size_t i = 0; i < m_lost.size(); ++i)
            training[static_cast<std::size_t>(m_drawn.labels[i])] += trains(i) && !m_lost[i] ? 1 : 0;
        for (std::size_t label = 0; label < supplies.size(); ++label) {
            if (supplies[label].unreadable > 0 && training[label] == 0)
                supplies[label].readable = 0;
        }
        return supplies;
    }

    void sayUndecoded()
    {
        m_drawn.notices.push_back(
            {fmt::format("Left out: {} that cannot be decoded: {}{}.",
                         counted(std::ssize(m_files), "picture"), listedFiles(m_files, loggedFiles),
                         m_files.size() > loggedFiles ? " (named once these are mended or removed)" : ""),
             true});
    }

    void sayNoTest()
    {
        const std::int64_t test = std::ssize(m_drawn.order) - m_drawn.trainCount;
        const auto lost = std::count(m_lost.begin() + m_drawn.trainCount, m_lost.end(), true);
        if (test > 0 && lost == test)
            m_drawn.notices.push_back({"No test picture can be used, so there is no test.", true});
    }

    /// Classes with too little: their samples are not used, the labels of the others close up.
    void dropClasses(const std::vector<ClassSupply>& supplies)
    {
        ChosenClasses chosen = chooseClasses(supplies, m_options);
        m_drawn.classes = std::move(chosen.classes);
        if (chosen.notice)
            m_drawn.notices.push_back(std::move(*chosen.notice));
        for (std::size_t i = 0; i < m_lost.size(); ++i) {
            std::int64_t& label = m_drawn.labels[i];
            label = chosen.labels[static_cast<std::size_t>(label)];
            m_lost[i] = m_lost[i] || label < 0;
            label = std::max<std::int64_t>(label, 0); // of samples that nobody uses
        }
    }

    void fillUnusable()
    {
        for (std::size_t i = 0; i < m_lost.size(); ++i) {
            const auto sample = static_cast<std::int64_t>(i);
            if (m_lost[i] && sample < m_drawn.trainCount)
                m_drawn.parts.unusable.push_back(sample);
            else if (m_lost[i])
                m_drawn.parts.unusableTest.push_back(sample - m_drawn.trainCount);
        }
    }

    const FolderScan& m_scan;
    const FolderOptions& m_options;
    DrawnFolder& m_drawn;
    std::vector<bool> m_lost; ///< of the drawn pictures
    std::vector<UnreadableFile> m_files;
};

} // namespace

tl::unexpected<Error> unreadableStops(const FolderScan& scan, const std::vector<UnreadableFile>& files,
                                      const char* what)
{
    return failure(
        ErrorKind::Unreadable,
        fmt::format("{}: {} that cannot be {}: {}. Mend or remove {}, or set unreadable=leave_out.",
                    shown(std::filesystem::path(scan.folder)), counted(std::ssize(files), "picture"), what,
                    listedFiles(files, loggedFiles), files.size() == 1 ? "it" : "them"));
}

Expected<void> leaveOutUndecoded(const FolderScan& scan, const FolderOptions& options,
                                 const std::vector<UnreadablePicture>& undecoded, DrawnFolder& drawn)
{
    if (undecoded.empty())
        return {};
    return UndecodedRemoval(scan, options, drawn).run(undecoded);
}

} // namespace torchdesk
