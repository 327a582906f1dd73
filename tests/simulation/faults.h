#pragma once
// What can go wrong, and what people do: each with a word, a beginning and an end. Both may come at any
// moment, and in any state.

#include <span>
#include <string_view>

#include "simulation/world.h"

namespace pizwg::simulation {

struct Disturbance {
  std::string_view word;
  void (*begin)(World&, int host);
  void (*end)(World&, int host);  // safe also when it has not begun
  // One host of several has it, and the others are fit: served again by then at the latest, while it lasts.
  // Zero where that cannot be promised.
  Duration outage = 4s;
};

std::span<const Disturbance> all_disturbances();

// Ends whatever may have begun: everything works, everybody wants, and nothing is ordered.
void heal(World& world);

}  // namespace pizwg::simulation
