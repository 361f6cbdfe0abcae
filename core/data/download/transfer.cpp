// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/download/transfer.h"

#include "core/base/text.h"

#include <algorithm>
#include <cctype>
#include <csignal>
#include <ctime>
#include <curl/curl.h>
#include <fmt/format.h>
#include <memory>
#include <new>
#include <optional>
#include <span>

namespace torchdesk {

namespace {

constexpr int pollMilliseconds = 100;
constexpr long mostRedirects = 5;
constexpr long slowestBytesPerSecond = 100;

/// Once for the process, before the first handle.
bool curlReady()
{
    static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    return ready;
}

/// A connection that the other side has closed sends SIGPIPE to the thread that writes, which would end the
/// program: TLS gives no other way to be told by an error alone.
class PipeSignalBlock
{
public:
    PipeSignalBlock()
    {
        sigemptyset(&m_pipe);
        sigaddset(&m_pipe, SIGPIPE);
        sigset_t pending;
        sigpending(&pending);
        m_pendingBefore = sigismember(&pending, SIGPIPE) == 1;
        pthread_sigmask(SIG_BLOCK, &m_pipe, &m_before);
    }
    ~PipeSignalBlock()
    {
        const timespec now{0, 0};
        while (!m_pendingBefore && sigtimedwait(&m_pipe, nullptr, &now) == SIGPIPE) {
        }
        pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
    }
    PipeSignalBlock(const PipeSignalBlock&) = delete;
    PipeSignalBlock& operator=(const PipeSignalBlock&) = delete;

private:
    sigset_t m_pipe{};
    sigset_t m_before{};
    bool m_pendingBefore = false;
};

std::string bytesText(std::uint64_t bytes)
{
    return grouped(static_cast<std::int64_t>(bytes));
}

/// "bytes 100-199/200" as the first byte and the whole length ("*": unknown).
struct ContentRange
{
    std::uint64_t first = 0;
    std::optional<std::uint64_t> total;
};

std::optional<ContentRange> parseContentRange(std::string_view text)
{
    if (!text.starts_with("bytes "))
        return std::nullopt;
    text.remove_prefix(6);
    const auto dash = text.find('-');
    const auto slash = text.find('/');
    if (dash == std::string_view::npos || slash == std::string_view::npos || slash < dash)
        return std::nullopt;
    const auto first = toUnsigned(text.substr(0, dash));
    if (!first)
        return std::nullopt;
    return ContentRange{*first, toUnsigned(text.substr(slash + 1))};
}

class Attempt
{
public:
    explicit Attempt(const TransferRequest& request)
        : m_request(request), m_easy(curl_easy_init(), &curl_easy_cleanup),
          m_multi(curl_multi_init(), &curl_multi_cleanup)
    {}
    ~Attempt()
    {
        if (m_easy && m_multi)
            curl_multi_remove_handle(m_multi.get(), m_easy.get());
    }
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;

    Expected<TransferEnd> run()
    {
        if (!m_easy || !m_multi)
            return failure(ErrorKind::OutOfMemory, "The memory is full: the download cannot begin.");
        prepare();
        curl_multi_add_handle(m_multi.get(), m_easy.get());
        for (int running = 1; running > 0;) {
            if (curl_multi_perform(m_multi.get(), &running) != CURLM_OK)
                return TransferEnd{"could not be asked"};
            if (m_request.stop.stop_requested())
                return failure(ErrorKind::Cancelled, "The download was stopped.");
            m_request.tick();
            if (std::chrono::steady_clock::now() - m_lastByte > m_request.settings.stallTimeout)
                return TransferEnd{stallText()};
            if (running > 0)
                curl_multi_poll(m_multi.get(), nullptr, 0, pollMilliseconds, nullptr);
        }
        return result();
    }

private:
    template <class Value>
    void set(CURLoption option, Value value)
    {
        curl_easy_setopt(m_easy.get(), option, value);
    }

