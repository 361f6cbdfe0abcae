// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/cifarbuilder.h"

namespace torchdesk {

/// Takes the files of \p form out of a .tar.gz (or .tar) into \p builder, without unpacking it on the disk.
/// Folders inside it do not matter, the last part of a name does. An archive that holds too many or too large
/// other files, is damaged (its check sum too) or cut short is an error. Blocks; stop gives
/// ErrorKind::Cancelled.
Expected<void> readCifarArchive(const CifarForm& form, const std::filesystem::path& file,
                                CifarBuilder& builder, const Progress& progress, std::stop_token stop);

} // namespace torchdesk
