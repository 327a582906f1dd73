#include "pizwgd/service.h"

#include <csignal>
#include <fmt/format.h>
#include <utility>

#include <asio/post.hpp>

#include "adapters/server_identity.h"
#include "adapters/service_manager.h"
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

Service::Service(asio::io_context& io, Config config, std::filesystem::path root)
    : io_(io),
      config_(std::move(config)),
      root_(std::move(root)),
      signals_(io, SIGTERM, SIGINT, SIGHUP),
      alive_timer_(io),
      identity_timer_(io),
      gateway_(io, {.device = config_.device, .baud = config_.baud, .grace = config_.gateway_grace},
               {.opened = [this] { gateway_opened(); },
                .left = [this] { report_status(); },
                .lost = [this] { gateway_lost(); }}) {}

Result<void> Service::run() {
  watch_signals();
  keep_alive();
  identity_watch_.emplace(
      io_, [this] { return identity_folders(root_); }, [this] { read_identity(); });
  read_identity();
  gateway_.start();
  io_.run();
  return outcome_;
}

// A new identity that cannot be used does not replace one that can: it is said, and the old one goes on. It
// is read again later, too: the reason may have been ours (no descriptors left), and the change may have been
// a revocation.
void Service::read_identity() {
  identity_timer_.cancel();
  auto fresh = load_server_identity(root_);
  if (!fresh) {
    read_identity_later();
    if (std::exchange(identity_trouble_, fresh.error()) == fresh.error()) return;
    log::warning((identity_ ? "identity not re-read: " : "no identity: ") + fresh.error().what,
                 {{"hint", fresh.error().hint}});
    return report_status();
  }
  identity_trouble_ = {};
  identity_changed(std::move(*fresh));
}

void Service::read_identity_later() {
  identity_timer_.expires_after(identity_retry_interval);
  identity_timer_.async_wait([this](const asio::error_code& error) {
    if (!error) read_identity();
  });
}

void Service::identity_changed(TlsContext fresh) {
  const bool same = identity_ && identity_->same_as(fresh);
  identity_ = std::move(fresh);
  if (same) return;
  log::notice("identity read",
              {{"allowed_certificates", std::to_string(identity_->policy().allowed.size())},
               {"revoked_certificates", std::to_string(identity_->policy().revoked.size())}});
  if (session_ && !session_->allowed_by(identity_->policy())) session_->end(SessionEnd::revoked);
  listen_if_fit();
}

void Service::gateway_opened() {
  gateway_is_lost_ = false;
  if (session_) session_->attach(*gateway_.borrow());
  listen_if_fit();
}

void Service::gateway_lost() {
  gateway_is_lost_ = true;
  if (session_) session_->end(SessionEnd::gateway_lost);
  if (listener_) log::notice("not listening: there is no gateway");
  listener_.reset();
  report_status();
}

void Service::listen_if_fit() {
  if (!listener_ && identity_ && !gateway_is_lost_) {
    auto listener = TlsListener::open(
        io_, config_.listen_address, config_.port,
        {.context = [this]() -> const TlsContext& { return *identity_; },
         .authenticated =
             [this](std::unique_ptr<TlsConnection> client) { client_authenticated(std::move(client)); },
         .refused = [this](const TlsConnection& connection, Refusal refusal,
                           const std::string& detail) { refused(connection, refusal, detail); }});
    if (!listener) {
      outcome_ = std::unexpected(listener.error());
      return stop();
    }
    listener_ = std::move(*listener);
    log::notice("listening",
                {{"address", config_.listen_address}, {"port", std::to_string(listener_->port())}});
    if (!std::exchange(said_ready_, true)) service_manager::ready();
  }
  report_status();
}

void Service::report_status() {
  if (session_) {
    service_manager::status(fmt::format("serving {} from {}{}", session_->client(), session_->peer_address(),
                                        gateway_.present() ? "" : ", waiting for the gateway to come back"));
  } else if (!identity_) {
    service_manager::status("no identity: " + identity_trouble_.what);
  } else if (gateway_is_lost_) {
    service_manager::status("no gateway: " + gateway_.description());
  } else {
    service_manager::status("ready, gateway " + gateway_.description());
  }
}

void Service::client_authenticated(std::unique_ptr<TlsConnection> client) {
  if (!session_) return start_session(std::move(client));
  if (session_->client() == client->verdict().client) {
    session_->end(SessionEnd::superseded, "by " + client->peer_address());
    return start_session(std::move(client));
  }
  refused(*client, Refusal::session_busy, fmt::format("{} is connected", session_->client()));
  listener_->turn_away(std::move(client));
}

void Service::start_session(std::unique_ptr<TlsConnection> client) {
  session_ = std::make_unique<Bridge>(
      io_, std::move(client), config_.idle_limit,
      Bridge::Handlers{
          .ended = [this](SessionEnd why, const std::string& detail) { session_ended(why, detail); },
          .gateway_gone = [this] { gateway_.port_died(); }});
  if (SerialPort* port = gateway_.borrow()) session_->attach(*port);
  // Said when the line is clean: whoever reads this can rely on it that what the gateway says from now on is
  // delivered.
  log::notice("session started", {{"client", session_->client()}, {"from", session_->peer_address()}});
  report_status();
}

void Service::session_ended(SessionEnd why, const std::string& detail) {
  log::notice("session ended", {{"reason", std::string(word_for(why))},
                                {"client", session_->client()},
                                {"from", session_->peer_address()},
                                {"seconds", seconds_since(session_->started())},
                                {"bytes_from_client", std::to_string(session_->from_client().bytes)},
                                {"bytes_to_client", std::to_string(session_->from_gateway().bytes)},
                                {"detail", detail.empty() ? "none" : detail}});
  // The bridge is somewhere up the stack.
  asio::post(io_, [finished = std::move(session_)] {});
  gateway_.give_back();
  report_status();
}

void Service::refused(const TlsConnection& connection, Refusal refusal, const std::string& detail) {
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

void Service::watch_signals() {
  signals_.async_wait([this](const asio::error_code& error, int signal) {
    if (error) return;
    if (signal != SIGHUP) {
      log::notice("stopping", {{"signal", signal == SIGTERM ? "SIGTERM" : "SIGINT"}});
      return stop();
    }
    read_identity();
    watch_signals();
  });
}

void Service::keep_alive() {
  const auto interval = service_manager::watchdog_interval();
  if (!interval) return;
  service_manager::alive();
  alive_timer_.expires_after(*interval);
  alive_timer_.async_wait([this](const asio::error_code& error) {
    if (!error) keep_alive();
  });
}

void Service::stop() {
  service_manager::stopping();
  if (session_) session_->end(SessionEnd::shutdown);
  listener_.reset();
  io_.stop();
}

}  // namespace pizwg