    void prepare()
    {
        set(CURLOPT_URL, m_request.url.c_str());
        set(CURLOPT_PROTOCOLS_STR, "https");
        set(CURLOPT_REDIR_PROTOCOLS_STR, "https");
        set(CURLOPT_FOLLOWLOCATION, 1L);
        set(CURLOPT_MAXREDIRS, mostRedirects);
        set(CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
        set(CURLOPT_QUICK_EXIT, 1L); // a look-up of a name that hangs must not hold a stop up
#endif
        set(CURLOPT_USERAGENT, "TorchDesk");
        set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(m_request.settings.connectTimeout.count()));
        // curl looks at the mean of some seconds: for a trickle. A full stop is seen in run().
        set(CURLOPT_LOW_SPEED_LIMIT, slowestBytesPerSecond);
        set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(m_request.settings.stallTimeout.count()));
        set(CURLOPT_WRITEFUNCTION, &Attempt::came<&Attempt::takeBody>);
        set(CURLOPT_WRITEDATA, this);
        set(CURLOPT_HEADERFUNCTION, &Attempt::came<&Attempt::takeHeader>);
        set(CURLOPT_HEADERDATA, this);
        if (!m_request.settings.authorities.empty())
            set(CURLOPT_CAINFO, m_request.settings.authorities.c_str());
        m_range = fmt::format("{}-", m_request.part.size());
        if (m_request.part.size() > 0)
            set(CURLOPT_RANGE, m_range.c_str());
    }

    /// What curl calls: nothing is thrown through its frames; 0 ends the transfer.
    template <std::size_t (Attempt::*take)(std::string_view)>
    static std::size_t came(char* data, std::size_t size, std::size_t count, void* self)
    {
        auto& attempt = *static_cast<Attempt*>(self);
        try {
            return (attempt.*take)(std::string_view(data, size * count));
        } catch (const std::bad_alloc&) {
            attempt.m_outOfMemory = true;
            return 0;
        }
    }

    std::size_t takeHeader(std::string_view line)
    {
        if (line.starts_with("HTTP/"))
            m_contentRange.reset(); // of a redirect
        const auto colon = line.find(':');
        std::string name(line.substr(0, colon == std::string_view::npos ? 0 : colon));
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
        if (name == "content-range")
            m_contentRange = parseContentRange(trimmed(line.substr(colon + 1)));
        return line.size();
    }

    std::size_t takeBody(std::string_view data)
    {
        return take(std::as_bytes(std::span(data))) ? data.size() : 0;
    }

    bool refuse(std::string reason)
    {
        m_reason = std::move(reason);
        return false;
    }

    bool refuseFile(std::string reason)
    {
        m_otherFile = true;
        return refuse(std::move(reason));
    }

    bool keep(const Expected<void>& done)
    {
        if (!done)
            m_problem = done.error();
        return done.has_value();
    }

    /// False ends the transfer.
    bool take(std::span<const std::byte> bytes)
    {
        if (m_request.stop.stop_requested())
            return false;
        if (!m_begun && !begin())
            return false;
        m_begun = true;
        m_lastByte = std::chrono::steady_clock::now();
        if (m_request.part.size() + bytes.size() > m_request.wanted.size)
            return refuseFile(fmt::format("sends more than the published {} bytes", bytesText(wantedSize())));
        return keep(m_request.part.append(bytes));
    }

    std::uint64_t wantedSize() const
    {
        return m_request.wanted.size;
    }

    long responseCode() const
    {
        long code = 0;
        curl_easy_getinfo(m_easy.get(), CURLINFO_RESPONSE_CODE, &code);
        return code;
    }

