#include "simulation/faults.h"

#include "simulation/client.h"
#include "simulation/daemon.h"
#include "simulation/election.h"
#include "simulation/hub.h"
#include "simulation/machine.h"
#include "simulation/role.h"
#include "simulation/stick.h"

namespace pizwg::simulation {
namespace {

using Mode = Hub::Mode;

void nothing(World&, int) {}

// --- the machine and its network

void network_changed(World& world) {
  election::listen(world);
  client::network_changed(world);
}

// The application is on one host's side; the others are anywhere.
void part(World& world, int host) {
  for (int other = 0; other < world.host_count; ++other) {
    world.at(other).side = other == host ? 0 : static_cast<int>(world.random.below(2));
  }
  const int its = static_cast<int>(world.random.below(static_cast<std::size_t>(world.host_count)));
  for (Client& client : world.clients) client.side = world.at(its).side;
  note(world, host, "network: parted");
  network_changed(world);
}

void join(World& world, int) {
  for (Host& host : world.hosts) host.side = 0;
  for (Client& client : world.clients) client.side = 0;
  network_changed(world);
}

void set_mute(World& world, int host, bool mute) {
  world.at(host).mute = mute;
  note(world, host, mute ? "network: mute" : "network: not mute");
  network_changed(world);
}

void set_deaf(World& world, int host, bool deaf) {
  world.at(host).deaf = deaf;
  note(world, host, deaf ? "network: deaf" : "network: not deaf");
  network_changed(world);
}

void lose_packets(World& world, int host) {
  set_deaf(world, host, true);
  world.after(world.within(50ms, 600ms), host, 0, [](World& w, int h, Ticket) { set_deaf(w, h, false); });
}

void set_carrier(World& world, int host, bool on) {
  machine::set_carrier(world, host, on);
  client::network_changed(world);
}

void refuse_restarts(World& world, int host) {
  world.at(host).machine.restart =
      world.random.one_in(2) ? Machine::Restart::refused : Machine::Restart::ignored;
}

// --- processes

void pause_daemon(World& world, int host) {
  daemon::freeze(world, host);
  world.after(world.within(50ms, 4s), host, world.at(host).daemon.run, [](World& w, int h, Ticket run) {
    if (w.at(h).daemon.run == run) daemon::thaw(w, h);
  });
}

void kill_keepalived(World& world, int host) {
  if (world.at(host).keepalived.state == Keepalived::State::dead) return;
  election::kill(world, host);
  election::start_later(world, host, 1s, 1200ms);
}

void pause_keepalived(World& world, int host) {
  election::freeze(world, host);
  world.after(world.within(10ms, 2s), host, world.at(host).keepalived.process,
              [](World& w, int h, Ticket its) {
                if (w.at(h).keepalived.process == its) election::thaw(w, h);
              });
}

// systemctl restart keepalived: its ExecStop hands over first, and waits for the dark.
void restart_keepalived(World& world, int host) {
  daemon::happened(world, host, Event::handover_ordered);
  world.after(
      world.within(100ms, 300ms), host, world.at(host).keepalived.process, [](World& w, int h, Ticket its) {
        if (w.at(h).keepalived.process != its) return;
        if (w.at(h).hub.power && w.at(h).daemon.life.state == State::releasing) {
          return w.after(100ms, h, its, [](World& ww, int hh, Ticket) { restart_keepalived(ww, hh); });
        }
        election::stop(w, h);
        election::start_later(w, h, 500ms, 2s);
      });
}

// DHCP gives the host another address, which is another priority, and keepalived reads its configuration
// anew.
void change_address(World& world, int host) {
  election::draw_priority(world, host);
  election::reload(world, host);
}

// --- the gateway and its hub

void set_attached(World& world, int host, bool attached) {
  if (world.at(host).stick.attached == attached) return;
  world.at(host).stick.attached = attached;
  stick::supply_changed(world, host);
}

void set_dead(World& world, int host, bool dead) {
  if (world.at(host).stick.dead == dead) return;
  world.at(host).stick.dead = dead;
  stick::supply_changed(world, host);
}

// Off the bus for 0.35 s.
void reset_stick(World& world, int host) {
  set_attached(world, host, false);
  world.at(host).stick.start = 0ms;
  world.after(350ms, host, 0, [](World& w, int h, Ticket) {
    set_attached(w, h, true);
    w.at(h).stick.start = 1s;
  });
}

void flap(World& world, int host) {
  world.at(host).stick.flapping = true;
  for (Duration at = 0ms; at < 10s; at += world.within(300ms, 9s)) {
    world.after(at, host, 0, [](World& w, int h, Ticket) {
      if (w.at(h).stick.flapping) set_attached(w, h, !w.at(h).stick.attached);
    });
  }
}

void stop_flapping(World& world, int host) {
  world.at(host).stick.flapping = false;
  set_attached(world, host, true);
}

template <Mode mode>
void set_hub(World& world, int host) {
  world.at(host).hub.mode = mode;
  if (mode != Mode::fine) world.at(host).hub.troubled = true;
}

// --- clients and operators

void come_and_go(World& world, int) {
  client::begin(world, client::somebody_else);
  world.after(world.within(100ms, 5s), no_host, 0,
              [](World& w, int, Ticket) { client::give_up(w, client::somebody_else); });
}

// Another process of the application's connects; the host finds out about the old one by itself.
void client_vanishes(World& world, int) {
  client::vanish(world, client::application);
  world.after(world.within(0ms, 8s), no_host, 0,
              [](World& w, int, Ticket) { client::begin(w, client::application); });
}

void order_maintenance(World& world, int host, bool on) {
  if (world.at(host).machine.maintenance == on) return;
  world.at(host).machine.maintenance = on;
  daemon::happened(world, host, on ? Event::maintenance_began : Event::maintenance_ended);
}

void set_identity(World& world, int host, bool there) {
  world.at(host).machine.identity = there;
  daemon::happened(world, host, there ? Event::identity_appeared : Event::identity_vanished);
}

void bring_back_identity(World& world, int host) {
  if (!world.at(host).machine.identity) set_identity(world, host, true);
}

template <Event event>
void order(World& world, int host) {
  daemon::happened(world, host, event);
}

constexpr auto set_hub_fine = set_hub<Mode::fine>;

constexpr std::array disturbances{
    Disturbance{"power-cut", machine::cut_power, machine::give_power},
    Disturbance{"kernel-hangs", machine::hang, nothing},
    Disturbance{"cable-pulled", [](World& w, int h) { set_carrier(w, h, false); },
                [](World& w, int h) {
                  if (!w.at(h).carrier) set_carrier(w, h, true);
                }},
    Disturbance{"network-parted", part, join, 7s},
    Disturbance{"host-mute", [](World& w, int h) { set_mute(w, h, true); },
                [](World& w, int h) { set_mute(w, h, false); }, 0s},
    Disturbance{"host-deaf", [](World& w, int h) { set_deaf(w, h, true); },
                [](World& w, int h) { set_deaf(w, h, false); }, 0s},
    Disturbance{"packets-lost", lose_packets, nothing, 7s},
    Disturbance{"address-changes", change_address, nothing},
    Disturbance{"restart-fails", refuse_restarts,
                [](World& w, int h) { w.at(h).machine.restart = Machine::Restart::fine; }},
    Disturbance{"daemon-killed", daemon::crash, nothing},
    Disturbance{"daemon-frozen", daemon::freeze, daemon::thaw, 10s},
    Disturbance{"daemon-paused", pause_daemon, nothing, 8s},
    Disturbance{"daemon-restarted", daemon::stop, nothing},
    Disturbance{"keepalived-killed", kill_keepalived, nothing},
    Disturbance{"keepalived-frozen", election::freeze, election::thaw},
    Disturbance{"keepalived-paused", pause_keepalived, nothing},
    Disturbance{"keepalived-restarted", restart_keepalived, nothing},
    Disturbance{"gateway-unplugged", [](World& w, int h) { set_attached(w, h, false); },
                [](World& w, int h) { set_attached(w, h, true); }, 14s},
    Disturbance{"gateway-dead", [](World& w, int h) { set_dead(w, h, true); },
                [](World& w, int h) { set_dead(w, h, false); }, 14s},
    Disturbance{"gateway-resets", reset_stick, nothing},
    Disturbance{"gateway-flaps", flap, stop_flapping, 25s},
    Disturbance{"gateway-slow", [](World& w, int h) { w.at(h).stick.start = w.within(2s, 13s); },
                [](World& w, int h) { w.at(h).stick.start = 1s; }},
    Disturbance{"gateway-not-opened", [](World& w, int h) { w.at(h).stick.openable = false; },
                [](World& w, int h) {
                  w.at(h).stick.openable = true;
                  if (w.at(h).daemon.port_wanted && !w.at(h).daemon.port_open) stick::open(w, h);
                }},
    Disturbance{"hub-slow", set_hub<Mode::slow>, set_hub_fine},
    Disturbance{"hub-stuck-on", set_hub<Mode::stuck_on>, set_hub_fine},
    Disturbance{"hub-stuck-off", set_hub<Mode::stuck_off>, set_hub_fine},
    Disturbance{"hub-fails", set_hub<Mode::failing>, set_hub_fine},
    Disturbance{"hub-mute", set_hub<Mode::mute>, set_hub_fine},
    Disturbance{"client-leaves", [](World& w, int) { client::leave(w, client::application); }, nothing, 7s},
    Disturbance{"client-vanishes", client_vanishes,
                [](World& w, int) { client::begin(w, client::application); }, 14s},
    Disturbance{"client-of-another", come_and_go,
                [](World& w, int) { client::give_up(w, client::somebody_else); }},
    Disturbance{"handover-ordered", order<Event::handover_ordered>, nothing},
    Disturbance{"proof-ordered", order<Event::proof_ordered>, nothing},
    Disturbance{"maintenance", [](World& w, int h) { order_maintenance(w, h, true); },
                [](World& w, int h) { order_maintenance(w, h, false); }},
    Disturbance{"identity-vanishes", [](World& w, int h) { set_identity(w, h, false); }, bring_back_identity},
};
static_assert(disturbances.size() <= most_faults);

}  // namespace

std::span<const Disturbance> all_disturbances() {
  return disturbances;
}

void heal(World& world) {
  for (int host = 0; host < world.host_count; ++host) {
    for (const Disturbance& disturbance : disturbances) disturbance.end(world, host);
  }
}

}  // namespace pizwg::simulation
