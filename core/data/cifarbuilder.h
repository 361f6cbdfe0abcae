// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/cifar.h"

#include <cstddef>
#include <optional>
#include <span>

namespace torchdesk {

/// Takes the bytes of the files of a form, in any order of files, straight to their places in the samples: no
/// second copy is made. One thread.
class CifarBuilder
{
public:
    explicit CifarBuilder(const CifarForm& form); ///< takes the memory of all samples

    /// The file that is called so in the form; nullptr for any other.
    const CifarForm::File* wanted(const std::string& name) const;
    /// Begins a file of \p size bytes, which \p source names in messages.
    Expected<void> begin(const CifarForm::File& file, std::uint64_t size, const std::string& source);
    /// The next bytes of it; labels are checked as they come.
    Expected<void> add(std::span<const std::byte> bytes);
    /// All of the file has come.
    Expected<void> end();
    /// Names of the files that have not come.
    std::vector<std::string> missing() const;
    /// The set, once nothing is missing. Call once.
    DataSet finish(const std::filesystem::path& place);

private:
    struct Part
    {
        std::vector<std::uint8_t> pixels;
        std::vector<std::int64_t> labels;
    };
    Expected<void> takeLabel(std::uint8_t value);
    std::size_t indexOf(const CifarForm::File& file) const;
    std::string fingerprint() const;

    const CifarForm& m_form;
    Part m_train;
    Part m_test;
    std::vector<bool> m_done;

    const CifarForm::File* m_file = nullptr;
    std::string m_source;
    std::int64_t m_record = 0;   ///< in its part
    std::int64_t m_first = 0;    ///< of the file, in its part
    std::int64_t m_inRecord = 0; ///< bytes of the record that have come
};

/// Where a file is no file of \p form because of its size: whose it may be, as a sentence; "" for no idea.
std::string cifarSizeHint(const CifarForm& form, std::uint64_t size);

} // namespace torchdesk