    /// Looks at what the answer says of itself, before anything of it is kept.
    bool begin()
    {
        const long code = responseCode();
        if (code == 206)
            return beginPart();
        if (code != 200)
            return refuse(fmt::format("answered {}", code));
        curl_off_t length = -1;
        curl_easy_getinfo(m_easy.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
        if (length >= 0 && static_cast<std::uint64_t>(length) != wantedSize())
            return refuseLength(static_cast<std::uint64_t>(length));
        // The whole file, also where only the rest was asked for.
        return m_request.part.size() == 0 || keep(m_request.part.restart());
    }

    bool beginPart()
    {
        if (!m_contentRange || m_contentRange->first != m_request.part.size())
            return refuse("sends another part than the one that was asked for");
        if (m_contentRange->total && *m_contentRange->total != wantedSize())
            return refuseLength(*m_contentRange->total);
        return true;
    }

    bool refuseLength(std::uint64_t length)
    {
        return refuseFile(fmt::format("has a file of {} bytes, the published one has {}", bytesText(length),
                                      bytesText(wantedSize())));
    }

    CURLcode code() const
    {
        int left = 0;
        const CURLMsg* message = curl_multi_info_read(m_multi.get(), &left);
        return message && message->msg == CURLMSG_DONE ? message->data.result : CURLE_FAILED_INIT;
    }

    Expected<TransferEnd> result()
    {
        const CURLcode ended = code();
        if (!m_problem && m_reason.empty() && ended == CURLE_OK && !m_begun)
            begin(); // an answer without content
        if (m_outOfMemory)
            return failure(ErrorKind::OutOfMemory, "The memory is full: the download was ended.");
        if (m_problem)
            return tl::unexpected(*m_problem);
        if (!m_reason.empty())
            return TransferEnd{m_reason, m_otherFile};
        if (m_request.part.complete())
            return TransferEnd{};
        return TransferEnd{ended == CURLE_OK ? cutText() : reasonOf(ended)};
    }

    std::string cutText() const
    {
        return fmt::format("was cut off after {} of {} bytes", bytesText(m_request.part.size()),
                           bytesText(wantedSize()));
    }

    std::string stallText() const
    {
        return m_begun ? fmt::format("sent nothing more for {} s, after {} of {} bytes",
                                     m_request.settings.stallTimeout.count(),
                                     bytesText(m_request.part.size()), bytesText(wantedSize()))
                       : "did not answer in time";
    }

    std::string reasonOf(CURLcode ended) const
    {
        switch (ended) {
        case CURLE_PARTIAL_FILE:
        case CURLE_RECV_ERROR:
        case CURLE_GOT_NOTHING:
            return m_begun ? cutText() : "closed the connection without an answer";
        case CURLE_OPERATION_TIMEDOUT:
            return stallText();
        case CURLE_UNSUPPORTED_PROTOCOL:
            return "leads to an address that is not https";
        case CURLE_TOO_MANY_REDIRECTS:
            return "leads from address to address";
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_RESOLVE_PROXY:
            return "is not known by name (is there a connection to the internet?)";
        case CURLE_COULDNT_CONNECT:
            return "cannot be reached";
        case CURLE_PEER_FAILED_VERIFICATION:
            return "shows a certificate that is not trusted";
        case CURLE_SSL_CACERT_BADFILE:
            return "could not be trusted: the file with the certificates cannot be read";
        default:
            return fmt::format("failed ({})", curl_easy_strerror(ended));
        }
    }

    const TransferRequest& m_request;
    std::unique_ptr<CURL, void (*)(CURL*)> m_easy;
    std::unique_ptr<CURLM, CURLMcode (*)(CURLM*)> m_multi;
    std::string m_range;
    std::optional<ContentRange> m_contentRange;
    bool m_begun = false;
    std::chrono::steady_clock::time_point m_lastByte = std::chrono::steady_clock::now();
    std::string m_reason;
    bool m_otherFile = false;
    std::optional<Error> m_problem;
    bool m_outOfMemory = false;
};

} // namespace

std::string hostOf(const std::string& url)
{
    const auto scheme = url.find("://");
    const std::string rest = scheme == std::string::npos ? url : url.substr(scheme + 3);
    const std::string host = rest.substr(0, rest.find_first_of("/?#"));
    return host.substr(host.rfind('@') + 1); // a name and a password before it are nobody's business
}

Expected<TransferEnd> transfer(const TransferRequest& request)
{
    if (!curlReady())
        return failure(ErrorKind::Internal, "The network library could not be started.");
    const PipeSignalBlock block;
    return Attempt(request).run();
}

} // namespace torchdesk
