#pragma once
// keepalived 2.2.7 as it is configured here: VRRP version 3, adverts each 0.1 s, skew by priority, nopreempt,
// the veto as a track_file; and the processes that systemd starts anew. Adverts are not simulated one by one:
// a backup hears a master or does not, and its timer began at an advert some time within the last 0.1 s.

#include "simulation/world.h"

namespace pizwg::simulation::election {

// Another than every other host's, as addresses are.
void draw_priority(World& world, int host);
void start(World& world, int host);
void kill(World& world, int host);  // the VIP stays where it is
void stop(World& world, int host);  // cleanly
void reload(World& world, int host);
void start_later(World& world, int host, Duration least, Duration most);
void freeze(World& world, int host);
void thaw(World& world, int host);

// The veto, or the carrier.
void reconsider(World& world, int host);
// Who can hear whom has changed.
void listen(World& world);

bool delivers(const World& world, int from, int to);
// Another host that answers for the VIP.
bool sees_vip_elsewhere(const World& world, int host);

}  // namespace pizwg::simulation::election
