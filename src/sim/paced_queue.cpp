#include "sim/paced_queue.h"

#include <algorithm>
#include <cassert>

namespace pizwg::sim {
namespace {

// Bytes are handed on in groups of what passes in this time, as a USB host fetches them, and not one by one:
// that would be 11,520 wake-ups a second. The last byte of a burst is on time.
constexpr std::chrono::milliseconds grain{1};

}  // namespace

void PacedQueue::set_baud(unsigned baud) {
  byte_time_ = std::chrono::nanoseconds(baud == 0 ? 0 : 10'000'000'000ULL / baud);
}

std::size_t PacedQueue::push(std::span<const std::uint8_t> bytes, Time now) {
  // A line that stood still starts now: it saves no time up.
  if (passed_ == bytes_.size()) line_free_ = std::max(line_free_, now);
  const std::size_t taken = std::min(bytes.size(), room());
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(taken));
  return taken;
}

std::span<const std::uint8_t> PacedQueue::passed(Time now) {
  const std::size_t waiting = bytes_.size() - passed_;
  if (byte_time_.count() == 0) {
    passed_ += waiting;
  } else if (now > line_free_) {
    const auto due =
        std::min<std::size_t>(static_cast<std::size_t>((now - line_free_) / byte_time_), waiting);
    passed_ += due;
    line_free_ += byte_time_ * static_cast<std::int64_t>(due);
  }
  return std::span(bytes_).first(passed_);
}

void PacedQueue::pop(std::size_t count) {
  assert(count <= passed_);
  bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(count));
  passed_ -= count;
}

std::optional<Time> PacedQueue::next(Time now) const {
  const std::size_t waiting = bytes_.size() - passed_;
  if (waiting == 0) return std::nullopt;
  const Time last = line_free_ + byte_time_ * static_cast<std::int64_t>(waiting);
  return std::min(last, std::max(now + grain, line_free_ + byte_time_));
}

void PacedQueue::clear() {
  bytes_.clear();
  passed_ = 0;
}

}  // namespace pizwg::sim
