#pragma once
// The gateway itself: visible some time after it got power. And the daemon's two ways to it, which are
// Supervisor's look and src/pizwgd/gateway.h: looked for in some states, opened in others.

#include "simulation/world.h"

namespace pizwg::simulation::stick {

// Its power, its plug or its health.
void supply_changed(World& world, int host);

void open(World& world, int host);
void close(World& world, int host);
// The daemon's state may be another.
void look_for(World& world, int host);

}  // namespace pizwg::simulation::stick
