#include "simulation/client.h"

#include "simulation/daemon.h"

namespace pizwg::simulation::client {
namespace {

constexpr Duration client_notices = 3s;  // a host that is silent
constexpr Duration host_notices = 4s;    // a client that is

Client& at(World& world, int client) {
  return world.clients[static_cast<std::size_t>(client)];
}

bool reaches(const World& world, int client, int host) {
  const Host& it = world.at(host);
  return it.machine.state == Machine::State::up && it.carrier && !it.mute && !it.deaf &&
         it.side == world.clients[static_cast<std::size_t>(client)].side;
}

// A master says all the time that the VIP is its own; a VIP that a dead keepalived left is the last resort.
int host_of_vip(const World& world, int client) {
  int found = no_host;
  for (int host = 0; host < world.host_count; ++host) {
    const Keepalived& keepalived = world.at(host).keepalived;
    if (!keepalived.vip || !reaches(world, client, host)) continue;
    if (keepalived.state == Keepalived::State::master && !keepalived.frozen) return host;
    found = host;
  }
  return found;
}

bool accepts(const World& world, int host, int client) {
  const Daemon& daemon = world.at(host).daemon;
  return daemon.listening && daemon.process == Daemon::Process::runs &&
         (daemon.session == nobody || daemon.session == client);
}

void try_soon(World& world, int client, Duration least, Duration most);

void connect(World& world, int client, int host) {
  Daemon& daemon = world.at(host).daemon;
  at(world, client).host = host;
  const bool supersedes = daemon.session == client;
  daemon.session = client;
  ++daemon.session_ticket;
  if (!supersedes) daemon::happened(world, host, Event::client_authenticated);
}

void try_to_connect(World& world, int client, Ticket attempt) {
  Client& it = at(world, client);
  if (it.attempt != attempt || !it.alive || !it.wants || it.host != no_host) return;
  const int host = host_of_vip(world, client);
  if (host != no_host && accepts(world, host, client)) return connect(world, client, host);
  // The application waits for a listener (look_again), and does not rely on it.
  try_soon(world, client, 1s, 2s);
}

void try_soon(World& world, int client, Duration least, Duration most) {
  world.after(world.within(least, most), client, ++at(world, client).attempt, try_to_connect);
}

void disconnected(World& world, int client, Duration least, Duration most) {
  at(world, client).host = no_host;
  try_soon(world, client, least, most);
}

// The host's end of a connection whose other end is gone, or cannot be reached.
void host_finds_out(World& world, int host, Ticket session) {
  Daemon& daemon = world.at(host).daemon;
  if (daemon.session_ticket != session || daemon.session == nobody) return;
  const Client& its = at(world, daemon.session);
  if (its.alive && its.host == host && reaches(world, daemon.session, host)) return;
  const int client = std::exchange(daemon.session, nobody);
  if (its.host == host) disconnected(world, client, 100ms, client_notices);
  daemon::happened(world, host, Event::session_ended);
}

void end(World& world, int client, Duration host_knows_after) {
  const int host = at(world, client).host;
  if (host == no_host) return;
  at(world, client).host = no_host;
  if (!reaches(world, client, host)) host_knows_after = host_notices;
  world.after(host_knows_after, host, world.at(host).daemon.session_ticket, host_finds_out);
}

}  // namespace

void begin(World& world, int client) {
  at(world, client).wants = at(world, client).alive = true;
  if (at(world, client).host == no_host) try_soon(world, client, 10ms, 200ms);
}

void leave(World& world, int client) {
  end(world, client, 1ms);
  try_soon(world, client, 200ms, 3s);
}

void vanish(World& world, int client) {
  at(world, client).alive = false;
  end(world, client, host_notices);
}

void give_up(World& world, int client) {
  end(world, client, 1ms);
  at(world, client).wants = false;
}

void look_again(World& world) {
  for (int client = 0; client < 2; ++client) {
    const Client& it = at(world, client);
    if (it.wants && it.alive && it.host == no_host) try_soon(world, client, 5ms, 150ms);
  }
}

void network_changed(World& world) {
  for (int client = 0; client < 2; ++client) {
    const int host = at(world, client).host;
    if (host == no_host || reaches(world, client, host)) continue;
    world.after(host_notices, host, world.at(host).daemon.session_ticket, host_finds_out);
    world.after(world.within(100ms, client_notices), client, ++at(world, client).attempt,
                [](World& w, int c, Ticket attempt) {
                  if (at(w, c).attempt != attempt || at(w, c).host == no_host) return;
                  if (!reaches(w, c, at(w, c).host)) disconnected(w, c, 0ms, 100ms);
                });
  }
}

void ended_by_host(World& world, int host) {
  Daemon& daemon = world.at(host).daemon;
  const int client = std::exchange(daemon.session, nobody);
  ++daemon.session_ticket;
  if (client == nobody || at(world, client).host != host) return;
  if (reaches(world, client, host)) return disconnected(world, client, 1ms, 100ms);
  disconnected(world, client, 100ms, client_notices);
}

void lost_host(World& world, int host) {
  ended_by_host(world, host);
}

}  // namespace pizwg::simulation::client
