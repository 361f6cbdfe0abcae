// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fileserver.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>
#include <csignal>
#include <cstdlib>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace torchdesk::test {

namespace {

void addExtension(X509* certificate, int id, const char* value)
{
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

/// For 127.0.0.1, signed by itself.
X509* makeCertificate(EVP_PKEY* key)
{
    X509* certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -86'400);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86'400);
    X509_set_pubkey(certificate, key);
    X509_NAME* name = X509_get_subject_name(certificate);
    const auto* text = reinterpret_cast<const unsigned char*>("TorchDesk tests");
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    addExtension(certificate, NID_basic_constraints, "critical,CA:TRUE");
    addExtension(certificate, NID_subject_alt_name, "IP:127.0.0.1");
    X509_sign(certificate, key, EVP_sha256());
    return certificate;
}

} // namespace

struct FileServer::Tls
{
    explicit Tls(const std::filesystem::path& authorities)
    {
        X509* certificate = makeCertificate(key);
        SSL_CTX_use_certificate(context, certificate);
        SSL_CTX_use_PrivateKey(context, key);
        FILE* file = std::fopen(authorities.c_str(), "w");
        PEM_write_X509(file, certificate);
        std::fclose(file);
        X509_free(certificate);
    }
    ~Tls()
    {
        SSL_CTX_free(context);
        EVP_PKEY_free(key);
    }
    Tls(const Tls&) = delete;
    Tls& operator=(const Tls&) = delete;

    EVP_PKEY* key = EVP_EC_gen("P-256");
    SSL_CTX* context = SSL_CTX_new(TLS_server_method());
};

/// One accepted connection.
class FileServer::Connection
{
public:
    Connection(SSL_CTX* context, int socket) : m_socket(socket), m_ssl(SSL_new(context))
    {
        SSL_set_fd(m_ssl, socket);
        m_good = SSL_accept(m_ssl) == 1;
    }
    ~Connection()
    {
        SSL_free(m_ssl);
        close(m_socket);
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    bool good() const { return m_good; }
    int socket() const { return m_socket; }
    /// A whole end, which a cut does without.
    void goodbye() { SSL_shutdown(m_ssl); }
    void send(std::string_view text)
    {
        while (m_good && !text.empty()) {
            const int done =
                SSL_write(m_ssl, text.data(), static_cast<int>(std::min<std::size_t>(text.size(), 16'384)));
            m_good = done > 0;
            text.remove_prefix(static_cast<std::size_t>(std::max(done, 0)));
        }
    }
    /// The request with its headers, in lower case but for the path.
    std::string request()
    {
        std::string text;
        char buffer[4096];
        while (m_good && text.find("\r\n\r\n") == std::string::npos) {
            const int got = SSL_read(m_ssl, buffer, sizeof buffer);
            m_good = got > 0;
            text.append(buffer, static_cast<std::size_t>(std::max(got, 0)));
        }
        return text;
    }

private:
    int m_socket;
    SSL* m_ssl;
    bool m_good = false;
};

FileServer::FileServer()
{
    std::signal(SIGPIPE, SIG_IGN);
    m_tls = std::make_unique<Tls>(authorities());
    m_listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (bind(m_listener, reinterpret_cast<sockaddr*>(&address), length) != 0 || listen(m_listener, 8) != 0 ||
        getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &length) != 0 || pipe(m_wake) != 0)
        qFatal("the loopback server cannot start");
    m_port = ntohs(address.sin_port);
    m_thread = std::thread([this] { loop(); });
}

FileServer::~FileServer()
{
    close(m_wake[1]);
    m_thread.join();
    close(m_wake[0]);
    close(m_listener);
}

void FileServer::serve(const std::string& path, Answer answer)
{
    const std::lock_guard lock(m_mutex);
    m_answers[path] = std::move(answer);
}

std::string FileServer::url(const std::string& path) const
{
    return fmt::format("https://127.0.0.1:{}{}", m_port, path);
}

std::vector<std::string> FileServer::requests() const
{
    const std::lock_guard lock(m_mutex);
    return m_requests;
}

void FileServer::loop()
{
    for (;;) {
        pollfd waited[] = {{m_listener, POLLIN, 0}, {m_wake[0], POLLIN, 0}};
        if (poll(waited, 2, -1) < 0)
            continue;
        if (waited[1].revents != 0)
            return;
        if (const int socket = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC); socket >= 0)
            handle(socket);
    }
}

void FileServer::handle(int socket)
{
    Connection connection(m_tls->context, socket);
    std::string request = connection.request();
    if (!connection.good())
        return;
    const std::string path = request.substr(4, request.find(' ', 4) - 4);
    std::transform(request.begin(), request.end(), request.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    const auto range = request.find("range: bytes=");
    const bool part = range != std::string::npos;
    const std::size_t from = part ? std::strtoul(request.c_str() + range + 13, nullptr, 10) : 0;
    Answer answer{Answer::Play::Status, {}, 404};
    {
        const std::lock_guard lock(m_mutex);
        m_requests.push_back(part ? fmt::format("{} from {}", path, from) : path);
        if (const auto found = m_answers.find(path); found != m_answers.end())
            answer = found->second;
    }
    play(connection, answer, from, part);
}

void FileServer::play(Connection& connection, const Answer& answer, std::size_t from, bool part)
{
    using Play = Answer::Play;
    if (answer.play == Play::Status)
        return connection.send(
            fmt::format("HTTP/1.1 {} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", answer.after));
    if (answer.play == Play::Redirect)
        return connection.send(fmt::format(
            "HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            answer.content));
    if (answer.play == Play::IgnoreRange || from > answer.content.size())
        part = false;
    const std::size_t first = part ? from + (answer.play == Play::OtherPart ? 1 : 0) : 0;
    const std::string body = answer.content.substr(first);
    std::string head = part ? fmt::format("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {}-{}/{}\r\n",
                                          first, answer.content.size() - 1, answer.content.size())
                            : "HTTP/1.1 200 OK\r\n";
    const std::size_t more = answer.play == Play::SayMore ? answer.after : 0;
    if (answer.play != Play::Endless)
        head += fmt::format("Content-Length: {}\r\n", body.size() + more);
    connection.send(head + "Connection: close\r\n\r\n");
    const bool partly = answer.play == Play::Cut || answer.play == Play::Stall;
    connection.send(partly ? body.substr(0, answer.after) : body);
    for (int i = 0; answer.play == Play::Endless && connection.good() && i < 1000; ++i)
        connection.send(body);
    if (answer.play == Play::Stall) {
        pollfd waited[] = {{connection.socket(), POLLIN | POLLRDHUP, 0}, {m_wake[0], POLLIN, 0}};
        poll(waited, 2, -1);
    }
    if (!partly)
        connection.goodbye();
}

} // namespace torchdesk::test
