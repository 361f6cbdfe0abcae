// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/testsupport.h"

#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace torchdesk::test {

/// What the server does when a path is asked for.
struct Answer
{
    enum class Play
    {
        Good,        ///< the content, or the part of it that was asked for
        IgnoreRange, ///< always all of it
        OtherPart,   ///< says 206 with the part after the one that was asked for
        Cut,         ///< closes the connection after \c after bytes of what it promised
        Stall,       ///< sends nothing more after \c after bytes
        SayMore,     ///< promises \c after bytes more than there are, and closes
        Endless,     ///< names no length and sends on, far beyond the content
        Status,      ///< answers with the number \c after and no content
        Redirect,    ///< to \c content
    };
    Play play = Play::Good;
    std::string content;
    std::size_t after = 0;
};

/// An HTTPS server on the loopback device, with a certificate of its own made at the start. One thread, one
/// connection after the other. It ends what it plays when it goes.
class FileServer
{
public:
    FileServer();
    ~FileServer();
    FileServer(const FileServer&) = delete;
    FileServer& operator=(const FileServer&) = delete;

    void serve(const std::string& path, Answer answer); ///< "/mnist/file"
    std::string url(const std::string& path = {}) const;
    /// The file (PEM) with the certificate that its client has to trust.
    std::filesystem::path authorities() const { return m_folder / "authorities.pem"; }
    /// What was asked for so far: "/path" or "/path from 100".
    std::vector<std::string> requests() const;

private:
    class Connection;
    void loop();
    void handle(int socket);
    void play(Connection& connection, const Answer& answer, std::size_t from, bool part);

    TemporaryFolder m_folder;
    struct Tls;
    std::unique_ptr<Tls> m_tls;
    int m_listener = -1;
    int m_port = 0;
    int m_wake[2] = {-1, -1};
    mutable std::mutex m_mutex;
    std::map<std::string, Answer> m_answers;
    std::vector<std::string> m_requests;
    std::thread m_thread;
};

} // namespace torchdesk::test
