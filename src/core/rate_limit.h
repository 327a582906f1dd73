#pragma once
// At most so many of something in a window, and how many were left out: for log lines that a stranger can
// cause.

#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>

namespace pizwg {

class RateLimit {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  RateLimit(std::size_t most, std::chrono::seconds window) : most_(most), window_(window) {}

  // Empty: leave this one out. Otherwise the number that was left out since the last one that was let
  // through.
  std::optional<std::size_t> admit(TimePoint now) {
    if (now >= window_end_) {
      window_end_ = now + window_;
      in_window_ = 0;
    }
    if (in_window_ == most_) {
      ++left_out_;
      return std::nullopt;
    }
    ++in_window_;
    return std::exchange(left_out_, 0);
  }

 private:
  std::size_t most_;
  std::chrono::seconds window_;
  TimePoint window_end_{};
  std::size_t in_window_ = 0;
  std::size_t left_out_ = 0;
};

}  // namespace pizwg
