#pragma once
// A client's mutual TLS connection, for the bench programs. Every wait is with poll and has a deadline; reads
// and writes never block. The server is the one whose certificate is `cafile` and whose name is pizwg-server.

#include <cstdint>
#include <memory>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <span>
#include <string>

#include "base/error.h"
#include "base/unique_fd.h"

namespace pizwg::bench {

struct Credentials {
  std::string cafile;  // the server's certificate
  std::string pem;     // the client's key and certificate
};

struct FreeTls {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeTls>;

Result<TlsContext> make_context(const Credentials& credentials);

// "127.0.0.1:3333"; numbers only.
Result<sockaddr_in> parse_endpoint(const std::string& text);

class TlsConnection {
 public:
  // TCP and handshake, done by `deadline` (now_ns) or failed.
  static Result<TlsConnection> open(SSL_CTX* context, const sockaddr_in& to, std::int64_t deadline);

  int fd() const { return fd_.get(); }

  // 0: nothing there, or no room, now. The peer's end of the connection is an error here.
  Result<std::size_t> read(std::span<std::uint8_t> bytes);
  Result<std::size_t> write(std::span<const std::uint8_t> bytes);

  // Says good-bye and waits for the peer's end, so that the next connection does not meet this one.
  void close(std::int64_t deadline);

 private:
  TlsConnection(UniqueFd fd, std::unique_ptr<SSL, FreeTls> ssl) : fd_(std::move(fd)), ssl_(std::move(ssl)) {}
  Result<std::size_t> outcome(int result, std::size_t count, const char* doing);

  UniqueFd fd_;
  std::unique_ptr<SSL, FreeTls> ssl_;
};

}  // namespace pizwg::bench
