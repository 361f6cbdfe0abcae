// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/folder/filekinds.h"

#include <algorithm>
#include <array>

namespace torchdesk {

namespace {

struct Format
{
    std::string_view ending;
    std::string_view name;
};

constexpr std::array<std::string_view, 5> pictureEndings = {".jpg", ".jpeg", ".png", ".tif", ".tiff"};

/// Microscopes, slide scanners, medicine, cameras, the web.
constexpr std::array<Format, 45> foreignFormats = {{
    {".czi", "CZI"},     {".lif", "LIF"},       {".nd2", "ND2"},       {".oib", "OIB"},
    {".oif", "OIF"},     {".oir", "OIR"},       {".vsi", "VSI"},       {".lsm", "LSM"},
    {".zvi", "ZVI"},     {".ims", "IMS"},       {".svs", "SVS"},       {".ndpi", "NDPI"},
    {".mrxs", "MRXS"},   {".scn", "SCN"},       {".bif", "BIF"},       {".dcm", "DICOM"},
    {".dicom", "DICOM"}, {".nii", "NIfTI"},     {".nii.gz", "NIfTI"},  {".nrrd", "NRRD"},
    {".mha", "MHA"},     {".mhd", "MHD"},       {".mgz", "MGZ"},       {".gif", "GIF"},
    {".bmp", "BMP"},     {".webp", "WebP"},     {".heic", "HEIC"},     {".heif", "HEIF"},
    {".avif", "AVIF"},   {".jp2", "JPEG 2000"}, {".j2k", "JPEG 2000"}, {".jxl", "JPEG XL"},
    {".ppm", "PPM"},     {".pgm", "PGM"},       {".psd", "PSD"},       {".cr2", "CR2"},
    {".nef", "NEF"},     {".arw", "ARW"},       {".dng", "DNG"},       {".exr", "EXR"},
    {".svg", "SVG"},     {".pdf", "PDF"},       {".h5", "HDF5"},       {".npy", "NumPy"},
    {".npz", "NumPy"},
}};

constexpr std::array<std::string_view, 15> archiveEndings = {
    ".zip",    ".tar", ".tgz",     ".tbz2",  ".txz",    ".tzst", ".tar.gz", ".tar.bz2",
    ".tar.xz", ".tbz", ".tar.zst", ".tar.z", ".tar.bz", ".cbz",  ".gtar"};

std::string lowered(std::string_view text)
{
    std::string result(text);
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

std::string_view fileName(std::string_view path)
{
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool isHidden(std::string_view path)
{
    while (!path.empty()) {
        const auto slash = path.find('/');
        const auto part = path.substr(0, slash);
        const bool dots = part == "." || part == "..";
        if ((part.starts_with('.') && !dots) || part == "__MACOSX" || part == "Thumbs.db" ||
            part == "desktop.ini")
            return true;
        path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
    }
    return false;
}

const Format* foreignFormat(const std::string& name)
{
    // The longest ending first: "x.nii.gz" is a NIfTI file.
    const Format* found = nullptr;
    for (const Format& format : foreignFormats) {
        if (name.ends_with(format.ending) && (!found || format.ending.size() > found->ending.size()))
            found = &format;
    }
    return found;
}

} // namespace

EntryKind fileKind(std::string_view path)
{
    if (isHidden(path))
        return EntryKind::Hidden;
    const std::string name = lowered(fileName(path));
    if (std::ranges::any_of(pictureEndings, [&](std::string_view ending) { return name.ends_with(ending); }))
        return EntryKind::Picture;
    if (foreignFormat(name))
        return EntryKind::Foreign;
    return isArchiveName(name) ? EntryKind::Archive : EntryKind::Other;
}

std::string formatName(std::string_view path)
{
    const Format* format = foreignFormat(lowered(fileName(path)));
    return format ? std::string(format->name) : std::string();
}

bool isArchiveName(std::string_view path)
{
    const std::string name = lowered(fileName(path));
    return std::ranges::any_of(archiveEndings,
                               [&](std::string_view ending) { return name.ends_with(ending); });
}

} // namespace torchdesk
