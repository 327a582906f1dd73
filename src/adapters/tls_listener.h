#pragma once
// Accepts TCP connections, sees them through the TLS handshake and hands over the authenticated ones. Every
// connection has a deadline, and there is a limit to how many wait (core/admission.h), so that silent, slow
// or hostile peers cost a bounded amount and keep nobody out. Does not know what a session is.

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>

#include "adapters/tls_connection.h"
#include "base/error.h"
#include "core/admission.h"
#include "core/refusal.h"

namespace pizwg {

// From accept to the last byte of the handshake. On a Pi with RSA-4096 that takes 0.1 s; the rest is the
// network's.
inline constexpr std::chrono::seconds handshake_limit{5};

class TlsListener {
 public:
  struct Handlers {
    // The context for the handshake that begins now.
    std::function<const TlsContext&()> context;
    // An authenticated peer: connection->verdict().peer.
    std::function<void(std::unique_ptr<TlsConnection>)> authenticated;
    // A connection that came to nothing. `detail` is for the log, and may be empty.
    std::function<void(const TlsConnection&, Refusal, const std::string& detail)> refused;
  };

  // Errors: the address is not one of this host's, or is in use.
  static Result<std::unique_ptr<TlsListener>> open(asio::io_context& io, const std::string& address,
                                                   std::uint16_t port, Handlers handlers);

  std::uint16_t port() const;

  // Sends an authenticated client away with TLS's goodbye.
  void turn_away(std::unique_ptr<TlsConnection> connection);

 private:
  // A connection before its authentication, or after its refusal until it has seen that.
  struct Waiting {
    std::unique_ptr<TlsConnection> connection;
    bool refused = false;
    std::string source;
    std::chrono::steady_clock::time_point deadline;
  };
  using Place = std::list<Waiting>::iterator;

  TlsListener(asio::io_context& io, asio::ip::tcp::acceptor acceptor, Handlers handlers);
  void accept_next();
  void accept_again_later(const std::string& why);
  Place add(std::unique_ptr<TlsConnection> connection, std::string source);
  void make_room();
  void remove(Place place);
  void shake_hands(Place place);
  void finish(Place place, const IoOutcome& outcome);
  void refuse(Place place, Refusal refusal, const std::string& detail);
  void wait_for_end(Place place);
  void watch_deadlines();

  asio::ip::tcp::acceptor acceptor_;
  Handlers handlers_;
  asio::steady_timer deadline_timer_;
  asio::steady_timer pause_timer_;
  bool accept_failing_ = false;
  // In order of arrival, so in order of deadlines, too. A list, because handlers hold places in it.
  std::list<Waiting> waiting_;
  Lifetime lifetime_;
};

}  // namespace pizwg
