#include "sim/line.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <unistd.h>
#include <utility>

#include <asio/post.hpp>

#include "base/log.h"

namespace pizwg::sim {
namespace {

// Reads of what was said before leaving: more than a tty holds.
constexpr int most_last_words = 64;

}  // namespace

Line::Line(asio::io_context& io, std::filesystem::path link, std::function<void(Time)> work)
    : io_(io), link_(std::move(link)), work_(std::move(work)), bytes_(io), openers_(io), pace_(io) {}

Result<void> Line::plug() {
  auto tty = PseudoTty::create(link_);
  if (!tty) return std::unexpected(tty.error());
  tty_.emplace(std::move(*tty));
  bytes_.assign(tty_->master());
  openers_.assign(tty_->watch());
  ++plugs_;
  log::notice("plugged in", {{"link", link_.native()}, {"tty", tty_->slave_path()}});
  serve();
  return {};
}

void Line::unplug() {
  if (!tty_) return;
  bytes_.release();  // tty_ closes them
  openers_.release();
  pace_.cancel();
  tty_.reset();
  input_.clear();
  output_.clear();
  opened_ = peer_full_ = waits_for_bytes_ = waits_for_room_ = waits_for_openers_ = false;
  log::notice("unplugged", {{"link", link_.native()}});
}

void Line::set_baud(unsigned baud) {
  input_.set_baud(baud);
  output_.set_baud(baud);
}

void Line::serve() {
  if (!tty_) return;
  const Time now = std::chrono::steady_clock::now();
  // First, so that an answer to whoever has just opened the port is not taken for one to nobody.
  see_who_opened(now);
  if (!waits_for_bytes_) read_available(now);
  work_(now);
  const std::size_t written = write_passed(now);
  // The room just gained may be what the rest of the input waits for, and no event will tell.
  if (written > 0 && !input_.empty()) asio::post(io_, [this] { serve(); });
  wait(now);
}

void Line::see_who_opened(Time now) {
  tty_->opened();
  if (tty_->take_left()) {
    output_.clear();
    tty_->reset();
    read_last_words(now);
  }
  if (tty_->opened() == opened_) return;
  opened_ = !opened_;
  log::notice(opened_ ? "port opened" : "port closed", {{"link", link_.native()}});
}

void Line::read_available(Time now) {
  if (reading_ == Reading::off) return;
  std::array<std::uint8_t, PacedQueue::capacity> buffer;
  const std::size_t room = input_.room();
  const ssize_t got = room == 0 ? 0 : ::read(tty_->master(), buffer.data(), room);
  if (got > 0) input_.push(std::span(buffer).first(static_cast<std::size_t>(got)), now);
}

// What whoever left said last still counts (printf … > link), as far as the queue takes it; the rest is lost.
void Line::read_last_words(Time now) {
  std::array<std::uint8_t, PacedQueue::capacity> buffer;
  for (int i = 0; i < most_last_words; ++i) {
    const ssize_t got = ::read(tty_->master(), buffer.data(), buffer.size());
    if (got <= 0) return;
    const std::size_t taken = reading_ == Reading::off ? 0 : input_.room();
    input_.push(std::span(buffer).first(std::min(taken, static_cast<std::size_t>(got))), now);
  }
}

// Returns how many bytes went out, or were lost because nobody listens.
std::size_t Line::write_passed(Time now) {
  if (!opened_) {
    const std::size_t lost = PacedQueue::capacity - output_.room();
    output_.clear();
    peer_full_ = false;
    return lost;
  }
  const auto bytes = output_.passed(now);
  if (bytes.empty()) return 0;
  const ssize_t written = ::write(tty_->master(), bytes.data(), bytes.size());
  peer_full_ = written < static_cast<ssize_t>(bytes.size());
  const auto count = static_cast<std::size_t>(std::max<ssize_t>(written, 0));
  output_.pop(count);
  return count;
}

void Line::wait(Time now) {
  if (reading_ == Reading::on && input_.room() > 0) wait_for_bytes();
  if (peer_full_) wait_for_room();
  wait_for_openers();
  wait_for_pace(now);
}

void Line::wait_for_bytes() {
  if (std::exchange(waits_for_bytes_, true)) return;
  bytes_.async_wait(asio::posix::stream_descriptor::wait_read, on_ready(waits_for_bytes_));
}

void Line::wait_for_room() {
  if (std::exchange(waits_for_room_, true)) return;
  bytes_.async_wait(asio::posix::stream_descriptor::wait_write, on_ready(waits_for_room_));
}

void Line::wait_for_openers() {
  if (std::exchange(waits_for_openers_, true)) return;
  openers_.async_wait(asio::posix::stream_descriptor::wait_read, on_ready(waits_for_openers_));
}

void Line::wait_for_pace(Time now) {
  const auto in = input_.next(now);
  const auto out = output_.next(now);
  if (!in && !out) return;
  pace_.expires_at(std::min(in.value_or(Time::max()), out.value_or(Time::max())));
  pace_.async_wait([this](std::error_code error) {
    if (!error) serve();
  });
}

// A handler may be on its way when its tty is unplugged, and run after the next one was plugged in: it must
// not touch that one's waits.
std::function<void(std::error_code)> Line::on_ready(bool& waiting) {
  return [this, &waiting, plug = plugs_](std::error_code error) {
    if (error || plug != plugs_ || !tty_) return;
    waiting = false;
    serve();
  };
}

}  // namespace pizwg::sim
