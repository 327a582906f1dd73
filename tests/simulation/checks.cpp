#include "simulation/checks.h"

#include <algorithm>
#include <fmt/format.h>

#include "simulation/client.h"
#include "simulation/lifecycle_variants.h"
#include "simulation/world.h"

namespace pizwg::simulation {
namespace {

// How long the design allows two gateways on the air, by what excuses it. A partition and a hub that does not
// obey last as long as they last.
constexpr Duration resolution_of_partition = 1s;  // after it has healed
constexpr Duration limit_for(Cause cause) {
  switch (cause) {
    case Cause::none:
      return 0s;
    case Cause::boot:
      return 32s;  // of the machine, 20 s at most here, and the proof of a gateway that is late
    case Cause::hang:
      return 50s;  // until the hardware watchdog, and then a boot
    case Cause::unattended:
      return 12s;  // watchdog 5 s, hub 5 s
    case Cause::proof:
      return 2500ms;  // the question is asked again each second, when there is a network to ask
    case Cause::blind_proof:
    case Cause::order:
      return 12s;  // the gateway's limit, and the hub
    case Cause::two_frozen:
      return 400ms;  // until it is noticed, and the hub is dark
    case Cause::hub:
    case Cause::partition:
      return Duration::max();
  }
  return 0s;
}

void breaks(World& world, int host, std::string rule) {
  if (!world.checks.broken.empty()) return;
  note(world, host, "BROKEN", rule);
  world.checks.broken = std::move(rule);
}

bool took_over_rashly(const Host& host) {
  return host.keepalived.rash;
}

Cause excuse_of(const World& world, int host) {
  const Host& it = world.at(host);
  if (world.hubs_switch && (it.hub.mode != Hub::Mode::fine || it.hub.troubled)) return Cause::hub;
  if (it.excuses.hang) return Cause::hang;
  if (it.excuses.boot) return Cause::boot;
  if (it.excuses.unattended && !world.checks.strict) return Cause::unattended;
  if (it.excuses.order) return Cause::order;
  if (it.excuses.proof) return Cause::proof;
  const bool froze_last = world.now - it.keepalived.frozen_at < 400ms;
  if (froze_last && std::ranges::any_of(world.hosts, took_over_rashly)) return Cause::two_frozen;
  return Cause::none;
}

// Why `host` may be on the air although another is; one of them needs no excuse, which is the master.
Cause cause_of_overlap(const World& world, int host, int unexcused) {
  const Cause own = excuse_of(world, host);
  const bool whole = world.checks.whole && world.now - world.checks.whole_since > resolution_of_partition;
  if (own == Cause::proof && !whole) return Cause::partition;  // it could not see the VIP
  if (own == Cause::proof && (unexcused == 0 || !world.at(host).carrier)) return Cause::blind_proof;
  if (own != Cause::none || unexcused < 2) return own;
  return whole ? Cause::none : Cause::partition;
}

void go_on_with_overlap(World& world, int host, Overlap& overlap, Cause cause) {
  if (!overlap.lasts || overlap.cause != cause) overlap = {.lasts = true, .cause = cause, .since = world.now};
  const auto lasted = std::chrono::duration_cast<Duration>(world.now - overlap.since);
  Duration& longest = world.coverage->longest_overlap[static_cast<std::size_t>(cause)];
  longest = std::max(longest, lasted);
  if (lasted <= limit_for(cause)) return;
  breaks(world, host,
         fmt::format("beside another on the air for {} ms ({})", lasted.count() / 1000, word_for(cause)));
}

void check_overlaps(World& world) {
  int lit = 0;
  int unexcused = 0;
  for (int host = 0; host < world.host_count; ++host) {
    if (!on_the_air(world, host)) continue;
    ++lit;
    if (excuse_of(world, host) == Cause::none) ++unexcused;
  }
  for (int host = 0; host < world.host_count; ++host) {
    Overlap& overlap = world.checks.overlaps[static_cast<std::size_t>(host)];
    const Cause cause = cause_of_overlap(world, host, unexcused);
    if (lit < 2 || !on_the_air(world, host) || (cause == Cause::none && unexcused < 2)) {
      overlap.lasts = false;
      continue;
    }
    go_on_with_overlap(world, host, overlap, cause);
    if (cause == Cause::none) breaks(world, host, "two gateways are on the air, and nothing excuses it");
  }
}

void check_whether_whole(World& world) {
  const bool whole = network_is_whole(world);
  if (whole == world.checks.whole) return;
  world.checks.whole = whole;
  world.checks.whole_since = world.now;
}

void check_port(World& world, int host) {
  const Host& it = world.at(host);
  if (!it.daemon.port_open) return;
  if (!it.hub.power && it.machine.state == Machine::State::up) {
    breaks(world, host, "the serial port is open without power");
  }
  const bool may = it.daemon.life.state == State::energising || it.daemon.life.state == State::ready ||
                   it.daemon.life.state == State::serving;
  if (!may) breaks(world, host, "the serial port is open, and the host is not master");
}

bool was_ordered(const Step& made, Action action) {
  return std::ranges::find(made.actions, action) != made.actions.end();
}

// The adapters are asked for what the state's posture says, and for nothing that contradicts it.
void check_orders(World& world, int host, const Step& made) {
  const Host& it = world.at(host);
  const Lifecycle& now = made.next;
  const Posture wanted = posture(it.daemon.policy, now.state);
  const bool on = wanted.hub == Posture::Hub::on;
  if (!consistent(it.daemon.policy, now)) breaks(world, host, "a lifecycle that should not be");
  if (it.machine.veto != wanted.veto) breaks(world, host, "the veto is not the state's");
  if (it.daemon.listening != wanted.listening) breaks(world, host, "port 3333 is not the state's");
  if (it.daemon.port_wanted != wanted.gateway_open) breaks(world, host, "the serial port is not the state's");
  if (it.hub.wanted != on) breaks(world, host, "the hub's wish is not the state's");
  if (wanted.gateway_open && (!on || !now.master)) breaks(world, host, "a serial port without power or role");
  if (on && !now.master && now.state != State::proving) breaks(world, host, "power without a role");
  if (was_ordered(made, Action::clear_veto) && !it.daemon.proven_off) {
    breaks(world, host, "the veto is cleared, and off is not proven");
  }
}

// A restart may take its time.
bool is_under_way(const Host& host) {
  return host.machine.state == Machine::State::booting || host.daemon.life.state == State::rebooting;
}

bool is_well(const World& world, int host) {
  const Host& it = world.at(host);
  const Keepalived& keepalived = it.keepalived;
  const bool elects =
      keepalived.state == Keepalived::State::master || keepalived.state == Keepalived::State::backup;
  if (it.machine.state != Machine::State::up || it.daemon.process != Daemon::Process::runs) return false;
  if (fit(it.daemon.life)) return elects && !keepalived.frozen && !it.machine.veto;
  return it.daemon.life.state == State::faulty && it.daemon.life.fault != Fault::hub_stuck;
}

}  // namespace

std::string_view word_for(Cause cause) {
  switch (cause) {
    case Cause::none:
      return "no excuse";
    case Cause::boot:
      return "boot";
    case Cause::hang:
      return "hang";
    case Cause::hub:
      return "hub";
    case Cause::unattended:
      return "unattended";
    case Cause::proof:
      return "proof";
    case Cause::blind_proof:
      return "blind proof";
    case Cause::order:
      return "order";
    case Cause::two_frozen:
      return "two frozen";
    case Cause::partition:
      return "partition";
  }
  return "";
}

bool on_the_air(const World& world, int host) {
  const Host& it = world.at(host);
  if (!world.hubs_switch) return it.daemon.port_open;
  return it.hub.power && it.stick.attached && !it.stick.dead;
}

bool network_is_whole(const World& world) {
  for (int host = 0; host < world.host_count; ++host) {
    const Host& it = world.at(host);
    if (it.mute || it.deaf || it.side != world.at(0).side) return false;
  }
  return true;
}

bool is_served(const World& world) {
  const int host = world.clients[client::application].host;
  if (host == no_host) return false;
  const Daemon& daemon = world.at(host).daemon;
  return daemon.process == Daemon::Process::runs && daemon.session == client::application &&
         daemon.port_open && daemon.life.state == State::serving;
}

void check_step(World& world, int host, const Lifecycle& before, const Step& made, bool vip_was_held) {
  // A rule that is broken on purpose has to be noticed by what comes of it, not by what was ordered.
  if (world.mutation == Mutation::none) {
    check_orders(world, host, made);
  }
  const bool by_itself = made.next.state == State::proving && was_ordered(made, Action::ask_for_vip);
  if (by_itself && before.state == State::faulty && vip_was_held) {
    breaks(world, host, "proves its gateway beside a master's");
  }
}

void check_restart(World& world, int host) {
  const auto uptime = world.now - world.at(host).machine.booted_at;
  if (uptime < world.policy.least_uptime) breaks(world, host, "restarts a machine that has just come up");
}

void check_farewell(World& world, int host) {
  const Daemon& daemon = world.at(host).daemon;
  if (daemon.process == Daemon::Process::runs && daemon.life.state == State::releasing) {
    breaks(world, host, "the VIP goes by choice, and before the power");
  }
}

void check_world(World& world) {
  check_whether_whole(world);
  check_overlaps(world);
  for (int host = 0; host < world.host_count; ++host) check_port(world, host);
  const bool served = is_served(world);
  if (!served) world.checks.served_since = TimePoint::max();
  if (served && world.checks.served_since == TimePoint::max()) world.checks.served_since = world.now;
}

void check_served(World& world, std::string_view when) {
  if (!is_served(world)) breaks(world, no_host, fmt::format("nobody serves {}", when));
}

void check_nobody_is_stuck(World& world, std::string_view when) {
  for (int host = 0; host < world.host_count; ++host) {
    if (is_under_way(world.at(host)) || is_well(world, host)) continue;
    breaks(world, host, fmt::format("is stuck {}", when));
  }
}

}  // namespace pizwg::simulation
