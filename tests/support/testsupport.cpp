// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testsupport.h"

#include <cstdlib>

namespace torchdesk::test {

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder()
{
    std::string pattern = (fs::temp_directory_path() / "torchdesk-XXXXXX").string();
    m_path = mkdtemp(pattern.data());
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
}

// Through Qt's lock: QtTest's watchdog reads the environment on a thread of its own as each test begins.
ScopedVariable::ScopedVariable(const char* name, const std::string& value) : m_name(name)
{
    if (const char* before = std::getenv(name))
        m_before = before;
    if (value.empty())
        qunsetenv(name);
    else
        qputenv(name, value.c_str());
}

ScopedVariable::~ScopedVariable()
{
    if (m_before)
        qputenv(m_name, m_before->c_str());
    else
        qunsetenv(m_name);
}

fs::path datasets()
{
    const char* variable = std::getenv("TORCHDESK_DATASETS");
    const fs::path folder =
        variable ? fs::path(variable) : fs::path(TORCHDESK_SOURCE_DIR) / "../shared/datasets";
    return fs::is_directory(folder) ? fs::canonical(folder) : fs::path();
}

void writeFile(const fs::path& file, std::string_view content)
{
    VERIFY_OK(makeFolder(file.parent_path()));
    VERIFY_OK(writeAtomically(file, content));
}

} // namespace torchdesk::test
