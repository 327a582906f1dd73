#include "gateway.h"

#include <algorithm>
#include <cassert>

#include "pty.h"
#include "samples.h"

namespace pizwg::bench {

namespace {

constexpr std::int64_t byte_ns = 10 * second / 115200;  // start bit, eight data bits, stop bit
// What a USB stick hands over at once: a frame of full-speed USB lasts 1 ms, 11 bytes at 115200.
constexpr std::size_t usb_chunk = 11;
constexpr std::size_t most_received = 4096;
constexpr std::size_t most_chunks = 1024;

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

Frame make_frame(std::uint32_t number) {
  Frame frame{0x01, sizeof(Frame) - 2, 0x00, 0x13};
  for (std::size_t i = 4; i < frame.size() - 1; ++i) {
    frame[i] = static_cast<std::uint8_t>((number >> (i % 4 * 8)) + i);
  }
  std::uint8_t checksum = 0xff;
  std::for_each(frame.begin() + 1, frame.end() - 1, [&](std::uint8_t byte) { checksum ^= byte; });
  frame.back() = checksum;
  return frame;
}

std::int64_t Gateway::wire_time(std::size_t bytes) const {
  return pace_ == Pace::none ? 0 : static_cast<std::int64_t>(bytes) * byte_ns;
}

Result<void> Gateway::progress() {
  const std::int64_t now = now_ns();
  if (const Result<void> received = receive(now); !received) return received;
  return send(now);
}

Result<void> Gateway::receive(std::int64_t now) {
  std::uint8_t buffer[4096];
  const Result<std::size_t> count = read_some(master_, buffer);
  if (!count) return std::unexpected(count.error());
  if (*count == 0) return {};
  received_.append(reinterpret_cast<const char*>(buffer), *count);
  received_at_ = std::max(now, received_at_) + wire_time(*count);
  if (received_.size() > most_received || to_say_.size() > most_chunks) {
    return fail("more bytes arrived at the gateway than anybody was meant to send");
  }
  if (answer_ == Answer::echo) {
    say(received_);
    received_.clear();
    return {};
  }
  if (awaits_ack_ && static_cast<std::uint8_t>(received_.front()) == ack) {
    received_.erase(0, 1);
    awaits_ack_ = false;
    ++acknowledged_;
    acknowledged_at_ = received_at_;
  }
  if (received_.size() >= sizeof(Frame)) answer_frame();
  return {};
}

// Two writes: a stick acknowledges before it has its response.
void Gateway::answer_frame() {
  const std::string response = received_.substr(0, sizeof(Frame));
  received_.erase(0, sizeof(Frame));
  say(std::string(1, ack));
  say(response);
  awaits_ack_ = true;
}

void Gateway::say(const std::string& bytes) {
  said_at_ = std::max(said_at_, received_at_);
  const std::size_t step = pace_ == Pace::none ? bytes.size() : usb_chunk;
  for (std::size_t start = 0; start < bytes.size(); start += step) {
    const std::string part = bytes.substr(start, step);
    said_at_ += wire_time(part.size());
    to_say_.push_back({said_at_, part});
  }
}

Result<void> Gateway::send(std::int64_t now) {
  while (!to_say_.empty() && to_say_.front().due <= now) {
    std::string& bytes = to_say_.front().bytes;
    const Result<std::size_t> count = write_some(master_, bytes_of(bytes));
    if (!count) return std::unexpected(count.error());
    bytes.erase(0, *count);
    if (!bytes.empty()) {
      to_say_.front().due = now + millisecond;  // no room: the reader is slower than the line
      return {};
    }
    to_say_.pop_front();
  }
  return {};
}

std::optional<std::int64_t> Gateway::deadline() const {
  if (to_say_.empty()) return std::nullopt;
  return to_say_.front().due;
}

}  // namespace pizwg::bench
