// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/folder/folderdraw.h"

#include "core/base/text.h"
#include "core/data/folder/classsupply.h"
#include "core/data/folder/keeptogether.h"
#include "core/data/groupdraw.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <numeric>

namespace torchdesk {

namespace {

/// Draws that are the same for every run (see DrawnFolder).
constexpr std::uint64_t everyRunsSeed = 0;
constexpr std::uint64_t drawOfTest = 1;
constexpr std::uint64_t drawOfMost = 2;

/// Sets that are joined one by one: each is known by one of its members.
class JoinedSets
{
public:
    explicit JoinedSets(std::size_t count) : m_parent(count)
    {
        std::iota(m_parent.begin(), m_parent.end(), std::size_t{0});
    }
    std::size_t find(std::size_t one)
    {
        while (m_parent[one] != one)
            one = m_parent[one] = m_parent[m_parent[one]];
        return one;
    }
    void join(std::size_t one, std::size_t other) { m_parent[find(one)] = find(other); }

private:
    std::vector<std::size_t> m_parent;
};

/// One draw, step by step.
class FolderDraw
{
public:
    FolderDraw(const FolderScan& scan, const FolderOptions& options) : m_scan(scan), m_options(options) {}

    Expected<DrawnFolder> run()
    {
        if (const auto taken = takeClasses(); !taken)
            return failure(taken);
        for (DataNotice& notice : togetherNotices(m_scan, m_options))
            m_drawn.notices.push_back(std::move(notice));
        choosePool();
        const std::vector<std::int64_t> groups = groupsOf(m_pool);
        const std::vector<std::int64_t> test = drawnTest(groups);
        for (std::size_t i = 0; i < m_pool.size(); ++i) {
            if (std::ranges::binary_search(test, static_cast<std::int64_t>(i)))
                continue;
            take(m_pool[i]);
            m_drawn.parts.groups.push_back(groups[i]);
        }
        if (m_drawn.order.empty())
            return failure(ErrorKind::InvalidInput,
                           fmt::format("test_share: {} of the pictures for the test leaves none to train on. "
                                       "Choose a smaller share, or keep less together.",
                                       toText(m_options.testShare)));
        takePart(FolderPart::Validation);
        m_drawn.trainCount = std::ssize(m_drawn.order);
        for (const std::int64_t index : test)
            take(m_pool[static_cast<std::size_t>(index)]);
        takePart(FolderPart::Test);
        return std::move(m_drawn);
    }

private:
    Expected<void> takeClasses()
    {
        const std::vector<ClassSupply> supplies = suppliesOf(m_scan);
        if (const auto checked = checkSupplies(m_scan, supplies, m_options); !checked)
            return checked;
        ChosenClasses chosen = chooseClasses(supplies, m_options);
        m_labels = std::move(chosen.labels);
        m_drawn.classes = std::move(chosen.classes);
        if (chosen.notice)
            m_drawn.notices.push_back(std::move(*chosen.notice));
        return {};
    }

    std::int64_t labelOf(std::size_t picture) const
    {
        return m_labels[static_cast<std::size_t>(m_scan.pictures[picture].label)];
    }

    /// The pictures from which training and what the folder does not part itself are drawn.
    void choosePool()
    {
        std::vector<std::vector<std::size_t>> byClass(m_drawn.classes.size());
        for (std::size_t i = 0; i < m_scan.pictures.size(); ++i) {
            if (mayTrain(m_scan.pictures[i].part) && labelOf(i) >= 0)
                byClass[static_cast<std::size_t>(labelOf(i))].push_back(i);
        }
        std::int64_t limited = 0;
        for (std::size_t label = 0; label < byClass.size(); ++label) {
            const std::int64_t before = std::ssize(byClass[label]);
            limit(byClass[label], static_cast<std::uint32_t>(label));
            limited += before > std::ssize(byClass[label]) ? 1 : 0;
            m_pool.insert(m_pool.end(), byClass[label].begin(), byClass[label].end());
        }
        if (limited > 0)
            m_drawn.notices.push_back({fmt::format("{} of {} classes have more than {} pictures to train: so "
                                                   "many of each are drawn.",
                                                   limited, byClass.size(), grouped(m_options.mostPerClass)),
                                       false});
    }

