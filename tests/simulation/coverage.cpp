#include "simulation/coverage.h"

namespace pizwg::simulation {

void Coverage::saw(const Lifecycle& before, Event event, const Lifecycle& after) {
  const auto state = static_cast<std::size_t>(before.state);
  const auto what = static_cast<std::size_t>(event);
  ++steps;
  ++visited[state][what];
  if (before.state != after.state || before.since != after.since) ++led_somewhere[state][what];
}

}  // namespace pizwg::simulation
