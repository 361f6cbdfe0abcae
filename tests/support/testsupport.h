// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/files.h"

#include <QTest>
#include <filesystem>
#include <optional>
#include <string>

namespace torchdesk::test {

/// A folder that is removed with this object.
class TemporaryFolder
{
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return m_path; }
    std::filesystem::path operator/(const std::string& name) const { return m_path / name; }

private:
    std::filesystem::path m_path;
};

/// Sets an environment variable for as long as it lives. An empty value unsets it.
class ScopedVariable
{
public:
    ScopedVariable(const char* name, const std::string& value);
    ~ScopedVariable();
    ScopedVariable(const ScopedVariable&) = delete;
    ScopedVariable& operator=(const ScopedVariable&) = delete;

private:
    const char* m_name;
    std::optional<std::string> m_before;
};

/// The folder with the real data sets beside the checkout (TORCHDESK_DATASETS overrides), empty where there
/// is none.
std::filesystem::path datasets();

/// Writes a file for a test; the test fails where that fails.
void writeFile(const std::filesystem::path& file, std::string_view content);

} // namespace torchdesk::test

/// Checks that an Expected holds a value, and shows its error where not.
#define VERIFY_OK(expression)                                                                                \
    do {                                                                                                     \
        const auto& checked_ = (expression);                                                                 \
        QVERIFY2(checked_.has_value(), checked_ ? "" : checked_.error().message.c_str());                    \
    } while (false)

/// Checks that an Expected holds an error whose message contains the text.
#define VERIFY_ERROR(expression, text)                                                                       \
    do {                                                                                                     \
        const auto& checked_ = (expression);                                                                 \
        QVERIFY2(!checked_.has_value(), "an error was expected");                                            \
        QVERIFY2(checked_.error().message.find(text) != std::string::npos,                                   \
                 checked_.error().message.c_str());                                                          \
    } while (false)
