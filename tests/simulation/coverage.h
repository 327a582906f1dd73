#pragma once
// What a batch of runs has visited: a simulator that does nothing must not pass for one that finds nothing.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "core/lifecycle.h"
#include "simulation/random.h"

namespace pizwg::simulation {

inline constexpr std::size_t state_count = static_cast<std::size_t>(State::stopped) + 1;
inline constexpr std::size_t event_count = static_cast<std::size_t>(Event::deadline_passed) + 1;
inline constexpr std::size_t most_faults = 48;
inline constexpr std::size_t most_causes = 10;

struct Coverage {
  using Counts = std::array<std::array<std::uint64_t, event_count>, state_count>;

  std::uint64_t runs = 0;
  std::uint64_t steps = 0;
  std::uint64_t restarts = 0;
  Counts visited{};  // [state][event]
  Counts led_somewhere{};
  std::array<std::uint64_t, most_faults> injected{};
  std::array<Duration, most_faults> longest_outage{};   // of that fault alone, while it lasts
  std::array<Duration, most_causes> longest_overlap{};  // two energised, by what excuses it
  Duration longest_recovery{};  // from the healing of everything to a session that lasts
  std::uint64_t slowest_seed = 0;

  void saw(const Lifecycle& before, Event event, const Lifecycle& after);
};

}  // namespace pizwg::simulation
