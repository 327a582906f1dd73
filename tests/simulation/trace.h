#pragma once
// What a traced run prints: time, host, event, state, actions.

#include "simulation/world.h"

namespace pizwg::simulation {

void trace_beginning(const World& world, int host, const Step& first);
void trace_step(const World& world, int host, const Lifecycle& before, Event event, const Step& made);

}  // namespace pizwg::simulation
