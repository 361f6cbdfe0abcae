// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/folder/folderlisting.h"

namespace torchdesk {

/// To which side of the split a folder itself gives a picture: folders called train (or training), val
/// (valid, validation) and test (testing).
enum class FolderPart
{
    None, ///< the folder has no such parts
    Train,
    Validation,
    Test
};

/// Where a picture belongs.
struct PicturePlace
{
    std::int32_t label = -1; ///< -1: left out
    FolderPart part = FolderPart::None;
    std::string inside; ///< its path inside the class: "slide7/12.png"

    bool operator==(const PicturePlace&) const = default;
};

/// How a folder is to be read: class/…, or train|val|test/class/…, perhaps inside one more folder.
struct FolderLayout
{
    std::vector<std::string>
        classes; ///< sorted as Python's sorted() does, so labels agree with torchvision's
    std::vector<PicturePlace> places; ///< one a picture of the listing, in its order
    std::string wrapper;     ///< the folder of the classes where pictures lie beside it: "set/flowers"; or ""
    bool parts = false;      ///< there are train|val|test
    LeftOut outside;         ///< pictures that lie in no class
    LeftOut otherFolders;    ///< pictures beside train|val|test
    LeftOut unknownClasses;  ///< pictures of val or test whose class is not in train
    LeftOut unreadableNames; ///< pictures whose class has a name that is no UTF-8
    std::vector<std::string> emptyClasses; ///< folders where a class would be, without pictures

    bool operator==(const FolderLayout&) const = default;
};

/// Reads the layout from the names. No pictures at all, pictures without folders and fewer than two classes
/// are errors that say what is expected; \p name is what messages call the folder.
Expected<FolderLayout> layoutOf(const FolderListing& listing, const std::string& name);

} // namespace torchdesk