    void limit(std::vector<std::size_t>& pictures, std::uint32_t label) const
    {
        if (m_options.mostPerClass == 0 || std::ssize(pictures) <= m_options.mostPerClass)
            return;
        auto chosen =
            permutation(std::ssize(pictures), Random(everyRunsSeed, Purpose::Split, drawOfMost, label));
        chosen.resize(static_cast<std::size_t>(m_options.mostPerClass));
        std::ranges::sort(chosen);
        std::vector<std::size_t> kept;
        for (const std::int64_t index : chosen)
            kept.push_back(pictures[static_cast<std::size_t>(index)]);
        pictures = std::move(kept);
    }

    /// One number for each of \p pictures; equal files and what the options say share one.
    std::vector<std::int64_t> groupsOf(const std::vector<std::size_t>& pictures) const
    {
        JoinedSets sets(pictures.size());
        std::map<PictureHash, std::size_t> byHash;
        std::map<std::string, std::size_t> byName;
        for (std::size_t i = 0; i < pictures.size(); ++i) {
            const ScannedPicture& picture = m_scan.pictures[pictures[i]];
            if (const auto [at, first] = byHash.try_emplace(picture.hash, i); !first)
                sets.join(i, at->second);
            const std::string name = belongsTo(picture.inside, m_options);
            if (name.empty())
                continue;
            if (const auto [at, first] = byName.try_emplace(name, i); !first)
                sets.join(i, at->second);
        }
        std::vector<std::int64_t> groups(pictures.size());
        for (std::size_t i = 0; i < groups.size(); ++i)
            groups[i] = static_cast<std::int64_t>(sets.find(i));
        return groups;
    }

    /// Indices into the pool, sorted; none where the folder has a test part of its own.
    std::vector<std::int64_t> drawnTest(const std::vector<std::int64_t>& groups)
    {
        const bool own = std::ranges::any_of(
            m_scan.pictures, [](const ScannedPicture& picture) { return picture.part == FolderPart::Test; });
        if (own || m_options.testShare <= 0)
            return {};
        std::vector<std::int64_t> labels;
        for (const std::size_t picture : m_pool)
            labels.push_back(labelOf(picture));
        auto test = drawGroups(labels, groups, m_options.testShare,
                               Random(everyRunsSeed, Purpose::Split, drawOfTest));
        if (test.empty())
            m_drawn.notices.push_back({fmt::format("test_share: {} of so few pictures or groups is none, so "
                                                   "there is no test.",
                                                   toText(m_options.testShare)),
                                       true});
        return test;
    }

    void take(std::size_t picture)
    {
        m_drawn.order.push_back(picture);
        m_drawn.labels.push_back(labelOf(picture));
    }

    void takePart(FolderPart part)
    {
        for (std::size_t i = 0; i < m_scan.pictures.size(); ++i) {
            if (m_scan.pictures[i].part != part || labelOf(i) < 0)
                continue;
            if (part == FolderPart::Validation) {
                m_drawn.parts.validation.push_back(std::ssize(m_drawn.order));
                m_drawn.parts.groups.push_back(-1 - std::ssize(m_drawn.order)); // a group of its own
            }
            take(i);
        }
    }

    const FolderScan& m_scan;
    const FolderOptions& m_options;
    std::vector<std::int64_t> m_labels; ///< from the scan's to ours; -1: left out
    std::vector<std::size_t> m_pool;
    DrawnFolder m_drawn;
};

} // namespace

Expected<DrawnFolder> drawFolder(const FolderScan& scan, const FolderOptions& options)
{
    return FolderDraw(scan, options).run();
}

} // namespace torchdesk
