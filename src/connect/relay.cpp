#include "connect/relay.h"

#include <cassert>
#include <chrono>
#include <utility>

#include <asio/post.hpp>

#include "base/log.h"

namespace pizwg {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds delivery_interval{1};
// Less than the server's patience (stalled_peer_limit), and more than a busy application's pauses.
constexpr std::chrono::seconds stall_limit{10};

}  // namespace

Relay::Relay(asio::io_context& io, Framing framing, Broken broken)
    : io_(io), framing_(framing), broken_(std::move(broken)), delivery_timer_(io), stall_timer_(io) {}

void Relay::attach(TlsConnection& server) {
  assert(server_ == nullptr);
  server_ = &server;
  from_server_framing_.reset();
  heard_ = false;
  say_that_the_stick_started();
  counters_.dropped += held_.take(Clock::now(), to_server_);
  restart();
}

// It may well have: another stick was given power. If not, its answer to the last command is lost all the
// same, and zwave-js would wait 30 s for it; and one that has started takes 8-bit node numbers again, which
// it has to know. What it said meanwhile, it says again.
void Relay::say_that_the_stick_started() {
  if (server_ == nullptr || application_ == nullptr || from_server_framing_.start().empty()) return;
  if (!std::exchange(start_is_owed_, false)) return;
  to_application_.add_frame(from_server_framing_.start());
  from_application_framing_.wait_for_answer(Clock::now() + zwave::acknowledgement_limit);
  counters_.dropped += held_.clear();
}

Relay::Counters Relay::counters() {
  counters_.dropped += held_.drop_old(Clock::now());  // or it would count only when the next is said
  return counters_;
}

void Relay::detach_server() {
  if (std::exchange(server_, nullptr) == nullptr) return;
  // Not after one that was turned away: its stick had not begun to answer anything.
  start_is_owed_ = start_is_owed_ || heard_;
  counters_.dropped += to_server_.clear();
  to_application_.drop_not_begun();
  from_server_framing_.reset();
  delivery_timer_.cancel();
  watching_delivery_ = false;
  restart();
}

void Relay::attach(Endpoint& application) {
  assert(application_ == nullptr);
  application_ = &application;
  say_that_the_stick_started();  // to a driver that has opened its port again
  restart();
}

void Relay::detach_application() {
  Endpoint* leaving = std::exchange(application_, nullptr);
  if (leaving == nullptr) return;
  for (int i = 0; i < most_last_words; ++i) {
    const IoOutcome got = leaving->read(piece_);
    if (got.status != IoStatus::done) break;
    frame_from_application(Bytes(piece_).first(got.bytes));
  }
  from_application_framing_.reset();
  counters_.dropped += held_.clear();  // the next application is another one
  to_application_.clear();
  restart();
}

// What the directions waited for may have gone, or have come.
void Relay::restart() {
  up_.renew();
  down_.renew();
  stalled_ = false;
  stall_timer_.cancel();
  asio::post(io_, up_.bound([this] { pump_from_application(); }));
  asio::post(io_, down_.bound([this] { pump_from_server(); }));
}

void Relay::frame(ZwaveFraming& framing, Bytes bytes, UnitBuffer& out) const {
  if (framing_ == Framing::none) return out.add_raw(bytes);
  framing.push(bytes, Clock::now(), out);
}

// Application to server.
void Relay::pump_from_application() {
  if (server_ != nullptr && write_server() == Progress::waiting) return;
  if (application_ == nullptr) return;
  if (read_application() == Progress::waiting) return;
  if (server_ != nullptr && write_server() == Progress::waiting) return;
  application_->when_readable(up_.bound([this] { pump_from_application(); }));
}

Relay::Progress Relay::read_application() {
  const IoOutcome got = application_->read(piece_);
  switch (got.status) {
    case IoStatus::done:
      frame_from_application(Bytes(piece_).first(got.bytes));
      return Progress::more;
    case IoStatus::want_read:
      application_->when_readable(up_.bound([this] { pump_from_application(); }));
      return Progress::waiting;
    case IoStatus::want_write:
      application_->when_writable(up_.bound([this] { pump_from_application(); }));
      return Progress::waiting;
    case IoStatus::closed:
    case IoStatus::failed:
      application_->hang_up();
      return Progress::waiting;
  }
  return Progress::waiting;
}

