#pragma once
// One simulated run: a cold start, faults, healing, and the wait for service.

#include <cstdint>
#include <string>

#include "simulation/coverage.h"
#include "simulation/mutation.h"

namespace pizwg::simulation {

struct Run {
  std::uint64_t seed = 0;
  Mutation mutation = Mutation::none;
  bool traced = false;
};

// The rule that was broken, or nothing. What was seen is added to `coverage`.
std::string simulate(const Run& run, Coverage& coverage);

}  // namespace pizwg::simulation
