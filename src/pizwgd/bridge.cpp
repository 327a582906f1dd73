#include "pizwgd/bridge.h"

#include <cerrno>
#include <utility>

#include <asio/post.hpp>

namespace pizwg {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds delivery_interval{1};
// The kernel would wait up to 40 ms for an answer to carry its acknowledgement. A gateway's answer takes a
// millisecond or two; a client without TCP_NODELAY (socat, as the instructions of the first PiZWG have it)
// holds its next bytes back until then.
constexpr std::chrono::milliseconds acknowledge_delay{2};

SessionEnd end_for(const IoOutcome& outcome, Delivery delivery) {
  switch (outcome.error_number) {
    case ETIMEDOUT:
      return delivery == Delivery::window_closed ? SessionEnd::client_stalled : SessionEnd::client_vanished;
    case EHOSTUNREACH:
    case ENETUNREACH:
      return SessionEnd::client_vanished;
    default:
      return SessionEnd::client_lost;
  }
}

// Whether the client is there to hear a goodbye.
bool hears(SessionEnd why) {
  switch (why) {
    case SessionEnd::client_closed:
    case SessionEnd::revoked:
    case SessionEnd::idle:
    case SessionEnd::gateway_lost:
    case SessionEnd::gateway_stalled:
    case SessionEnd::handover:
    case SessionEnd::maintenance:
    case SessionEnd::shutdown:
      return true;
    case SessionEnd::client_lost:
    case SessionEnd::client_vanished:
    case SessionEnd::client_stalled:
    case SessionEnd::superseded:
    case SessionEnd::role_lost:  // a reset tells the client to look for the new master at once
      return false;
  }
  return false;
}

}  // namespace

Bridge::Bridge(asio::io_context& io, std::unique_ptr<TlsConnection> client, std::chrono::seconds idle_limit,
               Handlers handlers)
    : client_(std::move(client)),
      idle_limit_(idle_limit),
      handlers_(std::move(handlers)),
      started_(Clock::now()),
      last_byte_(started_),
      acknowledge_timer_(io),
      idle_timer_(io),
      delivery_timer_(io),
      stall_timer_(io) {
  if (idle_limit_.count() > 0) watch_idle();
  // Not at once: the first bytes may have come with the handshake, and our owner is not ready for the
  // session's end.
  asio::post(io, lifetime_.bound([this] { pump_from_client(); }));
}

Bridge::~Bridge() {
  detach();
}

void Bridge::attach(SerialPort& gateway) {
  gateway_ = &gateway;
  gateway_->when_hung_up([this] { lose_gateway(); });
  if (!client_blocked_) gateway_->when_readable([this] { pump_from_gateway(); });
}

void Bridge::detach() {
  if (gateway_ == nullptr) return;
  std::exchange(gateway_, nullptr)->cancel();
  dropped_ += to_gateway_.bytes().size();
  to_gateway_.clear();
  if (!std::exchange(gateway_blocked_, false)) return;
  stall_timer_.cancel();
  asio::post(stall_timer_.get_executor(), lifetime_.bound([this] { pump_from_client(); }));
}

void Bridge::lose_gateway() {
  detach();
  handlers_.gateway_gone();
}

void Bridge::end(SessionEnd why, const std::string& detail) {
  if (std::exchange(ended_, true)) return;
  detach();
  if (hears(why)) {
    client_->close();
  } else {
    client_->abort();
  }
  acknowledge_timer_.cancel();
  idle_timer_.cancel();
  delivery_timer_.cancel();
  stall_timer_.cancel();
  handlers_.ended(why, detail);
}

// Client to gateway. There is always exactly one thing that this direction waits for. One block a turn, as in
// the other direction, so that neither starves the other.
void Bridge::pump_from_client() {
  if (ended_) return;
  if (to_gateway_.empty() && read_client() == Progress::waiting) return;
  if (write_gateway() == Progress::waiting) return;
  acknowledge_soon();
  if (!client_->has_pending()) return client_->when_readable([this] { pump_from_client(); });
  asio::post(idle_timer_.get_executor(), lifetime_.bound([this] { pump_from_client(); }));
}

Bridge::Progress Bridge::read_client() {
  const IoOutcome got = client_->read(to_gateway_.data);
  switch (got.status) {
    case IoStatus::done:
      to_gateway_.filled(got.bytes);
      from_client_.bytes += got.bytes;
      ++from_client_.records;
      last_byte_ = Clock::now();
      return Progress::more;
    case IoStatus::want_read:
      client_->when_readable([this] { pump_from_client(); });
      return Progress::waiting;
    case IoStatus::want_write:
      client_->when_writable([this] { pump_from_client(); });
      return Progress::waiting;
    case IoStatus::closed:
      end(SessionEnd::client_closed);
      return Progress::waiting;
    case IoStatus::failed:
      return end_broken(got);
  }
  return Progress::waiting;
}

