// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/cifarbuilder.h"

#include "core/base/sha256.h"
#include "core/base/text.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace torchdesk {

namespace {

std::int64_t cifarSamples(const CifarForm& form, bool test)
{
    std::int64_t count = 0;
    for (const CifarForm::File& file : form.files)
        count += file.test == test ? file.records : 0;
    return count;
}

} // namespace

std::string cifarSizeHint(const CifarForm& form, std::uint64_t size)
{
    for (const CifarForm* other : {&cifar10(), &cifar100()}) {
        if (other->labelBytes == form.labelBytes)
            continue;
        for (const CifarForm::File& file : other->files) {
            if (other->bytesOf(file) == size)
                return fmt::format(" It has the size of {} of {}.", file.name, other->description.label);
        }
        if (size > 0 && size % static_cast<std::uint64_t>(other->recordBytes()) == 0)
            return fmt::format(" It has records as long as those of {}.", other->description.label);
    }
    return {};
}

CifarBuilder::CifarBuilder(const CifarForm& form) : m_form(form), m_done(form.files.size(), false)
{
    for (const bool test : {false, true}) {
        Part& part = test ? m_test : m_train;
        const std::int64_t count = cifarSamples(form, test);
        part.pixels.resize(static_cast<std::size_t>(count * CifarForm::pictureBytes));
        part.labels.resize(static_cast<std::size_t>(count));
    }
}

const CifarForm::File* CifarBuilder::wanted(const std::string& name) const
{
    const auto found = std::find_if(m_form.files.begin(), m_form.files.end(),
                                    [&](const CifarForm::File& file) { return file.name == name; });
    return found == m_form.files.end() ? nullptr : &*found;
}

std::size_t CifarBuilder::indexOf(const CifarForm::File& file) const
{
    return static_cast<std::size_t>(&file - m_form.files.data());
}

Expected<void> CifarBuilder::begin(const CifarForm::File& file, std::uint64_t size, const std::string& source)
{
    if (m_done[indexOf(file)])
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{} is there twice. Fetch the archive again.", source));
    if (size != m_form.bytesOf(file))
        return failure(
            ErrorKind::InvalidInput,
            fmt::format(
                "{} has {} bytes, {} were wanted ({} pictures of {}, {} bytes each).{} Fetch it again.",
                source, grouped(static_cast<std::int64_t>(size)),
                grouped(static_cast<std::int64_t>(m_form.bytesOf(file))), grouped(file.records),
                m_form.description.label, grouped(m_form.recordBytes()), cifarSizeHint(m_form, size)));
    m_file = &file;
    m_source = source;
    m_inRecord = 0;
    m_first = 0;
    for (std::size_t i = 0; i < indexOf(file); ++i)
        m_first += m_form.files[i].test == file.test ? m_form.files[i].records : 0;
    m_record = m_first;
    return {};
}

Expected<void> CifarBuilder::takeLabel(std::uint8_t value)
{
    const bool fine = m_inRecord + 1 == m_form.labelBytes;
    const auto classes =
        fine ? static_cast<std::int64_t>(m_form.description.classes.size()) : m_form.coarseClasses;
    if (value >= classes)
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("{}: {} of picture {} is {}, wanted 0 to {}. It is no file of {}: fetch it "
                        "again.",
                        m_source, fine ? "the label" : "the coarse label", grouped(m_record - m_first + 1),
                        value, classes - 1, m_form.description.label));
    if (fine)
        (m_file->test ? m_test : m_train).labels[static_cast<std::size_t>(m_record)] = value;
    return {};
}

Expected<void> CifarBuilder::add(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        if (m_record >= m_first + m_file->records)
            return failure(ErrorKind::InvalidInput,
                           fmt::format("{} is longer than it says. Fetch it again.", m_source));
        std::size_t taken = 1;
        if (m_inRecord < m_form.labelBytes) {
            if (const auto checked = takeLabel(std::to_integer<std::uint8_t>(bytes[0])); !checked)
                return checked;
        } else {
            const std::int64_t at = m_inRecord - m_form.labelBytes;
            taken = std::min(bytes.size(), static_cast<std::size_t>(CifarForm::pictureBytes - at));
            std::memcpy((m_file->test ? m_test : m_train).pixels.data() + m_record * CifarForm::pictureBytes +
                            at,
                        bytes.data(), taken);
        }
        bytes = bytes.subspan(taken);
        m_inRecord += static_cast<std::int64_t>(taken);
        if (m_inRecord == m_form.recordBytes()) {
            m_inRecord = 0;
            ++m_record;
        }
    }
    return {};
}

Expected<void> CifarBuilder::end()
{
    if (m_inRecord != 0 || m_record != m_first + m_file->records)
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{} is cut short: it ends in picture {} of {}. Fetch it again.", m_source,
                                   grouped(m_record - m_first + 1), grouped(m_file->records)));
    m_done[indexOf(*m_file)] = true;
    m_file = nullptr;
    return {};
}

std::vector<std::string> CifarBuilder::missing() const
{
    std::vector<std::string> names;
    for (std::size_t i = 0; i < m_done.size(); ++i) {
        if (!m_done[i])
            names.push_back(m_form.files[i].name);
    }
    return names;
}

std::string CifarBuilder::fingerprint() const
{
    Sha256 hash;
    for (const Part* part : {&m_train, &m_test}) {
        const std::vector<std::uint8_t> labels(part->labels.begin(), part->labels.end());
        hash.add(std::as_bytes(std::span(part->pixels)));
        hash.add(std::as_bytes(std::span(labels)));
    }
    return hash.finish();
}

DataSet CifarBuilder::finish(const std::filesystem::path& place)
{
    DataSet data;
    data.description = m_form.description;
    data.description.trainCount = std::ssize(m_train.labels);
    data.description.testCount = std::ssize(m_test.labels);
    data.description.fingerprint = fingerprint();
    data.description.folder = place.string();
    data.train = std::make_shared<ResidentStore>(std::move(m_train.pixels), std::move(m_train.labels));
    data.test = std::make_shared<ResidentStore>(std::move(m_test.pixels), std::move(m_test.labels));
    return data;
}

} // namespace torchdesk
