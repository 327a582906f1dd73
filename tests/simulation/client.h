#pragma once
// Clients: the application's, which wants to be connected for ever, and somebody else's, which comes and
// goes. Between them and a host there is TCP: an end is told where the network lets it, and found out
// otherwise.

#include "simulation/world.h"

namespace pizwg::simulation::client {

inline constexpr int application = 0;
inline constexpr int somebody_else = 1;

void begin(World& world, int client);
void leave(World& world, int client);    // with a goodbye
void vanish(World& world, int client);   // without
void give_up(World& world, int client);  // it does not want any longer

// A host may have become reachable or listening.
void look_again(World& world);
// The network between them has changed.
void network_changed(World& world);

void ended_by_host(World& world, int host);
// Its daemon, or all of it, is gone.
void lost_host(World& world, int host);

}  // namespace pizwg::simulation::client
