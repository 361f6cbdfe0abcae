// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/folderexamples.h"

#include "core/base/files.h"
#include "core/data/folder/archivereader.h"
#include "core/data/folder/folderdraw.h"
#include "core/data/folder/openfolder.h"
#include "core/data/folder/picturefile.h"
#include "core/data/pictures/picture.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

namespace torchdesk {

namespace {

/// Places in the training part: the first of each class, then the second of each …
std::vector<std::int64_t> chosenSamples(const DrawnFolder& drawn, int count, int columns)
{
    const int classes = std::min(columns, static_cast<int>(drawn.classes.size()));
    if (classes == 0)
        return {};
    const int each = count / classes;
    std::vector<std::vector<std::int64_t>> found(static_cast<std::size_t>(classes));
    const std::set<std::int64_t> validating(drawn.parts.validation.begin(), drawn.parts.validation.end());
    for (std::int64_t i = 0; i < drawn.trainCount; ++i) {
        const std::int64_t label = drawn.labels[static_cast<std::size_t>(i)];
        if (label < classes && !validating.contains(i) &&
            std::ssize(found[static_cast<std::size_t>(label)]) < each)
            found[static_cast<std::size_t>(label)].push_back(i);
    }
    std::vector<std::int64_t> chosen;
    for (int turn = 0; turn < each; ++turn)
        for (const auto& own : found)
            if (turn < std::ssize(own))
                chosen.push_back(own[static_cast<std::size_t>(turn)]);
    return chosen;
}

} // namespace

Expected<FolderExamples> FolderExampleReader::read(const FolderExamplesWish& wish, std::stop_token stop)
{
    const auto drawn = drawFolder(*wish.scan, wish.options);
    if (!drawn)
        return failure(drawn);
    const std::vector<std::int64_t> chosen = chosenSamples(*drawn, wish.count, wish.columns);
    std::vector<std::size_t> pictures;
    for (const std::int64_t sample : chosen)
        pictures.push_back(drawn->order[static_cast<std::size_t>(sample)]);
    FolderExamples made;
    made.preprocessing.shape = pictureShape(*wish.scan, wish.options, wish.modelInput);
    made.preprocessing.picture = wish.options.fit;
    made.preprocessing.range = wish.range;
    const bool fetched = fetch(wish.scan, pictures, stop);
    for (std::size_t i = 0; fetched && i < chosen.size() && !stop.stop_requested(); ++i) {
        const ScannedPicture& of = wish.scan->pictures[pictures[i]];
        const auto picture = decodePicture(m_files[i], of.path, wishFor(made.preprocessing));
        if (!picture)
            continue;
        const std::vector<std::uint8_t> sample = toSample(*picture, made.preprocessing);
        made.samples.insert(made.samples.end(), sample.begin(), sample.end());
        const auto label = static_cast<std::size_t>(drawn->labels[static_cast<std::size_t>(chosen[i])]);
        made.examples.push_back({chosen[i], drawn->classes[label], of.width, of.height});
    }
    if (stop.stop_requested())
        return failure(ErrorKind::Cancelled, "Looking at examples was stopped.");
    return made;
}

/// Has the bytes of these pictures in m_files; false where it was stopped on the way.
bool FolderExampleReader::fetch(const std::shared_ptr<const FolderScan>& scan,
                                const std::vector<std::size_t>& pictures, const std::stop_token& stop)
{
    if (m_scan == scan && m_pictures == pictures)
        return true;
    m_scan = scan;
    m_pictures = pictures;
    m_files.assign(pictures.size(), {});
    if (scan->archive)
        fetchEntries(stop);
    else
        fetchFiles(stop);
    if (stop.stop_requested())
        m_scan.reset(); // half of them are no answer for the next request
    return !stop.stop_requested();
}

void FolderExampleReader::fetchFiles(const std::stop_token& stop)
{
    for (std::size_t i = 0; i < m_pictures.size() && !stop.stop_requested(); ++i) {
        const auto file = std::filesystem::path(m_scan->folder) / m_scan->pictures[m_pictures[i]].path;
        if (auto bytes = readBytes(file, mostPictureBytes))
            m_files[i] = std::move(*bytes);
    }
}

void FolderExampleReader::fetchEntries(const std::stop_token& stop)
{
    std::map<std::int64_t, std::size_t> wanted;
    for (std::size_t i = 0; i < m_pictures.size(); ++i)
        wanted[m_scan->pictures[m_pictures[i]].place] = i;
    auto archive = ArchiveReader::open(m_scan->folder);
    while (archive && !wanted.empty() && !stop.stop_requested()) {
        const auto entry = archive->next();
        if (!entry || !*entry)
            return;
        const auto at = wanted.find((*entry)->place);
        if (at == wanted.end())
            continue;
        auto content = archive->read();
        if (!content)
            return;
        m_files[at->second] = std::move(content->bytes);
        wanted.erase(at);
    }
}

} // namespace torchdesk
