#include "samples.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <time.h>

namespace pizwg::bench {

std::int64_t now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * second + now.tv_nsec;
}

double Samples::percentile_ms(double percent) const {
  if (values_.empty()) return 0;
  std::vector<std::int64_t> sorted = values_;
  std::ranges::sort(sorted);
  const auto rank = static_cast<std::size_t>(std::ceil(percent / 100 * static_cast<double>(sorted.size())));
  return static_cast<double>(sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1]) / millisecond;
}

std::string Samples::json() const {
  return fmt::format(
      R"({{"count": {}, "p50_ms": {:.4f}, "p90_ms": {:.4f}, "p99_ms": {:.4f}, "max_ms": {:.4f}}})", count(),
      percentile_ms(50), percentile_ms(90), percentile_ms(99), percentile_ms(100));
}

}  // namespace pizwg::bench
