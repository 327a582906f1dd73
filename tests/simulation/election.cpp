#include "simulation/election.h"

#include "simulation/role.h"

namespace pizwg::simulation::election {
namespace {

using KState = Keepalived::State;

constexpr Duration advert_interval = 100ms;
constexpr Duration three_adverts = 3 * advert_interval;

Duration skew(const Keepalived& keepalived) {
  return advert_interval * (256 - keepalived.priority) / 256;
}

bool acts(const World& world, int host) {
  const Host& it = world.at(host);
  return it.machine.state == Machine::State::up && it.keepalived.state != KState::dead &&
         !it.keepalived.frozen;
}

bool adverts(const World& world, int host) {
  return acts(world, host) && world.at(host).keepalived.state == KState::master;
}

bool hears_a_master(const World& world, int host) {
  for (int other = 0; other < world.host_count; ++other) {
    if (other != host && adverts(world, other) && delivers(world, other, host)) return true;
  }
  return false;
}

bool hears_a_better_one(const World& world, int host) {
  for (int other = 0; other < world.host_count; ++other) {
    if (other == host || !adverts(world, other) || !delivers(world, other, host)) continue;
    if (world.at(other).keepalived.priority > world.at(host).keepalived.priority) return true;
  }
  return false;
}

void listen(World& world, Duration next_advert);
void become_backup(World& world, int host);

void enter(World& world, int host, KState state) {
  Keepalived& keepalived = world.at(host).keepalived;
  keepalived.state = state;
  ++keepalived.timer;
  ++keepalived.conceding;
  keepalived.vip = state == KState::master;
  keepalived.hears = keepalived.rash = false;
  note(world, host, "keepalived",
       state == KState::master   ? "master"
       : state == KState::backup ? "backup"
                                 : "fault");
  role::noticed(world, host);
}

// It says so at once. Who has the lower priority gives in, and who has the higher one answers at once.
void become_master(World& world, int host) {
  enter(world, host, KState::master);
  for (int other = 0; other < world.host_count; ++other) {
    const bool hears = other != host && adverts(world, other) && delivers(world, host, other);
    const bool worse = world.at(other).keepalived.priority < world.at(host).keepalived.priority;
    if (hears && worse) become_backup(world, other);
  }
  listen(world, 5ms);
}

void timer_ran_out(World& world, int host, Ticket timer) {
  Keepalived& keepalived = world.at(host).keepalived;
  if (keepalived.timer != timer || keepalived.state != KState::backup) return;
  if (world.at(host).machine.state != Machine::State::up) return;
  if (keepalived.frozen) {
    keepalived.timer_missed = true;
    return;
  }
  become_master(world, host);
}

void start_timer(World& world, int host, Duration time) {
  world.after(time, host, ++world.at(host).keepalived.timer, timer_ran_out);
}

void become_backup(World& world, int host) {
  enter(world, host, KState::backup);
  start_timer(world, host, three_adverts + skew(world.at(host).keepalived));
}

// Priority 0: who hears it waits for its skew only.
void say_farewell(World& world, int host) {
  for (int other = 0; other < world.host_count; ++other) {
    Keepalived& its = world.at(other).keepalived;
    if (other == host || its.state != KState::backup || !its.hears || !delivers(world, host, other)) continue;
    its.hears = hears_a_master(world, other);
    if (!its.hears) start_timer(world, other, 1ms + skew(its));
  }
}

void leave(World& world, int host, KState to) {
  const bool was_master = adverts(world, host);
  enter(world, host, to);
  if (was_master) say_farewell(world, host);
  listen(world, advert_interval);
}

void concede(World& world, int host, Ticket ticket) {
  if (world.at(host).keepalived.conceding != ticket || !adverts(world, host)) return;
  if (!hears_a_better_one(world, host)) return;
  become_backup(world, host);
  listen(world, advert_interval);
}

void listen_as_backup(World& world, int host) {
  Keepalived& keepalived = world.at(host).keepalived;
  const bool hears = hears_a_master(world, host);
  if (hears == keepalived.hears) return;
  keepalived.hears = hears;
  if (hears) {
    ++keepalived.timer;
  } else {
    start_timer(world, host, three_adverts + skew(keepalived) - world.within(0ms, advert_interval));
  }
}

void listen(World& world, Duration next_advert) {
  for (int host = 0; host < world.host_count; ++host) {
    if (!acts(world, host)) continue;
    if (world.at(host).keepalived.state == KState::backup) listen_as_backup(world, host);
    if (adverts(world, host) && hears_a_better_one(world, host)) {
      world.after(world.within(1ms, next_advert), host, world.at(host).keepalived.conceding, concede);
    }
  }
}

}  // namespace

void listen(World& world) {
  listen(world, advert_interval);
}

void reconsider(World& world, int host) {
  if (!acts(world, host)) return;
  const bool faulty = world.at(host).machine.veto || !world.at(host).carrier;
  const KState state = world.at(host).keepalived.state;
  if (world.at(host).machine.veto && state == KState::master) check_farewell(world, host);
  if (faulty && state != KState::fault) leave(world, host, KState::fault);
  if (!faulty && state == KState::fault) {
    become_backup(world, host);
    listen(world);
  }
}

void draw_priority(World& world, int host) {
  const auto draw = static_cast<unsigned>(world.random.below(60));
  world.at(host).keepalived.priority = 10 + draw * most_hosts + static_cast<unsigned>(host);
}

void start(World& world, int host) {
  Host& it = world.at(host);
  if (it.machine.state != Machine::State::up || it.keepalived.state != KState::dead) return;
  it.keepalived.frozen = it.keepalived.timer_missed = false;
  enter(world, host, KState::fault);
  reconsider(world, host);
}

void kill(World& world, int host) {
  Keepalived& keepalived = world.at(host).keepalived;
  keepalived.state = KState::dead;
  keepalived.frozen = false;
  ++keepalived.timer;
  ++keepalived.conceding;
  ++keepalived.process;
  note(world, host, "keepalived", "dead");
  role::judge(world, host);
  listen(world);
}

void stop(World& world, int host) {
  if (acts(world, host)) leave(world, host, KState::fault);
  world.at(host).keepalived.vip = false;
  kill(world, host);
}

// It begins anew, and lets go of what it held.
void reload(World& world, int host) {
  if (!acts(world, host) || world.at(host).keepalived.state == KState::fault) return;
  leave(world, host, KState::fault);
  reconsider(world, host);
}

void start_later(World& world, int host, Duration least, Duration most) {
  world.after(world.within(least, most), host, world.at(host).keepalived.process,
              [](World& w, int h, Ticket ticket) {
                if (w.at(h).keepalived.process == ticket) start(w, h);
              });
}

void freeze(World& world, int host) {
  if (!acts(world, host)) return;
  world.at(host).keepalived.frozen = true;
  world.at(host).keepalived.frozen_at = world.now;
  note(world, host, "keepalived", "frozen");
  role::froze(world, host);
  listen(world);
}

// What it finds first is chance: that its timer ran out, or what was said meanwhile.
void thaw(World& world, int host) {
  Keepalived& keepalived = world.at(host).keepalived;
  if (keepalived.state == KState::dead || !keepalived.frozen) return;
  keepalived.frozen = false;
  note(world, host, "keepalived", "thawed");
  const bool missed = std::exchange(keepalived.timer_missed, false);
  reconsider(world, host);
  if (missed && keepalived.state == KState::backup &&
      (!hears_a_master(world, host) || world.random.one_in(2))) {
    become_master(world, host);
    keepalived.rash = true;
  }
  role::judge(world, host);
  listen(world, 5ms);  // another master's adverts wait in its socket
}

bool delivers(const World& world, int from, int to) {
  const Host& one = world.at(from);
  const Host& other = world.at(to);
  return one.carrier && other.carrier && one.side == other.side && !one.mute && !other.deaf;
}

// Answers are the kernel's.
bool sees_vip_elsewhere(const World& world, int host) {
  for (int other = 0; other < world.host_count; ++other) {
    if (other == host || !world.at(other).keepalived.vip) continue;
    if (world.at(other).machine.state != Machine::State::up) continue;
    if (delivers(world, host, other) && delivers(world, other, host)) return true;
  }
  return false;
}

}  // namespace pizwg::simulation::election
