#pragma once
// The one source of chance of a simulated run: the same seed gives the same run on every machine, which the
// standard library's distributions do not promise.

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace pizwg::simulation {

using Duration = std::chrono::microseconds;

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  // SplitMix64.
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(next() % limit); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  Duration between(Duration least, Duration most) {
    const auto span = static_cast<std::uint64_t>((most - least).count()) + 1;
    return least + Duration(static_cast<Duration::rep>(next() % span));
  }
  // Short ones as often as long ones: a tenth, ten seconds and all between.
  Duration about(Duration least, Duration most) {
    Duration top = least;
    for (std::size_t doublings = below(18); doublings > 0 && top < most; --doublings) top *= 2;
    return between(least, top < most ? top : most);
  }

 private:
  std::uint64_t state_;
};

}  // namespace pizwg::simulation