Bridge::Progress Bridge::write_gateway() {
  gateway_blocked_ = false;
  while (!to_gateway_.empty()) {
    if (gateway_ == nullptr) {
      dropped_ += to_gateway_.bytes().size();
      to_gateway_.clear();
      break;
    }
    const IoOutcome put = gateway_->write(to_gateway_.bytes());
    if (put.status == IoStatus::done) {
      to_gateway_.took(put.bytes);
      stall_timer_.cancel();
    } else if (put.status == IoStatus::want_write) {
      gateway_blocked_ = true;
      watch_stall();
      gateway_->when_writable([this] { pump_from_client(); });
      return Progress::waiting;
    } else {
      lose_gateway();
    }
  }
  return Progress::more;
}

// Gateway to client. Waits for the client to take what is pending, or for the gateway to say more, or for a
// gateway.
void Bridge::pump_from_gateway() {
  if (ended_) return;
  if (to_client_.empty() && gateway_ != nullptr && read_gateway() == Progress::waiting) return;
  if (write_client() == Progress::waiting) return;
  if (gateway_ != nullptr) gateway_->when_readable([this] { pump_from_gateway(); });
}

Bridge::Progress Bridge::read_gateway() {
  const IoOutcome got = gateway_->read(to_client_.data);
  if (got.status == IoStatus::done) {
    to_client_.filled(got.bytes);
    from_gateway_.bytes += got.bytes;
    ++from_gateway_.records;
    last_byte_ = Clock::now();
    return Progress::more;
  }
  if (got.status == IoStatus::want_read) {
    gateway_->when_readable([this] { pump_from_gateway(); });
  } else {
    lose_gateway();
  }
  return Progress::waiting;
}

Bridge::Progress Bridge::write_client() {
  client_blocked_ = false;
  while (!to_client_.empty()) {
    const IoOutcome put = client_->write(to_client_.bytes());
    if (put.status == IoStatus::closed || put.status == IoStatus::failed) return end_broken(put);
    if (delivery_ == Delivery::complete) watch_delivery();
    if (put.status != IoStatus::done) {
      client_blocked_ = true;
      wait_to_write_client(put.status);
      return Progress::waiting;
    }
    to_client_.took(put.bytes);
    unacknowledged_ = false;
  }
  return Progress::more;
}

// A write waits for room, as a rule. But when a post-handshake message of the client (a key update) has come
// in part, TLS writes nothing before it has read the rest.
void Bridge::wait_to_write_client(IoStatus what) {
  if (what == IoStatus::want_read) return client_->when_readable([this] { pump_from_gateway(); });
  client_->when_writable([this] { pump_from_gateway(); });
}

Bridge::Progress Bridge::end_broken(const IoOutcome& outcome) {
  end(end_for(outcome, delivery_), outcome.detail);
  return Progress::waiting;
}

// A timer rather than an acknowledgement for every read: most are carried by an answer, and an extra packet
// costs more than all the rest of a read.
void Bridge::acknowledge_soon() {
  unacknowledged_ = true;
  if (std::exchange(acknowledging_, true)) return;
  acknowledge_timer_.expires_after(acknowledge_delay);
  acknowledge_timer_.async_wait(lifetime_.bound([this](const asio::error_code& error) {
    acknowledging_ = false;
    if (!error && !ended_ && unacknowledged_) client_->acknowledge();
  }));
}

// One timer for the whole session rather than one per byte: it looks when the limit could be over at the
// earliest.
void Bridge::watch_idle() {
  idle_timer_.expires_at(last_byte_ + idle_limit_);
  idle_timer_.async_wait(lifetime_.bound([this](const asio::error_code& error) {
    if (error || ended_) return;
    if (Clock::now() < last_byte_ + idle_limit_) return watch_idle();
    end(SessionEnd::idle);
  }));
}

void Bridge::watch_delivery() {
  if (delivery_ == Delivery::complete) delivery_ = Delivery::on_the_way;
  delivery_timer_.expires_after(delivery_interval);
  delivery_timer_.async_wait(lifetime_.bound([this](const asio::error_code& error) {
    if (error || ended_) return;
    delivery_ = client_->watch_delivery();
    if (delivery_ != Delivery::complete) watch_delivery();
  }));
}

void Bridge::watch_stall() {
  stall_timer_.expires_after(stalled_peer_limit);
  stall_timer_.async_wait(lifetime_.bound([this](const asio::error_code& error) {
    if (!error && !ended_) end(SessionEnd::gateway_stalled);
  }));
}

}  // namespace pizwg
