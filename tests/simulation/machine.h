#pragma once
// Power, kernel and systemd: what ends everything on a host, and how it comes back.

#include "simulation/world.h"

namespace pizwg::simulation::machine {

void cut_power(World& world, int host);
void give_power(World& world, int host);
void hang(World& world, int host);
void set_carrier(World& world, int host, bool on);

// Asked for by the daemon; may be refused, or not happen.
void restart(World& world, int host, bool hard);
// The daemon has ended, as a restart that is under way asked it to.
void go_down(World& world, int host);

}  // namespace pizwg::simulation::machine
