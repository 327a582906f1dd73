#pragma once
// A hub's port, and what HubPower (src/adapters) makes of it: repeated calls, an effect to be proven, a
// limit.

#include "simulation/world.h"

namespace pizwg::simulation::hub {

// The latest wish is what counts. Answered once, to the daemon or to its ExecStopPost.
void wish(World& world, int host, bool on);
// Whoever wished has ended.
void forget_wish(World& world, int host);
void set_power(World& world, int host, bool on);

}  // namespace pizwg::simulation::hub
