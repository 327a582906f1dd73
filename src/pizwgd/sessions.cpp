#include "pizwgd/sessions.h"

#include <fmt/format.h>
#include <utility>

#include <asio/post.hpp>

#include "adapters/certificate_status.h"
#include "adapters/clocks.h"
#include "adapters/server_identity.h"
#include "base/log.h"
#include "base/text.h"

namespace pizwg {
namespace {

// Strangers can cause refusals; this is what they may write into the log, for each reason by itself: a flood
// of one kind must not hide why a real client was refused.
constexpr std::size_t most_refusals_logged = 20;
constexpr std::chrono::seconds refusal_window{10};

constexpr std::chrono::seconds identity_retry_interval{5};

std::string seconds_since(std::chrono::steady_clock::time_point start) {
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  return fmt::format("{:.1f}", elapsed.count());
}

}  // namespace

Sessions::Sessions(asio::io_context& io, const Config& config, std::filesystem::path root, Gateway& gateway,
                   Handlers handlers, HostRecord& record)
    : io_(io),
      config_(config),
      root_(std::move(root)),
      gateway_(gateway),
      handlers_(std::move(handlers)),
      record_(record),
      identity_timer_(io) {}

void Sessions::start() {
  identity_watch_.emplace(
      io_, [this] { return identity_folders(root_); }, [this] { read_identity(); });
  read_identity();
}

// A new identity that cannot be used does not replace one that can: it is said, and the old one goes on. It
// is read again later, too: the reason may have been ours (no descriptors left), and the change may have been
// a revocation.
void Sessions::read_identity() {
  identity_timer_.cancel();
  auto fresh =
      load_server_identity(root_, handlers_.host_connected ? OtherHosts::accepted : OtherHosts::refused);
  if (!fresh) {
    read_identity_later();
    return identity_unusable(fresh.error());
  }
  identity_trouble_ = {};
  identity_changed(std::move(*fresh));
}

void Sessions::read_identity_later() {
  identity_timer_.expires_after(identity_retry_interval);
  identity_timer_.async_wait([this](const asio::error_code& error) {
    if (!error) read_identity();
  });
}

void Sessions::identity_unusable(const Error& why) {
  if (std::exchange(identity_trouble_, why) == why) return;
  log::warning((identity_ ? "identity not re-read: " : "no identity: ") + why.what, {{"hint", why.hint}});
  if (!identity_) handlers_.identity_missing();
}

void Sessions::identity_changed(TlsContext fresh) {
  const bool same = identity_ && identity_->same_as(fresh);
  identity_ = std::move(fresh);
  if (same) return;
  log::notice("identity read",
              {{"allowed_certificates", std::to_string(identity_->policy().allowed.size())},
               {"revoked_certificates", std::to_string(identity_->policy().revoked.size())}});
  if (session_ && !session_->allowed_by(identity_->policy())) session_->end(SessionEnd::revoked);
  handlers_.identity_appeared();
}

Result<void> Sessions::listen() {
  if (listener_) return {};
  auto listener = TlsListener::open(
      io_, config_.listen_address, config_.port,
      {.context = [this]() -> const TlsContext& { return *identity_; },
       .authenticated =
           [this](std::unique_ptr<TlsConnection> client) { client_authenticated(std::move(client)); },
       .refused = [this](const TlsConnection& connection, Refusal refusal,
                         const std::string& detail) { refused(connection, refusal, detail); }});
  if (!listener) return std::unexpected(listener.error());
  listener_ = std::move(*listener);
  log::notice("listening",
              {{"address", config_.listen_address}, {"port", std::to_string(listener_->port())}});
  return {};
}

void Sessions::stop_listening() {
  if (!listener_) return;
  log::notice("not listening");
  // A connection of its own may be up the stack.
  asio::post(io_, [closed = std::move(listener_)] {});
}

void Sessions::gateway_opened() {
  if (session_) session_->attach(*gateway_.borrow());
}

void Sessions::end(SessionEnd why) {
  if (!session_) return;
  ending_ = true;
  session_->end(why);
  ending_ = false;
}

SessionCounts Sessions::counts() const {
  SessionCounts counts = record_.sessions;
  if (!session_) return counts;
  counts.from_client.bytes += session_->from_client().bytes;
  counts.from_client.records += session_->from_client().records;
  counts.to_client.bytes += session_->from_gateway().bytes;
  counts.to_client.records += session_->from_gateway().records;
  counts.dropped_bytes += session_->dropped_bytes();
  return counts;
}

std::optional<SessionStatus> Sessions::session_status(const Now& now) const {
  if (!session_) return std::nullopt;
  return SessionStatus{
      .client = session_->client(), .from = session_->peer_address(), .started = now.of(session_->started())};
}

std::vector<CertificateStatus> Sessions::certificates() const {
  return identity_ ? certificate_statuses(*identity_) : std::vector<CertificateStatus>();
}

std::string Sessions::description() const {
  if (session_) {
    return fmt::format("serving {} from {}{}", session_->client(), session_->peer_address(),
                       gateway_.present() ? "" : ", waiting for the gateway to come back");
  }
  return identity_ ? "" : "no identity: " + identity_trouble_.what;
}

void Sessions::client_authenticated(std::unique_ptr<TlsConnection> client) {
  if (client->verdict().peer.kind == Peer::Kind::host) return handlers_.host_connected(std::move(client));
  if (!session_) return start_session(std::move(client));
  if (session_->client() == client->verdict().peer.client) {
    replacing_ = true;
    session_->end(SessionEnd::superseded, "by " + client->peer_address());
    start_session(std::move(client));
    replacing_ = false;
    return;
  }
  refused(*client, Refusal::session_busy, fmt::format("{} is connected", session_->client()));
  listener_->turn_away(std::move(client));
}

void Sessions::start_session(std::unique_ptr<TlsConnection> client) {
  session_ = std::make_unique<Bridge>(
      io_, std::move(client), config_.idle_limit,
      Bridge::Handlers{
          .ended = [this](SessionEnd why, const std::string& detail) { session_ended(why, detail); },
          .gateway_gone = [this] { gateway_.port_died(); }});
  if (SerialPort* port = gateway_.borrow()) session_->attach(*port);
  // Said when the line is clean: whoever reads this can rely on it that what the gateway says from now on is
  // delivered.
  log::notice("session started", {{"client", session_->client()}, {"from", session_->peer_address()}});
  ++record_.sessions.started;
  record_.served = Moment::at(read_clocks());
  (replacing_ ? handlers_.superseded : handlers_.started)();
}

void Sessions::session_ended(SessionEnd why, const std::string& detail) {
  log::notice("session ended", {{"reason", std::string(word_for(why))},
                                {"client", session_->client()},
                                {"from", session_->peer_address()},
                                {"seconds", seconds_since(session_->started())},
                                {"bytes_from_client", std::to_string(session_->from_client().bytes)},
                                {"bytes_to_client", std::to_string(session_->from_gateway().bytes)},
                                {"detail", detail.empty() ? "none" : detail}});
  record_.sessions = counts();
  ++record_.sessions.ended[why];
  record_.served = Moment::at(read_clocks());
  // The bridge is somewhere up the stack.
  asio::post(io_, [finished = std::move(session_)] {});
  gateway_.give_back();
  if (!replacing_ && !ending_) handlers_.ended();
}

void Sessions::refused(const TlsConnection& connection, Refusal refusal, const std::string& detail) {
  ++record_.sessions.refused[refusal];
  RateLimit& limit = refusal_logs_.try_emplace(refusal, most_refusals_logged, refusal_window).first->second;
  const auto left_out = limit.admit(std::chrono::steady_clock::now());
  if (!left_out) return;
  const std::string reason(word_for(refusal));
  if (*left_out > 0) {
    log::warning("more connections were refused", {{"reason", reason}, {"count", std::to_string(*left_out)}});
  }
  log::warning("connection refused", {{"reason", reason},
                                      {"from", connection.peer_address()},
                                      {"name", connection.verdict().common_name},
                                      {"detail", detail.empty() ? "none" : detail}});
}

}  // namespace pizwg
