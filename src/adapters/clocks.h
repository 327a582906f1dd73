#pragma once
// Both clocks, read together.

#include <chrono>

#include "core/moment.h"

namespace pizwg {

inline Now read_clocks() {
  return {.steady = std::chrono::steady_clock::now(),
          .wall = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())};
}

}  // namespace pizwg
