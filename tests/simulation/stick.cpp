#include "simulation/stick.h"

#include <optional>

#include "simulation/daemon.h"

namespace pizwg::simulation::stick {
namespace {

constexpr Duration grace = 8s;
constexpr Duration open_interval = 50ms;

void try_to_open(World& world, int host, Ticket port) {
  const Stick& stick = world.at(host).stick;
  Daemon& daemon = world.at(host).daemon;
  if (daemon.port != port || daemon.port_open || !stick.visible || !stick.openable) return;
  daemon.port_open = true;
  ++daemon.port;  // it is not lost
  daemon::happened(world, host, Event::gateway_opened);
}

void lose(World& world, int host) {
  Daemon& daemon = world.at(host).daemon;
  daemon.port_open = false;
  world.after(grace, host, ++daemon.port, [](World& w, int h, Ticket port) {
    if (w.at(h).daemon.port == port) daemon::happened(w, h, Event::gateway_lost);
  });
}

std::optional<Duration> look_interval(const World& world, int host) {
  switch (world.at(host).daemon.life.state) {
    case State::proving:
      return 20ms;
    case State::unprovisioned:
    case State::standby:
    case State::waiting:
    case State::faulty:
      if (!world.hubs_switch) return std::nullopt;  // it is always there
      return 1s;
    case State::darkening:
    case State::taking_over:
    case State::energising:
    case State::ready:
    case State::serving:
    case State::releasing:
    case State::yielding:
    case State::rebooting:
    case State::maintenance:
    case State::stopped:
      return std::nullopt;
  }
  return std::nullopt;
}

void look(World& world, int host, Ticket ticket) {
  Daemon& daemon = world.at(host).daemon;
  if (daemon.look != ticket || !look_interval(world, host)) return;
  const bool visible = world.at(host).stick.visible;
  const bool appeared = visible && (daemon.life.state == State::proving || !daemon.was_visible);
  daemon.was_visible = visible;
  if (appeared) daemon::happened(world, host, Event::gateway_seen);
}

void visibility_changed(World& world, int host) {
  Daemon& daemon = world.at(host).daemon;
  look_for(world, host);
  if (!daemon.port_wanted) return;
  if (!world.at(host).stick.visible) {
    if (daemon.port_open) lose(world, host);
    return;
  }
  world.after(world.within(0ms, open_interval), host, daemon.port, try_to_open);
}

void appear(World& world, int host, Ticket supply) {
  Stick& stick = world.at(host).stick;
  if (stick.supply != supply) return;
  stick.visible = true;
  note(world, host, "gateway: visible");
  visibility_changed(world, host);
}

}  // namespace

void supply_changed(World& world, int host) {
  Stick& stick = world.at(host).stick;
  const bool supplied = world.at(host).hub.power && stick.attached && !stick.dead;
  ++stick.supply;
  if (supplied) {
    if (!stick.visible) world.after(stick.start, host, stick.supply, appear);
    return;
  }
  if (!stick.visible) return;
  stick.visible = false;
  note(world, host, "gateway: gone");
  visibility_changed(world, host);
}

void open(World& world, int host) {
  Daemon& daemon = world.at(host).daemon;
  daemon.port_wanted = true;
  world.after(world.within(0ms, open_interval), host, ++daemon.port, try_to_open);
}

void close(World& world, int host) {
  Daemon& daemon = world.at(host).daemon;
  daemon.port_wanted = daemon.port_open = false;
  ++daemon.port;
}

// One look is planned where it would tell something new; the daemon looks all the time.
void look_for(World& world, int host) {
  Daemon& daemon = world.at(host).daemon;
  ++daemon.look;
  const auto interval = look_interval(world, host);
  if (!interval || daemon.process != Daemon::Process::runs) return;
  const bool tells =
      world.at(host).stick.visible != daemon.was_visible || daemon.life.state == State::proving;
  if (tells) world.after(world.within(0ms, *interval), host, daemon.look, look);
}

}  // namespace pizwg::simulation::stick
