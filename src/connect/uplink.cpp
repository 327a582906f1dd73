#include "connect/uplink.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <utility>

#include "base/log.h"
#include "core/ipv4.h"

namespace pizwg {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr milliseconds resolve_limit{10'000};
constexpr milliseconds handshake_limit{5'000};
// A server that does not want us says so at once; with TLS 1.3 that is after our side's handshake.
constexpr milliseconds proof_limit{500};
constexpr milliseconds network_settles{100};

std::string describe_end(const IoOutcome& outcome) {
  if (outcome.status == IoStatus::closed) return "the server ended the session";
  if (outcome.error_number == ETIMEDOUT || outcome.error_number == EHOSTUNREACH)
    return "the server no longer answers";
  if (outcome.error_number == ECONNRESET) return "the server dropped the session";
  return outcome.detail;
}

// "192.0.2.7" of "192.0.2.7:3333".
std::string_view host_in(std::string_view peer_address) {
  return peer_address.substr(0, peer_address.rfind(':'));
}

bool is_ours(const std::string& address) {
  const auto wanted = Ipv4::parse(address);
  const auto network = wanted ? read_network() : Result<NetworkState>();
  if (!wanted || !network) return true;  // IPv6 is not asked about
  return std::ranges::any_of(network->interfaces, [&](const NetworkInterface& interface) {
    return std::ranges::any_of(interface.addresses,
                               [&](const InterfaceAddress& own) { return own.address.address == *wanted; });
  });
}

}  // namespace

Uplink::Uplink(asio::io_context& io, std::vector<HostAddress> hosts, TlsContext identity, Handlers handlers)
    : hosts_(std::move(hosts)),
      identity_(std::make_shared<const TlsContext>(std::move(identity))),
      handlers_(std::move(handlers)),
      client_(io),
      neighbour_(io, [this] { server_moved(); }),
      network_(io, [this] { network_changed(); }),
      timer_(io),
      said_(hosts_.size()) {}

void Uplink::start() {
  outage_began_ = Clock::now();
  if (auto watching = network_.start(); !watching) {
    log::info("changes of this machine's network are not noticed at once: " + watching.error().what);
  }
  attempt();
}

void Uplink::stop() {
  lifetime_.renew();
  timer_.cancel();
  client_.cancel();
  if (!connection_) return;
  handlers_.disconnected();
  connection_->close();
  connection_.reset();
}

void Uplink::use(TlsContext identity) {
  identity_ = std::make_shared<const TlsContext>(std::move(identity));
  if (connection_ && !connection_->allowed_by(identity_->policy())) {
    end_session("the server's certificate is no longer the one that we were given");
  } else if (!connection_) {
    attempt_after(milliseconds(0));
  }
}

void Uplink::attempt() {
  timer_.cancel();
  watch_neighbour(host().host);
  const TlsClient::Limits limits{
      .resolve = resolve_limit, .connect = schedule_.connect_limit(), .handshake = handshake_limit};
  // The attempt keeps the identity that it began with.
  client_.connect(host(), *identity_, limits, [this, identity = identity_](TlsClient::Outcome outcome) {
    if (!outcome) return failed(outcome.error());
    connected(std::move(*outcome));
  });
}

void Uplink::connected(std::unique_ptr<TlsConnection> connection) {
  connection_ = std::move(connection);
  connection_->set_limits(client_limits);
  watch_neighbour(std::string(host_in(connection_->peer_address())));
  session_began_ = Clock::now();
  proven_ = false;
  timer_.expires_after(proof_limit);
  timer_.async_wait(lifetime_.bound([this](const asio::error_code& error) {
    if (!error && connection_) proven();
  }));
  handlers_.connected(*connection_);
}

// Said, and counted, only now: an attempt that is refused is none.
void Uplink::proven() {
  proven_ = true;
  ++sessions_;
  hope_ = true;
  schedule_.succeeded();
  const auto outage = duration_cast<milliseconds>(session_began_ - outage_began_.value_or(session_began_));
  past_outages_ += outage;
  outage_began_.reset();
  trouble_ = {};
  said_.assign(hosts_.size(), {});
  log::notice("connected",
              {{"server", connection_->peer_address()}, {"outage_ms", std::to_string(outage.count())}});
  handlers_.changed();
}

void Uplink::broke(const IoOutcome& outcome) {
  const bool was_proven = proven_ || Clock::now() - session_began_ >= proof_limit;
  const std::string server = connection_->peer_address();
  if (was_proven) {
    if (!proven_) proven();
    return end_session(describe_end(outcome));
  }
  handlers_.disconnected();
  connection_.reset();
  if (const auto refusal = refusal_in(outcome, host())) return failed(*refusal);
  failed({ConnectFailure::Why::turned_away,
          {fmt::format("{} turned us away: {}", server, describe_end(outcome)),
           "another client has the session, or the host is about to hand over"}});
}

void Uplink::end_session(const std::string& why) {
  const auto lasted = std::chrono::floor<std::chrono::seconds>(Clock::now() - session_began_);
  handlers_.disconnected();
  connection_->abort();
  connection_.reset();
  proven_ = false;
  outage_began_ = Clock::now();
  trouble_ = {why, ""};
  log::notice("disconnected", {{"reason", why}, {"seconds", std::to_string(lasted.count())}});
  handlers_.changed();
  attempt_after(milliseconds(0));
}

void Uplink::failed(const ConnectFailure& failure) {
  trouble_ = failure.error;
  if (is_hopeless(failure)) return handlers_.hopeless(failure.error);
  if (std::exchange(said_[turn_], failure.error.what) != failure.error.what) {
    log::warning(failure.error.what, {{"hint", failure.error.hint}});
    handlers_.changed();
  }
  turn_ = (turn_ + 1) % hosts_.size();
  if (turn_ != 0) return attempt_after(milliseconds(0));  // the others, before a pause
  const auto kind = failure.why == ConnectFailure::Why::refused ? ReconnectSchedule::Failure::refused
                                                                : ReconnectSchedule::Failure::other;
  attempt_after(schedule_.after(kind, Clock::now(), std::uniform_real_distribution<>()(dice_)));
}

// Only before anything went well: later on a host may be replaced, or restored, while we wait.
bool Uplink::is_hopeless(const ConnectFailure& failure) {
  hope_ = hope_ || !failure.needs_somebody();
  return !hope_ && turn_ + 1 == hosts_.size();
}

void Uplink::attempt_after(milliseconds pause) {
  timer_.expires_after(pause);
  timer_.async_wait(lifetime_.bound([this](const asio::error_code& error) {
    if (!error && !connection_) attempt();
  }));
}

// Whoever has the address now knows nothing of our session, and an attempt on the way may never be answered.
void Uplink::server_moved() {
  if (connection_ && proven_) return end_session("the server's address belongs to another machine now");
  if (connection_) {
    handlers_.disconnected();
    connection_->abort();
    connection_.reset();
  }
  attempt_after(milliseconds(0));
}

void Uplink::network_changed() {
  if (!connection_) {
    if (timer_.expiry() > Clock::now() + network_settles) attempt_after(network_settles);
  } else if (!is_ours(connection_->local_address())) {
    end_session("this machine no longer has the address of the session");
  }
}

void Uplink::watch_neighbour(const std::string& address) {
  const auto ipv4 = Ipv4::parse(address);
  if (!ipv4) return;
  // Where it is not allowed, TCP's own probes find out, a little later.
  [[maybe_unused]] const auto watching = neighbour_.watch(*ipv4);
}

Uplink::State Uplink::state() const {
  State state;
  state.connected = connection_ && proven_;
  state.server = state.connected ? connection_->peer_address() : host().text();
  state.trouble = trouble_.what;
  state.hint = trouble_.hint;
  state.sessions = sessions_;
  state.outage = past_outages_;
  if (outage_began_) state.outage += duration_cast<milliseconds>(Clock::now() - *outage_began_);
  if (state.connected) state.round_trip = connection_->round_trip();
  return state;
}

}  // namespace pizwg
