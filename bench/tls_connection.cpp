#include "tls_connection.h"

#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/text.h"
#include "samples.h"

namespace pizwg::bench {

namespace {

// Small, so that little can wait on the way; large enough for the records of a full-rate line.
constexpr int socket_buffer = 32 * 1024;

std::unexpected<Error> fail_tls(const std::string& doing) {
  char reason[256] = "connection closed";
  if (const unsigned long code = ERR_get_error(); code != 0) ERR_error_string_n(code, reason, sizeof reason);
  ERR_clear_error();
  return fail(doing + ": " + reason);
}

Result<void> wait_for(int fd, short event, std::int64_t deadline) {
  pollfd waited{fd, event, 0};
  const std::int64_t left = (deadline - now_ns()) / millisecond;
  if (left > 0 && ::poll(&waited, 1, static_cast<int>(left)) > 0) return {};
  return fail("the server did not answer in time");
}

Result<UniqueFd> connect_tcp(const sockaddr_in& to, std::int64_t deadline) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return fail_errno("cannot make a socket", errno);
  const int on = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &socket_buffer, sizeof socket_buffer);
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDBUF, &socket_buffer, sizeof socket_buffer);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) return fd;
  if (errno != EINPROGRESS) return fail_errno("cannot connect", errno);
  if (const Result<void> ready = wait_for(fd.get(), POLLOUT, deadline); !ready)
    return std::unexpected(ready.error());
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return fail_errno("cannot connect", error);
  return fd;
}

}  // namespace

Result<TlsContext> make_context(const Credentials& credentials) {
  TlsContext context(SSL_CTX_new(TLS_client_method()));
  if (!context) return fail_tls("cannot make a TLS context");
  SSL_CTX* const tls = context.get();
  SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
  SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, nullptr);
  X509_VERIFY_PARAM* const verify = SSL_CTX_get0_param(tls);
  X509_VERIFY_PARAM_set_flags(verify, X509_V_FLAG_PARTIAL_CHAIN);
  X509_VERIFY_PARAM_set1_host(verify, "pizwg-server", 0);
  const char* const pem = credentials.pem.c_str();
  if (SSL_CTX_load_verify_file(tls, credentials.cafile.c_str()) != 1) {
    return fail_tls("cannot use " + in_quotes(credentials.cafile));
  }
  if (SSL_CTX_use_certificate_file(tls, pem, SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_use_PrivateKey_file(tls, pem, SSL_FILETYPE_PEM) != 1) {
    return fail_tls("cannot use " + in_quotes(pem));
  }
  return context;
}

Result<sockaddr_in> parse_endpoint(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  sockaddr_in endpoint{};
  endpoint.sin_family = AF_INET;
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  if (colon != std::string::npos &&
      ::inet_pton(AF_INET, text.substr(0, colon).c_str(), &endpoint.sin_addr) == 1 &&
      std::from_chars(text.data() + colon + 1, end, port).ptr == end && port != 0) {
    endpoint.sin_port = htons(port);
    return endpoint;
  }
  return fail("not an address and a port: " + in_quotes(text), "give one like 127.0.0.1:3333");
}

Result<TlsConnection> TlsConnection::open(SSL_CTX* context, const sockaddr_in& to, std::int64_t deadline) {
  Result<UniqueFd> fd = connect_tcp(to, deadline);
  if (!fd) return std::unexpected(fd.error());
  std::unique_ptr<SSL, FreeTls> ssl(SSL_new(context));
  if (!ssl || SSL_set_fd(ssl.get(), fd->get()) != 1) return fail_tls("cannot make a TLS connection");
  while (true) {
    const int result = SSL_connect(ssl.get());
    if (result == 1) return TlsConnection(std::move(*fd), std::move(ssl));
    const int error = SSL_get_error(ssl.get(), result);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) return fail_tls("cannot shake hands");
    const short event = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
    if (const Result<void> ready = wait_for(fd->get(), event, deadline); !ready)
      return std::unexpected(ready.error());
  }
}

Result<std::size_t> TlsConnection::outcome(int result, std::size_t count, const char* doing) {
  if (result == 1) return count;
  const int error = SSL_get_error(ssl_.get(), result);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return 0;
  return fail_tls(doing);
}

Result<std::size_t> TlsConnection::read(std::span<std::uint8_t> bytes) {
  std::size_t count = 0;
  const int result = SSL_read_ex(ssl_.get(), bytes.data(), bytes.size(), &count);
  return outcome(result, count, "cannot read from the server");
}

Result<std::size_t> TlsConnection::write(std::span<const std::uint8_t> bytes) {
  std::size_t count = 0;
  const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count);
  return outcome(result, count, "cannot write to the server");
}

void TlsConnection::close(std::int64_t deadline) {
  SSL_shutdown(ssl_.get());
  ::shutdown(fd(), SHUT_WR);
  std::uint8_t rest[1024];
  while (wait_for(fd(), POLLIN, deadline) && ::recv(fd(), rest, sizeof rest, 0) > 0) {
  }
  ERR_clear_error();
}

}  // namespace pizwg::bench
