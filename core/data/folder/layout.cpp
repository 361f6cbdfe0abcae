// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/folder/layout.h"

#include "core/base/text.h"
#include "core/data/folder/foldertext.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <set>

namespace torchdesk {

namespace {

constexpr int mostWrappers = 16;

std::string lowerCase(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

FolderPart partNamed(std::string_view name)
{
    const std::string word = lowerCase(name);
    if (word == "train" || word == "training")
        return FolderPart::Train;
    if (word == "val" || word == "valid" || word == "validation")
        return FolderPart::Validation;
    return word == "test" || word == "testing" ? FolderPart::Test : FolderPart::None;
}

/// "a/b/c.jpg" is {"a", "b/c.jpg"}; {"", path} where no folder is in front.
std::pair<std::string_view, std::string_view> firstFolder(std::string_view path)
{
    const auto slash = path.find('/');
    return slash == std::string_view::npos ? std::pair(std::string_view(), path)
                                           : std::pair(path.substr(0, slash), path.substr(slash + 1));
}

/// A name that JSON, charts and messages can hold.
bool isPlainName(std::string_view name)
{
    return shortened(name, name.size()) == name;
}

std::string exampleTree(const std::string& name)
{
    return fmt::format("{0}/cats/1.jpg, {0}/dogs/2.jpg, or with parts {0}/train/cats/1.jpg, "
                       "{0}/val/cats/2.jpg, {0}/test/cats/3.jpg",
                       name);
}

/// What lies in one folder, as far as pictures do.
struct FolderLevel
{
    std::set<std::string_view> folders;
    bool loose = false;  ///< there are pictures outside these folders
    bool deeper = false; ///< there are folders in these folders

    bool isWrapper() const
    {
        return folders.size() == 1 && deeper && partNamed(*folders.begin()) == FolderPart::None;
    }
    /// Whether there is more than one class, or train.
    bool holdsClasses() const
    {
        return folders.size() > 1 || (folders.size() == 1 && !isWrapper() && deeper);
    }
};

FolderLevel levelIn(const std::vector<ListedFile>& pictures, const std::string& folder)
{
    FolderLevel level;
    for (const ListedFile& picture : pictures) {
        if (!picture.path.starts_with(folder))
            continue;
        const auto [top, rest] = firstFolder(std::string_view(picture.path).substr(folder.size()));
        level.loose = level.loose || top.empty();
        if (!top.empty())
            level.folders.insert(top);
        level.deeper = level.deeper || rest.find('/') != std::string_view::npos;
    }
    return level;
}

/// What lies in front of the classes, "" or "archive-main/". A wrapper with pictures beside it (a logo) is
/// looked through only where classes are found in it: else it is a class itself.
std::string wrapperOf(const std::vector<ListedFile>& pictures)
{
    std::string wrapper;
    std::optional<std::string> outer; ///< in front of the first loose pictures
    for (int i = 0; i < mostWrappers; ++i) {
        const FolderLevel level = levelIn(pictures, wrapper);
        if (!level.isWrapper())
            return outer && !level.holdsClasses() ? *outer : wrapper;
        if (level.loose && !outer)
            outer = wrapper;
        wrapper += std::string(*level.folders.begin()) + '/';
    }
    return outer.value_or(wrapper);
}

/// Gives each picture its class and part.
class LayoutReader
{
public:
    LayoutReader(const FolderListing& listing, std::string name)
        : m_listing(listing), m_name(std::move(name)), m_wrapper(wrapperOf(listing.pictures))
    {}

    Expected<FolderLayout> read()
    {
        if (m_listing.pictures.empty())
            return nothingFound();
        m_layout.parts = hasParts();
        m_layout.places.resize(m_listing.pictures.size());
        std::vector<std::string> classOf(m_listing.pictures.size());
        for (std::size_t i = 0; i < classOf.size(); ++i)
            classOf[i] = place(i);
        nameClasses(classOf);
        for (std::size_t i = 0; i < classOf.size(); ++i)
            giveLabel(i, classOf[i]);
        noteEmptyClasses();
        if (const auto enough = checkClasses(); !enough)
            return failure(enough);
        return std::move(m_layout);
    }

private:
    bool isInside(const std::string& path) const { return path.starts_with(m_wrapper); }
    std::string_view inner(const std::string& path) const
    {
        return std::string_view(path).substr(m_wrapper.size());
    }

    /// A folder "train" tells; so do folders of which each is called like a part.
    bool hasParts() const
    {
        bool train = false;
        bool all = true;
        for (const ListedFile& picture : m_listing.pictures) {
            if (!isInside(picture.path))
                continue;
            const auto [top, rest] = firstFolder(inner(picture.path));
            const FolderPart part = partNamed(top);
            train = train || (part == FolderPart::Train && rest.find('/') != std::string_view::npos);
            all = all && part != FolderPart::None && rest.find('/') != std::string_view::npos;
        }
        return train || all;
    }

    /// The picture's part is noted, its class given back: "" where it has none.
    std::string place(std::size_t index)
    {
        const std::string& path = m_listing.pictures[index].path;
        if (!isInside(path)) {
            m_layout.wrapper = shortened(std::string_view(m_wrapper).substr(0, m_wrapper.size() - 1), 120);
            m_layout.outside.add(path);
            return {};
        }
        std::string_view rest = inner(path);
        PicturePlace& placed = m_layout.places[index];
        if (m_layout.parts) {
            const auto [top, below] = firstFolder(rest);
            placed.part = partNamed(top);
            if (placed.part == FolderPart::None) {
                m_layout.otherFolders.add(path);
                return {};
            }
            rest = below;
        }
        const auto [folder, inside] = firstFolder(rest);
        placed.inside = inside;
        if (folder.empty())
            m_layout.outside.add(path);
        else if (isPlainName(folder))
            return std::string(folder);
        else
            leaveOutName(std::string(folder), path);
        return {};
    }

    void leaveOutName(const std::string& folder, const std::string& path)
    {
        m_unreadableFolders.insert(folder);
        m_layout.unreadableNames.add(path);
    }

    void nameClasses(const std::vector<std::string>& classOf)
    {
        std::set<std::string> names;
        for (std::size_t i = 0; i < classOf.size(); ++i) {
            const FolderPart part = m_layout.places[i].part;
            if (!classOf[i].empty() && (part == FolderPart::None || part == FolderPart::Train))
                names.insert(classOf[i]);
        }
        m_layout.classes.assign(names.begin(), names.end());
    }

    void giveLabel(std::size_t index, const std::string& name)
    {
        if (name.empty())
            return;
        const auto at = std::ranges::lower_bound(m_layout.classes, name);
        if (at == m_layout.classes.end() || *at != name)
            m_layout.unknownClasses.add(m_listing.pictures[index].path);
        else
            m_layout.places[index].label = static_cast<std::int32_t>(at - m_layout.classes.begin());
    }

    /// Folders at the place of a class, without a picture in them.
    void noteEmptyClasses()
    {
        for (const std::string& folder : m_listing.folders) {
            if (!isInside(folder))
                continue;
            auto [top, rest] = firstFolder(inner(folder));
            if (m_layout.parts && partNamed(top) == FolderPart::Train && !rest.empty())
                top = {};
            else if (m_layout.parts)
                continue;
            const bool atClass = top.empty() && rest.find('/') == std::string_view::npos;
            if (atClass && !std::ranges::binary_search(m_layout.classes, rest) &&
                !m_unreadableFolders.contains(std::string(rest)))
                m_layout.emptyClasses.push_back(shortened(rest, 120));
        }
    }

    Expected<void> checkClasses() const
    {
        const auto placed =
            std::ranges::count_if(m_layout.places, [](const auto& p) { return p.label >= 0; });
        if (m_layout.parts && m_layout.classes.empty())
            return failure(ErrorKind::InvalidInput,
                           fmt::format("{}: found folders for validation or test, but none called train with "
                                       "pictures in class folders. Wanted: {}.",
                                       m_name, exampleTree(m_name)));
        if (placed == 0 && m_layout.unreadableNames.count > 0)
            return failure(
                ErrorKind::InvalidInput,
                fmt::format("{}: found class folders whose names are no UTF-8 (such as {}). Rename "
                            "them.",
                            m_name, m_layout.unreadableNames.names.front()));
        if (placed == 0)
            return failure(ErrorKind::InvalidInput,
                           fmt::format("{}: found {} pictures side by side, wanted a folder for each class: "
                                       "{}. Move the pictures of each class into a folder of its own.",
                                       m_name, grouped(std::ssize(m_listing.pictures)), exampleTree(m_name)));
        if (m_layout.classes.size() < 2)
            return failure(ErrorKind::InvalidInput,
                           fmt::format("{}: found one class only (\"{}\"), wanted at least two folders with "
                                       "pictures: {}.{}",
                                       m_name, shortened(m_layout.classes.front(), 60), exampleTree(m_name),
                                       whatIsNoClass()));
        return {};
    }

    /// What the person may have meant as a class, and why it is none.
    std::string whatIsNoClass() const
    {
        std::string text;
        const auto say = [&text](const LeftOut& left, const char* thing, const char* what) {
            if (left.count > 0)
                text += fmt::format(" {} {} {}{}.", counted(left.count, thing),
                                    left.count == 1 ? "lies" : "lie", what, examples(left));
        };
        say(m_layout.unreadableNames, "picture",
            "in a folder whose name is no UTF-8, so it is no class until it is renamed");
        say(m_layout.outside, "picture", "beside the class folders, outside any class");
        say(m_listing.archives, "archive", "inside, whose pictures are seen once unpacked");
        if (!m_layout.emptyClasses.empty())
            text += fmt::format(" No JPEG, PNG or TIFF pictures were found in {}{}.",
                                m_layout.emptyClasses.front(),
                                m_layout.emptyClasses.size() > 1 ? " and others" : "");
        return text;
    }

    tl::unexpected<Error> nothingFound() const
    {
        std::vector<std::string> formats;
        std::int64_t most = 0;
        for (const auto& [format, files] : m_listing.foreign) {
            formats.push_back(counted(files.count, format + " file"));
            most += files.count;
        }
        if (most > 0)
            return failure(ErrorKind::Unsupported,
                           fmt::format("{}: {} found: save them as TIFF first. TorchDesk reads JPEG, PNG and "
                                       "TIFF.",
                                       m_name, joined(formats, ", ")));
        if (const LeftOut& archives = m_listing.archives; archives.count > 0)
            return failure(
                ErrorKind::Unsupported,
                fmt::format("{}: found no JPEG, PNG or TIFF pictures, but {} inside{}. Unpack {} first, then "
                            "name the folder with the pictures.",
                            m_name, counted(archives.count, "archive"), examples(archives),
                            archives.count == 1 ? "it" : "them"));
        return failure(
            ErrorKind::NotFound,
            fmt::format("{}: found no JPEG, PNG or TIFF pictures. Wanted a folder for each class: {}.",
                        m_name, exampleTree(m_name)));
    }

    const FolderListing& m_listing;
    std::string m_name;
    std::string m_wrapper;
    std::set<std::string> m_unreadableFolders; ///< at the place of a class, with pictures
    FolderLayout m_layout;
};

} // namespace

Expected<FolderLayout> layoutOf(const FolderListing& listing, const std::string& name)
{
    return LayoutReader(listing, name).read();
}

} // namespace torchdesk
