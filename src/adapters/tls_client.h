#pragma once
// One attempt to reach a server: its name resolved, TCP connected, TLS's hands shaken, each before its
// deadline. The outcome is a connection, or in words what went wrong and what to do about it. Does not try
// again: that is its owner's business.

#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>

#include "adapters/tls_connection.h"
#include "adapters/tls_context.h"
#include "base/error.h"
#include "base/lifetime.h"
#include "core/host_address.h"

namespace pizwg {

struct ConnectFailure {
  enum class Why {
    unknown_name,  // the name does not resolve
    refused,       // the host is there, and nothing listens
    unreachable,   // no way to it, or to who knows its name; or no answer
    wrong_server,  // it does not hold the certificate that we were given
    not_let_in,    // it does not accept our certificate
    turned_away,   // it is busy with another client
    no_handshake,  // it does not speak TLS as we do, or closed
  } why;
  Error error;

  // Trying again will not help: a name, a certificate or a host's identity has to be changed first.
  bool needs_somebody() const {
    return why == Why::unknown_name || why == Why::wrong_server || why == Why::not_let_in;
  }
};

// The same when the connection's first read fails: with TLS 1.3 a client is told only then that its
// certificate is not accepted. Empty when it failed for another reason.
std::optional<ConnectFailure> refusal_in(const IoOutcome& first_read, const HostAddress& server);

class TlsClient {
 public:
  using Outcome = std::expected<std::unique_ptr<TlsConnection>, ConnectFailure>;
  using Done = std::function<void(Outcome)>;
  struct Limits {
    std::chrono::milliseconds resolve;
    std::chrono::milliseconds connect;  // each address that the name has
    std::chrono::milliseconds handshake;
  };

  explicit TlsClient(asio::io_context& io) : resolver_(io), socket_(io), limit_(io) {}

  // `identity` must outlive the attempt. `done` is called once, never from inside this call, and may begin
  // the next.
  void connect(HostAddress server, const TlsContext& identity, Limits limits, Done done);
  void cancel();

 private:
  using Endpoint = asio::ip::tcp::endpoint;

  void resolve();
  void try_next_address();
  void shake_hands();
  void finish(Outcome outcome);
  void fail(ConnectFailure::Why why, std::string what, std::string hint);
  void expire_after(std::chrono::milliseconds limit, std::function<void()> expired);

  asio::ip::tcp::resolver resolver_;
  asio::ip::tcp::socket socket_;
  asio::steady_timer limit_;
  HostAddress server_;
  const TlsContext* identity_ = nullptr;
  Limits limits_{};
  Done done_;
  std::vector<Endpoint> addresses_;  // to be tried, the next one last
  asio::error_code last_error_;
  std::unique_ptr<TlsConnection> connection_;
  Lifetime attempt_;
};

}  // namespace pizwg