// Without a session only what has a meaning of its own is kept: an acknowledgement belongs to what is over.
void Relay::frame_from_application(Bytes bytes) {
  if (server_ != nullptr) {
    frame(from_application_framing_, bytes, to_server_);
    counters_.dropped += from_application_framing_.take_dropped();
    return;
  }
  UnitBuffer units;
  frame(from_application_framing_, bytes, units);
  const std::size_t all = units.bytes().size();
  if (framing_ == Framing::zwave) units.keep_frames_only();
  counters_.dropped += all - units.bytes().size();
  counters_.dropped += held_.add(std::move(units), Clock::now());
}

Relay::Progress Relay::write_server() {
  while (!to_server_.empty()) {
    const IoOutcome put = server_->write(to_server_.bytes());
    switch (put.status) {
      case IoStatus::done:
        to_server_.took(put.bytes);
        counters_.to_server += put.bytes;
        if (!watching_delivery_) watch_delivery();
        break;
      case IoStatus::want_read:
        server_->when_readable(up_.bound([this] { server_takes(); }));
        return Progress::waiting;
      case IoStatus::want_write:
        server_->when_writable(up_.bound([this] { server_takes(); }));
        return Progress::waiting;
      case IoStatus::closed:
      case IoStatus::failed:
        broken_(put);
        return Progress::waiting;
    }
  }
  return Progress::more;
}

void Relay::server_takes() {
  from_application_framing_.was_held_up(Clock::now());
  pump_from_application();
}

// Server to application.
void Relay::pump_from_server() {
  if (write_application() == Progress::waiting) return;
  if (server_ == nullptr || read_server() == Progress::waiting) return;
  if (write_application() == Progress::waiting) return;
  if (!server_->has_pending()) return server_->when_readable(down_.bound([this] { pump_from_server(); }));
  asio::post(io_, down_.bound([this] { pump_from_server(); }));
}

Relay::Progress Relay::read_server() {
  const IoOutcome got = server_->read(piece_);
  switch (got.status) {
    case IoStatus::done:
      counters_.from_server += got.bytes;
      heard_ = true;
      frame(from_server_framing_, Bytes(piece_).first(got.bytes), to_application_);
      return Progress::more;
    case IoStatus::want_read:
      server_->when_readable(down_.bound([this] { pump_from_server(); }));
      return Progress::waiting;
    case IoStatus::want_write:
      server_->when_writable(down_.bound([this] { pump_from_server(); }));
      return Progress::waiting;
    case IoStatus::closed:
    case IoStatus::failed:
      broken_(got);
      return Progress::waiting;
  }
  return Progress::waiting;
}

// A port that nobody has open loses what comes, as a serial port does.
Relay::Progress Relay::write_application() {
  if (application_ == nullptr) to_application_.clear();
  while (!to_application_.empty()) {
    const IoOutcome put = application_->write(to_application_.bytes());
    switch (put.status) {
      case IoStatus::done:
        to_application_.took(put.bytes);
        break;
      case IoStatus::want_read:
      case IoStatus::want_write:
        if (!stalled_) return wait_for_application(), Progress::waiting;
        counters_.unread += to_application_.drop_not_begun();
        return Progress::more;  // application_takes() is still to come
      case IoStatus::closed:
      case IoStatus::failed:
        application_->hang_up();
        return Progress::waiting;
    }
  }
  return Progress::more;
}

void Relay::wait_for_application() {
  application_->when_writable(down_.bound([this] { application_takes(); }));
  stall_timer_.expires_after(stall_limit);
  stall_timer_.async_wait(down_.bound([this](const asio::error_code& error) {
    if (!error) application_stalled();
  }));
}

void Relay::application_takes() {
  down_.renew();  // when it was stalled, there is a wait for the server, too
  stalled_ = false;
  stall_timer_.cancel();
  from_server_framing_.was_held_up(Clock::now());
  pump_from_server();
}

void Relay::application_stalled() {
  stalled_ = true;
  log::warning("the application reads nothing: what comes is lost until it does",
               {{"port", application_->name()}});
  from_server_framing_.was_held_up(Clock::now());
  pump_from_server();
}

void Relay::watch_delivery() {
  watching_delivery_ = server_->watch_delivery() != Delivery::complete;
  if (!watching_delivery_) return;
  delivery_timer_.expires_after(delivery_interval);
  delivery_timer_.async_wait([this](const asio::error_code& error) {
    if (!error && server_ != nullptr) watch_delivery();
  });
}

}  // namespace pizwg
