#pragma once
// How the daemon knows whether it is master, which is src/adapters/election.h: the last notice, keepalived
// alive and moving, the VIP present. And the question whether somebody else holds the VIP.

#include "simulation/world.h"

namespace pizwg::simulation::role {

// keepalived's state is another, and its FIFO says so to whoever reads it.
void noticed(World& world, int host);
void froze(World& world, int host);
// One of the three may be different.
void judge(World& world, int host);
// A host that holds the VIP although it is vetoed or no master: keepalived is ill, and started anew after 2
// s.
void watch_vip(World& world, int host);
void ask_for_vip(World& world, int host);

}  // namespace pizwg::simulation::role
