#pragma once
// Points in time that outlive the daemon. A host without a clock battery learns the time minutes after its
// boot, so what happened before is remembered by the clock that never jumps, and told by the other one as it
// is known later.

#include <chrono>
#include <optional>

#include "core/lifecycle.h"

namespace pizwg {

using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

// Both clocks, read together.
struct Now {
  TimePoint steady{};
  WallTime wall{};

  WallTime of(TimePoint then) const {
    return wall - std::chrono::duration_cast<std::chrono::milliseconds>(steady - then);
  }
};

struct Moment {
  // Empty: it was in an earlier boot, when this clock was another one.
  std::optional<TimePoint> steady{};
  WallTime wall{};

  static Moment at(const Now& now) { return {.steady = now.steady, .wall = now.wall}; }
  WallTime told(const Now& now) const { return steady ? now.of(*steady) : wall; }

  bool operator==(const Moment&) const = default;
};

}  // namespace pizwg
