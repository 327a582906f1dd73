#pragma once
// Times of one measurement and their percentiles. Nanoseconds of the monotonic clock in, milliseconds out.

#include <cstdint>
#include <string>
#include <vector>

namespace pizwg::bench {

// Nanoseconds of CLOCK_MONOTONIC: every time in the bench programs is one of these.
std::int64_t now_ns();

inline constexpr std::int64_t millisecond = 1'000'000;
inline constexpr std::int64_t second = 1000 * millisecond;

class Samples {
 public:
  void add(std::int64_t duration_ns) { values_.push_back(duration_ns); }
  std::size_t count() const { return values_.size(); }

  // The nearest-rank percentile; 0 when there are no samples. `percent` within 0..100.
  double percentile_ms(double percent) const;

  // {"count": 3, "p50_ms": …, "p90_ms": …, "p99_ms": …, "max_ms": …}
  std::string json() const;

 private:
  std::vector<std::int64_t> values_;
};

}  // namespace pizwg::bench
