#include "simulation/schedule.h"

#include <fmt/format.h>

#include "simulation/client.h"
#include "simulation/election.h"
#include "simulation/faults.h"
#include "simulation/machine.h"

namespace pizwg::simulation {
namespace {

// A host with a working gateway and a network serves again so long after the last fault. The longest way: a
// restart that systemd forgot (60 s), then its going down (8 s), a boot (22 s), a proof and an election (4
// s).
constexpr Duration recovery_limit = 100s;
constexpr Duration quiet_start = 40s;  // boot, proof, election, a session
constexpr Duration old_enough = 240s;  // to be restarted

template <typename T, std::size_t n>
T any_of(Random& random, const std::array<T, n>& choices) {
  return choices[random.below(n)];
}

void make_hosts(World& world) {
  world.host_count = any_of(world.random, std::array{1, 2, 2, 2, 2, 3, 3, 4});
  world.policy.after_session = any_of(
      world.random,
      std::array{AfterSession::keep, AfterSession::release, AfterSession::soft_reboot, AfterSession::reboot});
  world.policy.energise =
      any_of(world.random, std::array{Energise::master, Energise::master, Energise::client});
  world.hubs_switch = !world.random.one_in(8);
  for (int host = 0; host < world.host_count; ++host) {
    election::draw_priority(world, host);
    world.at(host).stick.start = world.within(200ms, 2s);
    world.after(world.within(0ms, 5s), host, 0, [](World& w, int h, Ticket) { machine::give_power(w, h); });
  }
  world.after(0ms, no_host, 0, [](World& w, int, Ticket) { client::begin(w, client::application); });
}

void run_until(World& world, TimePoint end) {
  world.agenda.plan(end, no_host, 0, [](World& w, int, Ticket) { w.checks.paused = true; });
  while (!world.agenda.empty() && world.checks.broken.empty()) {
    const Due next = world.agenda.take_next();
    world.now = next.at;
    next.happen(world, next.host, next.ticket);
    check_world(world);
    if (std::exchange(world.checks.paused, false)) return;
  }
}

void run_for(World& world, Duration time) {
  run_until(world, world.now + time);
}

std::size_t disturb(World& world, int host) {
  const std::size_t which = world.random.below(all_disturbances().size());
  ++world.coverage->injected[which];
  note(world, host, "FAULT", all_disturbances()[which].word);
  all_disturbances()[which].begin(world, host);
  check_world(world);
  return which;
}

int master_or_any(World& world) {
  const int host = world.clients[client::application].host;
  if (host != no_host && world.random.one_in(2)) return host;
  return static_cast<int>(world.random.below(static_cast<std::size_t>(world.host_count)));
}

// Some end by themselves or at the healing, others after a while.
void disturb_for_a_while(World& world) {
  const int host = master_or_any(world);
  const std::size_t which = disturb(world, host);
  if (world.random.one_in(3)) return;
  world.after(world.random.about(1ms, 60s), host, static_cast<Ticket>(which),
              [](World& w, int h, Ticket its) {
                note(w, h, "ends", all_disturbances()[its].word);
                all_disturbances()[its].end(w, h);
              });
}

// Several at once or after one another, on any host, in any state.
void storm(World& world) {
  if (world.random.one_in(2)) run_for(world, world.within(0ms, old_enough));
  for (std::size_t left = 1 + world.random.below(12); left > 0 && world.checks.broken.empty(); --left) {
    disturb_for_a_while(world);
    if (!world.random.one_in(3)) run_for(world, world.random.about(1ms, 60s));
  }
  run_for(world, world.random.about(1ms, 30s));
}

bool all_are_fit(const World& world) {
  for (int host = 0; host < world.host_count; ++host) {
    if (!fit(world.at(host).daemon.life)) return false;
  }
  return is_served(world);
}

// All is well, and then one thing is not, and stays so.
void single_fault(World& world) {
  run_for(world, world.random.one_in(2) ? old_enough : world.within(quiet_start, old_enough));
  if (!world.checks.broken.empty() || !all_are_fit(world)) return;
  world.checks.strict = true;
  const std::size_t which = disturb(world, master_or_any(world));
  const TimePoint since = world.now;
  const Duration limit = all_disturbances()[which].outage;
  run_for(world, limit);
  if (world.host_count == 1 || limit == 0s) return;
  check_served(world, fmt::format("{} s after one fault: {}", limit / 1s, all_disturbances()[which].word));
  if (!world.checks.broken.empty() || world.checks.served_since < since) return;
  Duration& longest = world.coverage->longest_outage[which];
  longest = std::max(longest, std::chrono::duration_cast<Duration>(world.checks.served_since - since));
}

void recover(World& world, std::uint64_t seed) {
  note(world, no_host, "all is mended");
  const TimePoint since = world.now;
  world.checks.strict = false;
  heal(world);
  check_world(world);
  run_for(world, recovery_limit);
  const std::string when = fmt::format("{} s after everything is mended", recovery_limit / 1s);
  check_served(world, when);
  check_nobody_is_stuck(world, when);
  if (!world.checks.broken.empty() || world.checks.served_since < since) return;
  const auto took = std::chrono::duration_cast<Duration>(world.checks.served_since - since);
  if (took <= world.coverage->longest_recovery) return;
  world.coverage->longest_recovery = took;
  world.coverage->slowest_seed = seed;
}

}  // namespace

std::string simulate(const Run& run, Coverage& coverage) {
  World world(run.seed);
  world.mutation = run.mutation;
  world.coverage = &coverage;
  world.traced = run.traced;
  ++coverage.runs;
  make_hosts(world);
  for (std::size_t rounds = 1 + world.random.below(4); rounds > 0 && world.checks.broken.empty(); --rounds) {
    if (world.random.one_in(2)) {
      storm(world);
    } else {
      single_fault(world);
    }
    if (world.checks.broken.empty()) recover(world, run.seed);
  }
  return world.checks.broken;
}

}  // namespace pizwg::simulation
