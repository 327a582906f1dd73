#include "adapters/tls_listener.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <openssl/ssl.h>
#include <utility>
#include <vector>

#include "adapters/tcp_options.h"
#include "base/log.h"
#include "base/text.h"

namespace pizwg {
namespace {

using asio::ip::tcp;

// When accept() fails (no descriptors, no memory): how long until the next try.
constexpr std::chrono::milliseconds accept_pause{100};

// One IPv4 address, or one IPv6 /64, which is what one host can have all to itself.
std::string source_of(const tcp::socket& socket) {
  asio::error_code error;
  const auto address = socket.remote_endpoint(error).address();
  if (error) return "gone";
  if (address.is_v4() || address.to_v6().is_v4_mapped()) return address.to_string();
  auto bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return asio::ip::address_v6(bytes).to_string();
}

// Why a handshake that failed did so, from what OpenSSL says of it.
Refusal refusal_for(const PeerVerdict& verdict, const IoOutcome& outcome) {
  if (verdict.judged && !verdict.accepted) return verdict.refusal;
  if (outcome.status == IoStatus::closed || outcome.error_number != 0) return Refusal::handshake_abandoned;
  // The reason's text is OpenSSL's own; there is no other way to it once the queue is text.
  if (outcome.detail.starts_with("peer did not return a certificate")) return Refusal::certificate_missing;
  return Refusal::handshake_failed;
}

std::unexpected<Error> cannot_listen(const std::string& address, std::uint16_t port,
                                     const asio::error_code& error) {
  std::string hint;
  if (error == asio::error::address_in_use) {
    hint = fmt::format(
        "another program listens there (ss -tlnp sport = :{} shows which): stop it, or choose "
        "another port",
        port);
  } else if (error.value() == EADDRNOTAVAIL) {  // Asio's category does not know std::errc
    hint = "listen_address must be an address of this host, or \"0.0.0.0\" for all";
  }
  return fail(fmt::format("cannot listen on {} port {}: {}", in_quotes(address), port, error.message()),
              hint);
}

}  // namespace

Result<std::unique_ptr<TlsListener>> TlsListener::open(asio::io_context& io, const std::string& address,
                                                       std::uint16_t port, Handlers handlers) {
  asio::error_code error;
  const auto ip = asio::ip::make_address(address, error);
  if (error) {
    return fail(fmt::format("listen_address {} is not an IP address", in_quotes(address)),
                "write an address such as \"0.0.0.0\" or \"192.168.1.10\"");
  }
  const tcp::endpoint endpoint(ip, port);
  tcp::acceptor acceptor(io);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) set_buffer_sizes(acceptor.native_handle());
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return cannot_listen(address, port, error);
  auto listener = std::unique_ptr<TlsListener>(new TlsListener(io, std::move(acceptor), std::move(handlers)));
  listener->accept_next();
  return listener;
}

TlsListener::TlsListener(asio::io_context& io, tcp::acceptor acceptor, Handlers handlers)
    : acceptor_(std::move(acceptor)), handlers_(std::move(handlers)), deadline_timer_(io), pause_timer_(io) {}

std::uint16_t TlsListener::port() const {
  return acceptor_.local_endpoint().port();
}

void TlsListener::accept_next() {
  acceptor_.async_accept(lifetime_.bound([this](const asio::error_code& error, tcp::socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (error) return accept_again_later(error.message());
    accept_failing_ = false;
    std::string source = source_of(socket);
    const Place place = add(std::make_unique<TlsConnection>(std::move(socket)), std::move(source));
    // Nothing is spent on a connection before it has said something.
    place->connection->when_readable([this, place] { shake_hands(place); });
    accept_next();
  }));
}

void TlsListener::accept_again_later(const std::string& why) {
  if (!std::exchange(accept_failing_, true)) {
    log::warning("cannot accept connections, trying again until it works", {{"error", why}});
  }
  pause_timer_.expires_after(accept_pause);
  pause_timer_.async_wait(lifetime_.bound([this](const asio::error_code& error) {
    if (!error) accept_next();
  }));
}

TlsListener::Place TlsListener::add(std::unique_ptr<TlsConnection> connection, std::string source) {
  if (waiting_.size() >= most_unauthenticated) make_room();
  waiting_.push_back({.connection = std::move(connection),
                      .source = std::move(source),
                      .deadline = std::chrono::steady_clock::now() + handshake_limit});
  if (waiting_.size() == 1) watch_deadlines();
  return std::prev(waiting_.end());
}

void TlsListener::make_room() {
  std::vector<UnauthenticatedConnection> candidates;
  for (const Waiting& waiting : waiting_) candidates.push_back({waiting.source});
  const Place place =
      std::next(waiting_.begin(), static_cast<std::ptrdiff_t>(choose_whom_to_drop(candidates)));
  if (!place->refused) handlers_.refused(*place->connection, Refusal::too_many_connections, "");
  remove(place);
}

void TlsListener::remove(Place place) {
  waiting_.erase(place);
  if (waiting_.empty()) deadline_timer_.cancel();  // nothing to wake up for
}

void TlsListener::shake_hands(Place place) {
  const IoOutcome outcome = place->connection->handshake(handlers_.context());
  if (outcome.status == IoStatus::want_read) {
    place->connection->when_readable([this, place] { shake_hands(place); });
  } else if (outcome.status == IoStatus::want_write) {
    place->connection->when_writable([this, place] { shake_hands(place); });
  } else {
    finish(place, outcome);
  }
}

void TlsListener::finish(Place place, const IoOutcome& outcome) {
  if (outcome.status != IoStatus::done) {
    return refuse(place, refusal_for(place->connection->verdict(), outcome), outcome.detail);
  }
  std::unique_ptr<TlsConnection> connection = std::move(place->connection);
  remove(place);
  handlers_.authenticated(std::move(connection));
}

void TlsListener::refuse(Place place, Refusal refusal, const std::string& detail) {
  handlers_.refused(*place->connection, refusal, detail);
  place->refused = true;
  place->connection->finish_sending();
  wait_for_end(place);
}

void TlsListener::turn_away(std::unique_ptr<TlsConnection> connection) {
  const Place place = add(std::move(connection), "authenticated");
  place->refused = true;
  place->connection->finish_sending();
  wait_for_end(place);
}

// One bite per readiness, so that a peer that sends without end cannot hold the event loop; its deadline ends
// it.
void TlsListener::wait_for_end(Place place) {
  place->connection->when_readable([this, place] {
    if (place->connection->discard_input() == IoStatus::closed) {
      remove(place);
    } else {
      wait_for_end(place);
    }
  });
}

void TlsListener::watch_deadlines() {
  if (waiting_.empty()) return;
  deadline_timer_.expires_at(waiting_.front().deadline);
  deadline_timer_.async_wait(lifetime_.bound([this](const asio::error_code& error) {
    if (error) return;
    const auto now = std::chrono::steady_clock::now();
    while (!waiting_.empty() && waiting_.front().deadline <= now) {
      const Waiting& late = waiting_.front();
      if (!late.refused) handlers_.refused(*late.connection, Refusal::handshake_timeout, "");
      waiting_.pop_front();
    }
    watch_deadlines();
  }));
}

}  // namespace pizwg
