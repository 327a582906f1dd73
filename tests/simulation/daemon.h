#pragma once
// pizwgd as a process: the real lifecycle, what its Supervisor does with it, and how the process may end.
// Events come one at a time; a frozen one has them when it thaws.

#include "simulation/world.h"

namespace pizwg::simulation::daemon {

void start(World& world, int host);
void crash(World& world, int host);
// For longer than 5 s: the watchdog kills it.
void freeze(World& world, int host);
void thaw(World& world, int host);
void stop(World& world, int host);
// Power loss, hang: no trace, and no ExecStopPost.
void vanish(World& world, int host);

void happened(World& world, int host, Event event);
// The answer to a question of this run.
void answered(World& world, int host, Ticket run, Event event);
void hub_answered(World& world, int host, Event event);

}  // namespace pizwg::simulation::daemon
